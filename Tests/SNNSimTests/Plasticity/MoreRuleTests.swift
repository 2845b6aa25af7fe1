import Foundation
import SNNSim
import SNNTestSupport
import Testing

/// Rules with ticks and windows against loops written by hand.
@Suite struct MoreRuleTests {
  @Test("Soft Hebbian weights follow Nessler's rule spike by spike", arguments: ["grid", "exact"])
  func softHebbian(_ engine: String) throws {
    for way in RuleTests.ways {
      let trial = PlasticTrial(
        #"{ "rule": "soft_hebbian", "eta": 0.05, "c": 3, "sigma": 12, "w_max": 0.9 }"#, engine: engine, delay: way.delay,
        lag: way.lag)
      let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
        hand.weights(first, at: times) { w, moment in
          guard moment.isPost else { return }
          let seen = moment.pre(12, nearest: true) >= exp(-1) * (1 - 1e-9)
          w = min(max(w + 0.05 * ((seen ? 3 * exp(-w) : 0) - 1), 0), 0.9)
        }
      }
      #expect(worst < 1e-9, "\(way.delay)")
    }
  }

  @Test("SpiNNaker's additive rule is the sum over pairs in which coincident spikes depress", arguments: ["grid", "exact"])
  func spinnaker(_ engine: String) throws {
    for way in RuleTests.ways {
      let rule = #"{ "rule": "stdp_spinnaker", "tau_plus": 3, "tau_minus": 4, "A_plus": 0.3, "A_minus": 0.2, "w_max": 0.9 }"#
      let trial = PlasticTrial(rule, engine: engine, delay: way.delay, lag: way.lag)
      let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
        hand.weights(first, at: times) { w, moment in
          if moment.isPost {
            w = min(w + 0.3 * moment.pre(3), 0.9)
          } else {
            w = max(w - 0.2 * (moment.post(4) + Double(moment.postNow)), 0)
          }
        }
      }
      #expect(worst < 1e-9, "\(way.delay)")
    }
  }

  @Test(
    "Forward-forward potentiates below the goodness wanted of positive data, depresses above that of negative data",
    arguments: ["grid", "exact"])
  func forwardForward(_ engine: String) throws {
    for way in RuleTests.ways {
      for sign in [1.0, -1] {
        let rule = """
          { "rule": "hebbian_forward_forward", "modulator": "dopamine", "eta": \(sign * 0.05), "theta": 1.5, "k": 2, "tau_y": 80,
            "tau_n": 60, "w_max": 0.9 }
          """
        let trial = PlasticTrial(rule, engine: engine, delay: way.delay, lag: way.lag, dopamine: 1)
        let releases = trial.modulator.times[0].map { Int64((($0 + 1) * 1e9).rounded()) }
        var targets: Set<Double> = []
        let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
          hand.weights(first, at: times) { w, moment in
            guard moment.isPost else { return }
            let n = releases.filter { $0 < moment.time }.reduce(0) { $0 + exp(-Double(moment.time - $1) * 1e-9 / 60) }
            let target = n > 0.5 ? 1.0 : 0
            targets.insert(target)
            let p = 1 / (1 + exp(-2 * (moment.post(80) - 1.5)))
            w = min(max(w + sign * 0.05 * (target - p) * moment.pre(20), 0), 0.9)
          }
        }
        #expect(worst < 1e-9, "\(way.delay)")
        #expect(targets.count == 2)
      }
    }
  }

  @Test(
    "Scaling multiplies all weights of a neuron by the same factor, found from its spikes by hand", arguments: ["grid", "exact"])
  func scaling(_ engine: String) throws {
    var trial = PlasticTrial(
      #"{ "rule": "synaptic_scaling", "rate": 30, "eta": 0.002, "tau": 150, "interval": 100 }"#, engine: engine, delay: "1")
    trial.every = 50
    let outcome = try trial.run()
    for synapse in outcome.synapses {
      var expected = synapse.weights[0]
      for (k, time) in outcome.times.enumerated() {
        // A sample at the moment of a tick is taken before it.
        #expect(abs(synapse.weights[k] / expected - 1) < 1e-9)
        guard time.truncatingRemainder(dividingBy: 100) == 0 else { continue }
        let trace = trial.post.times[synapse.post].filter { $0 <= time }.reduce(0) { $0 + exp(-(time - $1) / 150) }
        expected *= 1 + 0.002 * (30 - 1000 * trace / 150)
      }
    }
    // Two synapses onto one neuron keep their ratio.
    let onto = outcome.synapses.filter { $0.post == 1 }
    #expect(abs(onto[0].final / onto[1].final / (onto[0].weights[0] / onto[1].weights[0]) - 1) < 1e-12)
    #expect(abs(onto[0].final / onto[0].weights[0] - 1) > 0.05)
  }

  @Test("Diehl & Cook's rule is a nearest-spike triplet rule, and its sums of weights stay fixed", arguments: ["grid", "exact"])
  func diehlCook(_ engine: String) throws {
    for way in RuleTests.ways {
      let rule = #"{ "rule": "stdp_diehl_cook", "eta_minus": 0.02, "eta_plus": 0.05, "w_max": 0.9, "interval": 5000 }"#
      let trial = PlasticTrial(rule, engine: engine, delay: way.delay, lag: way.lag)
      let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
        hand.weights(first, at: times) { w, moment in
          if moment.isPost {
            w = min(w + 0.05 * moment.pre(20, nearest: true) * moment.post(40, nearest: true), 0.9)
          } else {
            w = max(w - 0.02 * moment.post(20, nearest: true), 0)
          }
        }
      }
      #expect(worst < 1e-9, "\(way.delay)")
    }
    let scaled = try PlasticTrial(
      #"{ "rule": "stdp_diehl_cook", "eta_minus": 0.02, "eta_plus": 0.05, "w_max": 0.9, "norm": 2, "interval": 100 }"#,
      engine: engine, delay: "1", duration: 1201
    ).run()
    for post in 0..<3 {
      // 1 ms after the last scaling, which nothing has followed.
      let sum = scaled.synapses.filter { $0.post == post }.reduce(0) { $0 + $1.final }
      #expect(abs(sum - 2) < 1e-9)
    }
  }

  @Test("Learning stops at `until`, wherever the next spike lies", arguments: ["grid", "exact"])
  func until(_ engine: String) throws {
    let rule = #"{ "rule": "stdp", "lambda": 0.02, "w_max": 1"#
    let all = try PlasticTrial(rule + " }", engine: engine).run()
    let part = try PlasticTrial(rule + #", "until": 600 }"#, engine: engine).run()
    let stop = try #require(all.times.firstIndex(of: 600))
    for (a, b) in zip(all.synapses, part.synapses) {
      #expect(Array(a.weights[...stop]) == Array(b.weights[...stop]))
      #expect(b.weights[stop...].allSatisfy { $0 == a.weights[stop] } && b.final == a.weights[stop])
    }
    #expect(zip(all.synapses, part.synapses).contains { $0.final != $1.final })
  }

  @Test("First weights that a rule can't begin with are errors with the projection's place, not clipped")
  func firstWeights() throws {
    func message(_ weight: String, _ rule: String) -> String {
      var trial = PlasticTrial(rule)
      trial.weight = weight
      do { _ = try trial.run() } catch { return "\(error)" }
      return "none"
    }
    let rule = #"{ "rule": "stdp", "w_max": 0.6 }"#
    #expect(message("0.7", rule).contains("projections.learn.weight: 0.7 is beyond w_max (0.6) of stdp"))
    #expect(message(#"{ "dist": "uniform", "low": 0.3, "high": 0.7 }"#, rule).contains("beyond the bound of 0.6"))
    #expect(message(#"{ "dist": "uniform", "low": -0.3, "high": 0.3 }"#, rule).contains("both signs"))
    // Up to the bound, as single precision rounds it; and the power law has none.
    #expect(message("0.6", rule) == "none")
    #expect(message("150", #"{ "rule": "stdp", "dependence": "power_law", "w_max": 0.6 }"#) == "none")
  }
}
