import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Mean drifts and fixed points of rules between independent Poisson trains, against closed forms.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct RuleStatisticsTests {
  /// Weights after `duration` ms of pairs of Poisson neurons, each pair with trains of its own.
  static func weights(
    _ rule: String, pairs: Int, pre: Double, post: Double, from first: Double, duration: Double
  ) throws -> [Double] {
    let run = try WholeRun(
      """
      {
        "format": "snnsim/1", "name": "drift", "run": { "duration": \(duration), "engine": "exact", "seed": 2 },
        "populations": { "post": { "model": "iaf_psc_delta", "size": \(pairs), "params": { "t_ref": 0, "V_th": 1e6 } } },
        "inputs": {
          "pre": { "type": "poisson", "size": \(pairs), "rate": \(pre) },
          "drive": { "type": "poisson", "target": "post", "rate": \(post), "weight": 1e9, "delay": 5 }
        },
        "projections": {
          "learn": { "source": "pre", "target": "post", "rule": { "type": "one_to_one" }, "weight": \(first), "delay": 5,
            "plasticity": \(rule) }
        },
        "record": { "r": { "what": "rate", "of": "post", "every": 1000 } }
      }
      """)
    return try NPZFile(path: run.output + "/weights/learn.npz").column("weight")
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test("Additive STDP drifts as r_pre r_post (A₊ τ₊ − A₋ τ₋) says")
  func additive() throws {
    let rule = """
      { "rule": "stdp", "dependence": "additive", "lambda": 1e-6, "w_max": 1000, "alpha": 0.6, "tau_plus": 17, "tau_minus": 34 }
      """
    let seconds = 100.0
    let changes = try Self.weights(rule, pairs: 1000, pre: 20, post: 15, from: 100, duration: seconds * 1000).map { $0 - 100 }
    let mean = Self.mean(changes)
    let deviation = (Self.mean(changes.map { ($0 - mean) * ($0 - mean) }) / Double(changes.count)).squareRoot()
    let expected = seconds * 20 * 15 * 1e-3 * (0.017 - 0.6 * 0.034)
    #expect(abs(mean - expected) < 3 * deviation)
    // The deviation must be small for this to mean anything.
    #expect(deviation < 0.05 * abs(expected))
  }

  @Test(
    "The minimal triplet rule has the sliding threshold of BCM",
    arguments: [(10.0, -0.0115), (17, nil), (21.5, nil), (30, 0.0403)])
  func threshold(_ rate: Double, _ tabled: Double?) throws {
    let rule = #"{ "rule": "stdp_triplet", "A2_plus": 0, "A3_plus": 6.5e-3, "A2_minus": 7.1e-3, "A3_minus": 0, "tau_y": 114 }"#
    let drift = Self.mean(
      try Self.weights(rule, pairs: 3000, pre: 10, post: rate, from: 50, duration: 100_000).map { ($0 - 50) / 100 })
    let expected = 10 * rate * (6.5e-3 * 0.0168 * 0.114 * rate - 7.1e-3 * 0.0337)
    #expect((drift < 0) == (rate < 19.2))
    if let tabled {
      #expect(abs(expected - tabled) < 5e-5)
      #expect(abs(drift / expected - 1) < 0.01)
    }
  }

  @Test("The power law comes to rest at w₀ (τ₊ / (α τ₋))^(1/(1 − μ))")
  func powerLaw() throws {
    let rule = #"{ "rule": "stdp", "dependence": "power_law", "lambda": 0.1, "alpha": 0.11, "mu_plus": 0.4 }"#
    let weights = try Self.weights(rule, pairs: 500, pre: 20, post: 20, from: 30, duration: 200_000)
    let expected = pow(1 / 0.11, 1 / 0.6)
    #expect(abs(expected - 39.6) < 0.05)
    #expect(abs(Self.mean(weights) / expected - 1) < 0.05)
  }
}
