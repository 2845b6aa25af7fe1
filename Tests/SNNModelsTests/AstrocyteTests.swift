import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport
import Testing

/// The Li-Rinzel astrocyte of NEST, against what NEST publishes, NEST itself, a solver, and reference numbers calculated from the
/// equations with that solver.
@Suite struct AstrocyteTests {
  typealias Astrocyte = AstrocyteLR1994

  /// The reference data of NEST's regression test of the model (testsuite, test_astrocyte), which it demands to 1e-6.
  static let published: [(time: Double, ip3: Double, ca: Double, h: Double)] = [
    (0.1, 0.9999882387, 1.0001871053, 0.9999799985), (9.0, 0.9989421396, 1.0165172228, 0.9981876756),
    (18.9, 0.9979797828, 1.0339494669, 0.9961667246), (99.9, 0.9885296425, 1.1506278581, 0.9787586243),
  ]

  /// One lane per value of IP3, which stays there.
  private func clamped(_ levels: [Double], seconds: Double, step: Double = 5) -> GridTrial<Astrocyte>.Outcome {
    let models = levels.map { level in
      var model = Astrocyte()
      model.ip3Rest = level
      return model
    }
    var trial = GridTrial(models, step: step, steps: Int(seconds * 1000 / step))
    return trial.run()
  }

  @Test("IP3, calcium and h follow NEST's published regression data to 1e-6, with a spike at 10 ms")
  func publishedTrace() {
    var trial = GridTrial([Astrocyte()], step: 0.1, steps: 1000)
    for name in ["IP3", "Ca_astro", "h_IP3R"] { trial.set(name, lane: 0, to: 1) }
    trial.addSpike(atEndOf: 99, weight: 1)
    let outcome = trial.run()
    for row in Self.published {
      let step = Int((row.time / 0.1).rounded()) - 1
      for (name, value) in [("IP3", row.ip3), ("Ca_astro", row.ca), ("h_IP3R", row.h)] {
        #expect(abs(outcome.trace(name)[step] - value) <= 1e-6 * value, "\(name) at \(row.time) ms")
      }
    }
  }

  @Test("Traces are NEST 3.10's to 1e-6, a transient by spikes and injected calcium included")
  func nest() throws { try compare("nest", relative: 1e-6) }

  /// RK4 in steps of 0.5 ms with rates of at most 0.05/ms: (0.025)⁵/120 per step, 3 · 10⁻¹⁰ of the change of a spike's length.
  @Test("Thirty seconds of oscillation, and of spikes, agree with SciPy's DOP853 to 1e-8")
  func solver() throws { try compare("scipy", relative: 1e-8) }

  private func compare(_ program: String, relative: Double) throws {
    let reference = try ReferenceTraces("astrocyte_lr_1994", from: program)
    let outcome = reference.run(Astrocyte.self)
    #expect(outcome.spikes.isEmpty)
    for (lane, experiment) in reference.protocols.enumerated() {
      for (name, trace) in experiment.traces {
        let values = outcome.trace(name, lane)
        let worst = trace.values.enumerated().map { abs(values[($0 + 1) * trace.every - 1] / $1 - 1) }.max()!
        #expect(worst <= relative, "\(experiment.name), \(name)")
      }
    }
  }

  @Test("At rest calcium stands at 0.07222 uM and h at 0.79242, the fixed point of the equations")
  func fixedPoint() {
    let outcome = clamped([0.16], seconds: 300)
    #expect(abs(outcome.trace("Ca_astro").last! - 0.07222) < 1e-4 * 0.07222 + 5e-6)
    #expect(abs(outcome.trace("h_IP3R").last! - 0.79242) < 1e-4 * 0.79242 + 5e-6)
  }

  /// Calculated with an independent solver: least and greatest calcium after 300 s, and the period (s).
  @Test("Calcium oscillates for IP3 between 0.36 and 0.69 uM only, with the periods of an independent solver")
  func bifurcation() {
    let columns: [(ip3: Double, low: Double, high: Double, period: Double?)] = [
      (0.16, 0.0722, 0.0722, nil), (0.30, 0.1231, 0.1231, nil), (0.35, 0.1527, 0.1529, nil), (0.40, 0.1050, 0.3130, 12.77),
      (0.45, 0.1035, 0.3926, 12.02), (0.50, 0.1077, 0.4446, 11.49), (0.60, 0.1357, 0.5000, 10.96), (0.70, 0.3515, 0.3515, nil),
      (1.00, 0.4527, 0.4527, nil), (1.50, 0.5525, 0.5525, nil),
    ]
    let step = 5.0
    for group in [columns[0..<8], columns[8..<10]] {
      let outcome = clamped(group.map(\.ip3), seconds: 400, step: step)
      for (lane, column) in group.enumerated() {
        let tail = Array(outcome.trace("Ca_astro", lane).suffix(Int(100_000 / step)))
        let (low, high) = (tail.min()!, tail.max()!)
        #expect(abs(low - column.low) < 3e-4 && abs(high - column.high) < 3e-4, "IP3 \(column.ip3): \(low) to \(high)")
        guard let period = column.period else { continue }
        let middle = 0.5 * (low + high)
        let upward = tail.indices.dropFirst().filter { tail[$0 - 1] < middle && tail[$0] >= middle }
        let found = Double(upward.last! - upward.first!) / Double(upward.count - 1) * step / 1000
        #expect(abs(found - period) < 0.02 * period, "IP3 \(column.ip3): \(found) s")
      }
    }
  }

  /// Fixed points of the equations and the real parts of the eigenvalues of their derivative there, calculated by an independent
  /// program. They cross zero at 0.3545 and 0.6369 uM: within, oscillations grow; between 0.6369 and 0.69 they fade, over minutes
  /// at first.
  @Test("Small oscillations grow between 0.3545 and 0.6369 uM of IP3 and fade outside, as eigenvalues of the equations say")
  func growth() {
    let columns: [(ip3: Double, ca: Double, perSecond: Double)] = [
      (0.345, 0.14960042421, -0.0394520), (0.349, 0.15213988547, -0.0220881), (0.36, 0.15923250625, 0.0196882),
      (0.365, 0.16250097077, 0.0359207), (0.62, 0.31520792746, 0.0126699), (0.63, 0.32003269506, 0.0051197),
      (0.65, 0.32943068480, -0.0095790), (0.66, 0.33400761233, -0.0167176),
    ]
    let models = columns.map { column in
      var model = Astrocyte()
      model.ip3Rest = column.ip3
      return model
    }
    let step = 5.0
    var trial = GridTrial(models, step: step, steps: Int(175_000 / step))
    for (lane, column) in columns.enumerated() {
      let q = 1.049 * (column.ip3 + 0.13) / (column.ip3 + 0.9434)
      trial.set("Ca_astro", lane: lane, to: column.ca + 1e-5)
      trial.set("h_IP3R", lane: lane, to: q / (q + column.ca))
    }
    let outcome = trial.run()
    for (lane, column) in columns.enumerated() {
      let trace = outcome.trace("Ca_astro", lane)
      // Both windows hold two periods of 10 to 13 s, whose phase matters by some 5 % of the amplitude.
      func amplitude(from second: Double) -> Double {
        let window = trace[Int(second * 1000 / step)..<Int((second + 25) * 1000 / step)]
        return window.max()! - window.min()!
      }
      let found = log(amplitude(from: 150) / amplitude(from: 50)) / 100
      #expect(abs(found - column.perSecond) < 1e-3, "IP3 \(column.ip3): \(found)/s")
    }
  }

  /// The logarithm of 1000 (Ca − SIC_th), SIC_th = 0.19669.
  @Test("The slow inward current is 5.7148 at 0.5 uM, 5.9997 at 0.6 uM and none below 0.19769 uM")
  func slowCurrent() {
    for (ca, sic) in [(0.5, 5.7148), (0.6, 5.9997), (0.1976, 0), (0.073, 0)] {
      var model = Astrocyte()
      (model.rateIP3R, model.rateL, model.rateSERCA) = (0, 0, 0)
      var trial = GridTrial([model], step: 0.1, steps: 2)
      trial.set("Ca_astro", lane: 0, to: ca)
      #expect(abs(trial.run().trace("SIC")[1] - sic) < 5e-5)
    }
  }

  @Test("The same seconds at 0.1, 1 and 5 ms differ by less than 1e-6")
  func resolution() {
    let fine = clamped([0.5], seconds: 4, step: 0.1).trace("Ca_astro")
    for step in [1.0, 5] {
      let coarse = clamped([0.5], seconds: 4, step: step).trace("Ca_astro")
      let every = Int((step / 0.1).rounded())
      let worst = coarse.indices.map { abs(coarse[$0] - fine[($0 + 1) * every - 1]) }.max()!
      #expect(worst < 1e-6)
    }
  }
}

/// The astrocyte of Stimberg et al. that releases gliotransmitter.
@Suite struct GliotransmittingAstrocyteTests {
  typealias Astrocyte = AstrocyteDePitta2018

  @Test("Twenty seconds in open loop and under spikes agree with SciPy's DOP853 to 1e-6, releases at the same steps")
  func solver() throws {
    let reference = try ReferenceTraces("astrocyte_depitta_2018", from: "scipy")
    let outcome = reference.run(Astrocyte.self)
    for (lane, experiment) in reference.protocols.enumerated() {
      #expect(outcome.spikeSteps(lane) == experiment.spikeSteps(resolution: reference.resolution), "\(experiment.name)")
      for (name, trace) in experiment.traces {
        let scale = trace.values.map(abs).max()!
        #expect(experiment.greatestError(name, outcome, lane: lane) <= 1e-6 * scale, "\(experiment.name), \(name)")
      }
    }
  }

  /// Ω_e = 60/s, O_G = 1.5/(µM s): ∫ O_G G_A dt = 1.5 · 78/60, and Γ = 1 − e^(−1.95) without decay.
  @Test("The first release makes 78 uM of gliotransmitter, whose integral of 1.95 takes Gamma_S to 0.858")
  func firstRelease() {
    var model = Astrocyte()
    (model.omegaG, model.iBias) = (0, 1)
    var trial = GridTrial([model], step: 0.1, steps: 20_000)
    trial.set("Ca_astro", lane: 0, to: 0.4)
    trial.set("IP3", lane: 0, to: 0.9)
    let outcome = trial.run()
    let release = outcome.spikeSteps()[0]
    let gliotransmitter = outcome.trace("G_A")
    #expect(abs(gliotransmitter[release] - 78) < 1e-9 && gliotransmitter[release - 1] == 0)
    let integral = gliotransmitter[release..<release + 5000].reduce(0, +) * 0.1 * model.oG
    // A sum of left ends over an exponential: half a step of 16.7 ms too much.
    #expect(abs(integral - 1.95 * (1 + 0.05 / 16.67)) < 1e-3)
    #expect(abs(outcome.trace("Gamma_S")[release + 5000] - (1 - exp(-1.95))) < 1e-6)
    #expect(outcome.spikeSteps().count == 1, "above the threshold nothing is released again")
  }
}
