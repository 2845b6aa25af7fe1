import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport
import Testing

/// Solutions known on paper.
@Suite struct ClosedFormTests {
  /// V(t) = E_L + (τ_m/C_m) I (1 − e^(−t/τ_m)); rounding over 1,000 steps stays below 1e-11 mV.
  @Test("A constant current charges the membrane along the analytic curve", arguments: [0.1, 0.25, 1.0])
  func charges(_ h: Double) {
    func check<Model: ClockedNeuron>(_: Model.Type) {
      var trial = GridTrial([Model()], step: h, steps: 1000)
      trial.addCurrent(in: 0..<1000, 350)
      let trace = trial.run().trace("V_m")
      for (k, v) in trace.enumerated() {
        let t = Double(k + 1) * h
        #expect(abs(v - (-70 + 10.0 / 250 * 350 * (1 - exp(-t / 10)))) < 1e-11)
      }
    }
    check(IafPscDelta.self)
    check(IafPscExp.self)
    check(IafPscAlpha.self)
  }

  /// The closed form divides by (1/τ_m − 1/τ_s); with 10 and 2 ms it keeps all but one digit.
  @Test("One exponential current gives the difference of two exponentials")
  func exponentialPSP() {
    let (tauM, tauS, cM, w) = (10.0, 2.0, 250.0, 100.0)
    var trial = GridTrial([IafPscExp()], step: 0.1, steps: 600)
    trial.addSpike(atEndOf: 99, weight: w)
    let trace = trial.run().trace("V_m")
    for (k, v) in trace.enumerated() {
      let t = Double(k - 99) * 0.1
      let expected = t <= 0 ? 0 : w / cM * (exp(-t / tauM) - exp(-t / tauS)) / (1 / tauS - 1 / tauM)
      #expect(abs(v + 70 - expected) < 1e-12 * 70)
    }
  }

  @Test("One alpha current peaks at its weight after tau_syn and gives the analytic potential")
  func alphaPSP() {
    let (tauM, tauS, cM, w) = (10.0, 2.0, 250.0, 100.0)
    var trial = GridTrial([IafPscAlpha()], step: 0.1, steps: 600)
    trial.addSpike(atEndOf: 99, weight: w)
    let outcome = trial.run()
    let current = outcome.trace("I_syn_ex")
    #expect(abs(current[99 + 20] - w) < 1e-11)
    #expect(current.max() == current[99 + 20])
    let z = 1 / tauS - 1 / tauM
    for (k, v) in outcome.trace("V_m").enumerated() {
      let t = Double(k - 99) * 0.1
      let rise = (exp(-t / tauM) - exp(-t / tauS)) / z - t * exp(-t / tauS)
      let expected = t <= 0 ? 0 : w * M_E / tauS / cM * rise / z
      #expect(abs(v + 70 - expected) < 1e-12 * 70)
    }
  }

  /// At τ_s = τ_m: V(t) = (w/C_m) t e^(−t/τ) for exponential and (w e/(τ C_m)) t²/2 e^(−t/τ) for alpha currents. At a distance ε
  /// of the time constants the exact potential differs by a relative ε of that, so both sides of the singularity must agree.
  @Test("Equal and almost equal time constants give the limit", arguments: [0, 1e-15, -1e-12, 1e-9, -1e-8, 1e-7])
  func singularity(_ distance: Double) {
    let (tau, cM, w) = (10.0, 250.0, 100.0)
    var exponential = IafPscExp()
    var alpha = IafPscAlpha()
    exponential.tauSynEx = tau * (1 + distance)
    alpha.tauSynEx = tau * (1 + distance)
    var first = GridTrial([exponential], step: 0.1, steps: 600)
    var second = GridTrial([alpha], step: 0.1, steps: 600)
    first.addSpike(atEndOf: 0, weight: w)
    second.addSpike(atEndOf: 0, weight: w)
    for (k, (a, b)) in zip(first.run().trace("V_m"), second.run().trace("V_m")).enumerated() {
      let t = Double(k) * 0.1
      // The bound: rounding of 70 mV over τ/h steps, and the true difference, at most ε times a few times the peak.
      let bound = 1e-11 + 20 * abs(distance)
      #expect(abs(a + 70 - w / cM * t * exp(-t / tau)) < bound)
      #expect(abs(b + 70 - w * M_E / tau / cM * t * t / 2 * exp(-t / tau)) < bound)
    }
  }

  /// Constants whose products of exponentials would leave the range of a Double if formed in the wrong order.
  @Test("Extreme ratios of time constants stay finite and right")
  func extremes() {
    var model = IafPscAlpha()
    model.tauM = 1e-4
    model.tauSynEx = 5
    var trial = GridTrial([model], step: 0.1, steps: 100)
    trial.addSpike(atEndOf: 0, weight: 100)
    let outcome = trial.run()
    // The membrane follows the current: V − E_L = (τ_m/C_m) I, late by τ_m.
    for (v, i) in zip(outcome.trace("V_m"), outcome.trace("I_syn_ex")) { #expect(abs(v + 70 - 1e-4 / 250 * i) < 1e-8) }
  }

  @Test("The refractory period is rounded up to whole steps as in NEST", arguments: [(0.0, 1), (0.04, 2), (0.25, 4), (2.0, 21)])
  func refractorySteps(_ period: Double, _ interval: Int) {
    // NEST 3.10: iaf_psc_delta with a drive that crosses threshold in every free step.
    var model = IafPscDelta()
    model.tRef = period
    model.iE = 1e5
    model.vTh = -69
    var trial = GridTrial([model], step: 0.1, steps: 200)
    let steps = trial.run().spikeSteps()
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $1 - $0 == interval })
    #expect(steps.count == (200 + interval - 1) / interval)
  }
}
