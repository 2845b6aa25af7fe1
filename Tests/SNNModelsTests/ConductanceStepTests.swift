import Foundation
import SNNDynamics
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNModels

/// One exponential step against the power series of the exact engine (``MembraneSeries``), which shares nothing with it and is
/// right to 1e-14 mV (its own tests hold it to DOP853).
@Suite struct ConductanceStepTests {
  /// Steps, time constants and conductances over several decades: substeps by the dozen included. Measured: 3.4e-6 mV.
  @Test("One step agrees with the series, whatever the conductances and time constants")
  func anyStep() {
    var random = RandomStream(seed: 11, purpose: .parameter, entity: 1).sequence()
    var (worstExp, worstAlpha) = (0.0, 0.0)
    for trial in 0..<300 {
      func decades(_ low: Double, _ high: Double) -> Double { low * pow(high / low, random()) }
      let h = [0.01, 0.1, 0.5, 1][trial % 4]
      let (tauEx, tauIn) = (decades(0.2, 20), decades(0.2, 20))
      let strength = decades(0.1, 2000)
      let (gEx, gIn) = (strength * random(), strength * random())
      let (dEx, dIn) = (strength * random() / tauEx, strength * random() / tauIn)
      let v = -80 + 30 * random()
      worstExp = max(worstExp, expError(h, tauEx, tauIn, v, gEx, gIn))
      worstAlpha = max(worstAlpha, alphaError(h, tauEx, tauIn, v, (gEx, gIn), (dEx, dIn)))
    }
    #expect(worstExp < 5e-6)
    #expect(worstAlpha < 5e-6)
  }

  /// Without the control of the step. A = 0.1 in 0.1 ms and τ from 1 to 4 ms. Measured: 27.5 and 28.4; terms of sixth order
  /// make up the rest.
  @Test("Half the step errs by 1/32: the scheme is of fourth order")
  func order() {
    func all(_ x: Double) -> Lanes { Lanes(repeating: x) }
    var random = RandomStream(seed: 12, purpose: .parameter, entity: 1).sequence()
    var (exponential, alpha) = ([0.1: 0.0, 0.05: 0], [0.1: 0.0, 0.05: 0])
    for _ in 0..<100 {
      let (tauEx, tauIn) = (1 + random(), 2 + 2 * random())
      let (gEx, gIn) = (100 + 100 * random(), 100 + 100 * random())
      let (dEx, dIn) = (50 * random(), 50 * random())
      for h in [0.1, 0.05] {
        var one = IafCondExp()
        (one.tauSynEx, one.tauSynIn) = (tauEx, tauIn)
        let p = one.propagator(step: h)
        let a = p.a(all(gEx), all(gIn))
        let v = p.evolved(all(-70), all(gEx), all(gIn), p.drive, a: a)[0]
        exponential[h]! += abs(v - series(one, h, -70, gEx, gIn))
        var other = IafCondAlpha()
        (other.tauSynEx, other.tauSynIn) = (tauEx, tauIn)
        let q = other.propagator(step: h)
        var state = other.initialState()
        (state.gEx, state.gIn, state.dEx, state.dIn) = (all(gEx), all(gIn), all(dEx), all(dIn))
        let w = q.evolved(state, q.drive, a: q.a(state, rise: q.rise(state)))[0]
        alpha[h]! += abs(w - series(other, h, -70, (gEx, gIn), (dEx, dIn)))
      }
    }
    #expect((25...36).contains(exponential[0.1]! / exponential[0.05]!))
    #expect((25...36).contains(alpha[0.1]! / alpha[0.05]!))
  }

  @Test("The polynomial for (1 − e^−A)/A errs by 1.3e-8 over its range")
  func phi() {
    for i in 1...1000 {
      let a = ConductanceMembrane.rangeLimit * Double(i) / 1000
      #expect(abs(ConductanceMembrane.phi(Lanes(repeating: a))[0] - -expm1(-a) / a) < 1.3e-8)
    }
  }

  private func expError(
    _ h: Double, _ tauEx: Double, _ tauIn: Double, _ v: Double, _ gEx: Double, _ gIn: Double
  ) -> Double {
    var model = IafCondExp()
    (model.tauSynEx, model.tauSynIn, model.vTh) = (tauEx, tauIn, 1000)
    var trial = GridTrial([model], step: h, steps: 1)
    for (name, value) in [("V_m", v), ("g_ex", gEx), ("g_in", gIn)] { trial.set(name, lane: 0, to: value) }
    return abs(trial.run().trace("V_m")[0] - series(model, h, v, gEx, gIn))
  }

  private func alphaError(
    _ h: Double, _ tauEx: Double, _ tauIn: Double, _ v: Double, _ g: (Double, Double), _ d: (Double, Double)
  ) -> Double {
    var model = IafCondAlpha()
    (model.tauSynEx, model.tauSynIn, model.vTh) = (tauEx, tauIn, 1000)
    var trial = GridTrial([model], step: h, steps: 1)
    for (name, value) in [("V_m", v), ("g_ex", g.0), ("g_in", g.1)] { trial.set(name, lane: 0, to: value) }
    (trial.state.dEx[0], trial.state.dIn[0]) = d
    return abs(trial.run().trace("V_m")[0] - series(model, h, v, g, d))
  }

  private func series(_ model: IafCondExp, _ h: Double, _ v: Double, _ gEx: Double, _ gIn: Double) -> Double {
    var state = model.initialEventState()
    (state.v, state.gEx, state.gIn) = (v, gEx, gIn)
    IafCondExp.flow(&state, model.eventConstants(), current: 0, dt: h, held: false)
    return state.v
  }

  private func series(
    _ model: IafCondAlpha, _ h: Double, _ v: Double, _ g: (Double, Double), _ d: (Double, Double)
  ) -> Double {
    var state = model.initialEventState()
    (state.v, state.gEx, state.gIn, state.dEx, state.dIn) = (v, g.0, g.1, d.0, d.1)
    IafCondAlpha.flow(&state, model.eventConstants(), current: 0, dt: h, held: false)
    return state.v
  }
}
