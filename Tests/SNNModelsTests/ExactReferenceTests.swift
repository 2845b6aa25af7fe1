import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport
import Testing

/// The exact engine's models against numbers found by others.
@Suite struct ExactReferenceTests {
  // Spikes stand on the picosecond grid (half a picosecond is 5e-10 ms) and go on from there; the solver's own error at
  // rtol 1e-13 is of the same size where the membrane crosses threshold slowly.
  static let solverTolerance = 1e-8

  @Test("The fixtures hold cases of every model", arguments: ["iaf_psc_delta", "iaf_psc_exp", "iaf_psc_alpha"])
  func fixturesAreThere(_ model: String) {
    #expect(ExactCase.cases("nest-precise", of: model).count >= 2)
    #expect(ExactCase.cases("solver", of: model).count >= 1)
  }

  @Test(
    "Spike times agree with NEST's iaf_psc_delta_ps to 1e-6 ms", arguments: ExactCase.cases("nest-precise", of: "iaf_psc_delta"))
  func deltaAgreesWithNEST(_ c: ExactCase) throws { try expectAgreement(c, IafPscDelta.self, 1e-6) }

  @Test("Spike times agree with NEST's iaf_psc_exp_ps to 1e-6 ms", arguments: ExactCase.cases("nest-precise", of: "iaf_psc_exp"))
  func expAgreesWithNEST(_ c: ExactCase) throws { try expectAgreement(c, IafPscExp.self, 1e-6) }

  @Test(
    "Spike times agree with NEST's iaf_psc_alpha_ps to 1e-6 ms", arguments: ExactCase.cases("nest-precise", of: "iaf_psc_alpha")
  )
  func alphaAgreesWithNEST(_ c: ExactCase) throws { try expectAgreement(c, IafPscAlpha.self, 1e-6) }

  @Test("Spike times of iaf_psc_delta agree with DOP853", arguments: ExactCase.cases("solver", of: "iaf_psc_delta"))
  func deltaAgreesWithSolver(_ c: ExactCase) throws { try expectAgreement(c, IafPscDelta.self, Self.solverTolerance) }

  @Test("Spike times of iaf_psc_exp agree with DOP853", arguments: ExactCase.cases("solver", of: "iaf_psc_exp"))
  func expAgreesWithSolver(_ c: ExactCase) throws { try expectAgreement(c, IafPscExp.self, Self.solverTolerance) }

  @Test("Spike times of iaf_psc_alpha agree with DOP853", arguments: ExactCase.cases("solver", of: "iaf_psc_alpha"))
  func alphaAgreesWithSolver(_ c: ExactCase) throws { try expectAgreement(c, IafPscAlpha.self, Self.solverTolerance) }

  @Test("Spike times of iaf_cond_exp agree with DOP853", arguments: ExactCase.cases("solver", of: "iaf_cond_exp"))
  func condExpAgreesWithSolver(_ c: ExactCase) throws { try expectAgreement(c, IafCondExp.self, Self.solverTolerance) }

  @Test("Spike times of iaf_cond_alpha agree with DOP853", arguments: ExactCase.cases("solver", of: "iaf_cond_alpha"))
  func condAlphaAgreesWithSolver(_ c: ExactCase) throws { try expectAgreement(c, IafCondAlpha.self, Self.solverTolerance) }

  func expectAgreement<M: EventDrivenNeuron>(_ c: ExactCase, _ type: M.Type, _ tolerance: Double) throws {
    let error = try #require(c.error(of: type), "another number of spikes than \(c.spikes.count)")
    #expect(c.spikes.count > 4)
    #expect(error < tolerance)
  }
}
