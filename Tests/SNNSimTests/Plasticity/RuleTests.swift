import Foundation
import SNNSim
import SNNTestSupport
import Testing

/// Every rule against a brute-force sum over pairs of spikes, on both engines: weights sampled while no spike comes, and final.
///
/// 1e-9 relative is the promise. What remains is the rounding of products of exponentials: some 1e-15 for each spike.
@Suite struct RuleTests {
  /// How spikes travel: the value of "delay", its axonal part, and the lag at which a pre- and a postsynaptic spike meet.
  struct Way: Sendable, CustomTestStringConvertible {
    var delay: String
    var axonal = 0.0
    var lag: Double?
    var testDescription: String { delay }
  }
  static let ways = [
    Way(delay: "1.5", lag: 1.5),
    Way(delay: #"{ "axonal": 0.8, "dendritic": 0.3 }"#, axonal: 0.8, lag: -0.5),
    Way(delay: #"{ "axonal": 0, "dendritic": 12.3 }"#, lag: 12.3),
    Way(delay: #"{ "dist": "uniform", "low": 0.5, "high": 20 }"#),
  ]

  static let stdp = [
    #"{ "rule": "stdp", "lambda": 0.02, "w_max": 1 }"#,
    #"{ "rule": "stdp", "lambda": 0.02, "w_max": 1, "pairing": "nearest", "tau_plus": 16.8, "tau_minus": 33.7, "alpha": 0.8 }"#,
    #"{ "rule": "stdp", "dependence": "additive", "lambda": 0.03, "w_max": 1, "alpha": 1.05 }"#,
    #"{ "rule": "stdp", "dependence": "additive", "lambda": 0.1, "w_max": 0.8, "alpha": 0.9, "pairing": "nearest" }"#,
    #"{ "rule": "stdp", "lambda": 0.05, "mu_plus": 0.3, "mu_minus": 0.6, "w_max": 1.2 }"#,
    #"{ "rule": "stdp", "dependence": "power_law", "lambda": 0.02, "alpha": 0.7, "mu_plus": 0.4, "w_0": 0.5 }"#,
  ]

  @Test("Pair STDP is the sum over pairs", arguments: stdp, ["grid", "exact"])
  func pairs(_ rule: String, _ engine: String) throws {
    let p = try Parameters(rule)
    let (lambda, alpha) = (p["lambda", 0.01], p["alpha", 1])
    let (tauPlus, tauMinus) = (p["tau_plus", 20], p["tau_minus", 20])
    let (muPlus, muMinus) = (p["mu_plus", 1], p["mu_minus", 1])
    let (top, unit) = (p["w_max", 100], p["w_0", 1])
    let (dependence, nearest) = (p.word("dependence"), p.word("pairing") == "nearest")
    for way in Self.ways {
      let trial = PlasticTrial(rule, engine: engine, delay: way.delay, lag: way.lag)
      let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
        hand.weights(first, at: times) { w, moment in
          let k = moment.isPost ? moment.pre(tauPlus, nearest: nearest) : moment.post(tauMinus, nearest: nearest)
          switch (dependence, moment.isPost) {
          case ("additive", true): w = min(w + lambda * top * k, top)
          case ("additive", false): w = max(w - alpha * lambda * top * k, 0)
          case ("power_law", true): w += lambda * pow(unit, 1 - muPlus) * pow(w, muPlus) * k
          case ("power_law", false): w = max(w - lambda * alpha * w * k, 0)
          case (_, true): w = min(w + lambda * top * pow(1 - w / top, muPlus) * k, top)
          case (_, false): w = max(w - alpha * lambda * top * pow(w / top, muMinus) * k, 0)
          }
        }
      }
      #expect(worst < 1e-9, "\(way.delay)")
    }
  }

  @Test("The triplet rule is the sum over triplets", arguments: ["all_to_all", "nearest"], ["grid", "exact"])
  func triplets(_ pairing: String, _ engine: String) throws {
    let rule = """
      { "rule": "stdp_triplet", "pairing": "\(pairing)", "A2_plus": 4e-3, "A3_plus": 6e-3, "A2_minus": 7e-3, "A3_minus": 2e-3,
        "tau_x": 60, "w_max": 0.9 }
      """
    let nearest = pairing == "nearest"
    for way in Self.ways {
      let trial = PlasticTrial(rule, engine: engine, delay: way.delay, lag: way.lag)
      let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
        hand.weights(first, at: times) { w, moment in
          if moment.isPost {
            w += moment.pre(16.8, nearest: nearest) * (4e-3 + 6e-3 * moment.post(125, nearest: nearest))
          } else {
            w -= moment.post(33.7, nearest: nearest) * (7e-3 + 2e-3 * moment.pre(60, nearest: nearest))
          }
          w = min(max(w, 0), 0.9)
        }
      }
      #expect(worst < 1e-9, "\(way.delay)")
    }
  }

  @Test("Inhibitory plasticity changes magnitudes by sums over pairs", arguments: ["grid", "exact"])
  func inhibitory(_ engine: String) throws {
    for way in Self.ways {
      var trial = PlasticTrial(
        #"{ "rule": "vogels_sprekeler", "eta": 0.02, "alpha": 0.7, "w_max": 0.8 }"#, engine: engine, delay: way.delay,
        lag: way.lag)
      trial.weight = #"{ "dist": "uniform", "low": -0.7, "high": -0.3 }"#
      let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
        hand.weights(first, at: times) { w, moment in
          var strength = min(-w + 0.02 * (moment.isPost ? moment.pre(20) : moment.post(20)), 0.8)
          if !moment.isPost { strength = max(strength - 0.02 * 0.7, 0) }
          w = -strength
        }
      }
      #expect(worst < 1e-9, "\(way.delay)")
    }
  }

  @Test("Additive STDP between far bounds is one sum over all pairs", arguments: ["grid", "exact"])
  func additive(_ engine: String) throws {
    let rule = #"{ "rule": "stdp", "dependence": "additive", "lambda": 1e-6, "w_max": 1000, "alpha": 1.2, "tau_minus": 30 }"#
    let trial = PlasticTrial(rule, engine: engine, delay: "2.5", duration: 3000)
    let (pre, post) = (trial.pre.times, trial.post.times)
    let worst = try trial.worstError { _, synapse, first, times in
      times.map { time in
        var sum = 0.0
        for a in pre[synapse.pre] {
          for b in post[synapse.post] where max(a, b + 2.5) <= time + 1e-9 {
            let lag = b + 2.5 - a
            if abs(lag) < 1e-9 { continue }
            sum += lag > 0 ? exp(-lag / 20) : -1.2 * exp(lag / 30)
          }
        }
        return first + 1e-3 * sum
      }
    }
    #expect(worst < 1e-9)
  }
}

/// The parameters of a rule as written in a network file.
struct Parameters {
  private let values: [String: Any]
  init(_ text: String) throws {
    values = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
  subscript(name: String, standard: Double) -> Double { values[name] as? Double ?? standard }
  func word(_ name: String) -> String { values[name] as? String ?? "" }
}
