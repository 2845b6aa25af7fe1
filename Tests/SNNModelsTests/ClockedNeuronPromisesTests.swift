import SNNDynamics
import SNNModels
import SNNSignals
import SNNTestSupport
import Testing

@Suite struct ClockedNeuronPromisesTests {
  @Test(
    "Every grid model keeps the promises of a clocked neuron",
    arguments: [
      IafPscDelta.self, IafPscExp.self, IafPscAlpha.self, IafCondExp.self, IafCondAlpha.self, AeifCondExp.self,
      AeifPscDeltaClopath.self, AeifCondAlphaAstro.self, Izhikevich.self, ParrotNeuron.self, AstrocyteLR1994.self,
      AstrocyteDePitta2018.self,
    ] as [any ClockedNeuron.Type])
  func conforms(_ model: any ClockedNeuron.Type) {
    #expect(checkClockedNeuron(model) == [])
  }
}

extension ClockedNeuronPromisesTests {
  @Test("The check finds a neuron that looks at its neighbours, and a parameter outside its bound")
  func findsBrokenPromises() {
    let broken = checkClockedNeuron(LeakyWall.self)
    #expect(broken.contains("the default of tau_m (-10.0) breaks its bound"))
    #expect((0..<8).contains { broken.contains("lane \($0) depends on its neighbours") })
  }
}

/// A neuron that breaks two promises: charge seeps from lane to lane.
private struct LeakyWall: ClockedNeuron {
  static let name = "leaky_wall"
  static let summary = "Broken on purpose."
  static let equations = "V += weight + mean of the neighbours"
  static let source = "none"
  static let weightKind = WeightKind.potential
  static let parameters: [Parameter<Self>] = [Parameter("tau_m", \.tauM, .ms, "negative", .positive)]
  static let stateVariables = [StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential")]
  var tauM = -10.0
  struct State: BitwiseCopyable, Sendable { var v: Lanes }
  struct Propagator: BitwiseCopyable, Sendable { var vTh: Lanes }
  var refractoryPeriod: Double { 0 }
  func initialState() -> State { State(v: Lanes()) }
  func propagator(step: Double) -> Propagator { Propagator(vTh: Lanes(repeating: 5)) }
  static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    s.v += input.excitatory + s.v.sum() * 0.01
    let fired = s.v .>= p.vTh
    s.v.replace(with: 0, where: fired)
    return fired
  }
}
