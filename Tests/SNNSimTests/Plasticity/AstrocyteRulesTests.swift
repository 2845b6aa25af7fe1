import Foundation
import SNNTestSupport
import Testing

/// Synapses that read astrocytes, as a user runs them.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct AstrocyteRulesTests {
  // MARK: Gliotransmission

  /// Neurons that add up what they receive, one for each train of `times`, through synapses of the rule with `fields`.
  private func releases(
    _ times: [[Double]], duration: Double, engine: String = "grid", fields: String = "", more: String = "", records: String = ""
  ) throws -> WholeRun {
    let spikes = times.enumerated().flatMap { train, times in times.map { (time: $0, id: train) } }.sorted { $0.time < $1.time }
    return try WholeRun(
      """
      { "format": "snnsim/1", "run": { "duration": \(duration) },
        "populations": {
          "n": { "model": "iaf_psc_delta", "size": \(times.count), "engine": "\(engine)",
                 "params": { "tau_m": 1e9, "E_L": 0, "V_th": 1e12, "V_reset": -1 } }\(more)
        },
        "inputs": { "s": { "type": "spikes", "size": \(times.count), "times": \(spikes.map(\.time)), "ids": \(spikes.map(\.id)) } },
        "projections": {
          "p": { "source": "s", "target": "n", "rule": { "type": "one_to_one" }, "delay": 1,
                 "plasticity": { "rule": "gliotransmission"\(fields) } }
        },
        "record": { "v": { "what": "V_m", "of": "n", "every": 1 }\(records) } }
      """)
  }

  /// What each spike of the train released: the steps of V_m, which leaks with a time constant of 10⁹ ms.
  private func steps(_ run: WholeRun, _ neuron: Int, _ times: [Double]) throws -> [Double] {
    let v = try run.trace("v", "V_m")
    var (before, last) = (0.0, 0.0)
    return times.map { time in
      // A spike at t arrives 1 ms later.
      let after = v.value(neuron, at: time + 1)
      defer { (before, last) = (after, time) }
      return after - before * exp(-(time - last) / 1e9)
    }
  }

  /// The equations in steps of 1/64 ms by the classical Runge-Kutta method, the spike by its own rule.
  private func smallSteps(_ times: [Double], u0: Double, gamma: (Double) -> Double = { _ in 0 }) -> [Double] {
    var (u, x, now) = (0.0, 1.0, 0.0)
    func advance(_ y: Double, _ h: Double, _ f: (Double) -> Double) -> Double {
      let k1 = f(y)
      let k2 = f(y + h / 2 * k1)
      let k3 = f(y + h / 2 * k2)
      return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + f(y + h * k3))
    }
    return times.map { time in
      let count = ((time - now) * 64).rounded(.up)
      let h = (time - now) / count
      for _ in 0..<Int(count) {
        u = advance(u, h) { -3.33e-3 * $0 }
        x = advance(x, h) { 2e-3 * (1 - $0) }
      }
      now = time
      u += (1 - gamma(time)) * u0 * (1 - u)
      let r = u * x
      x -= r
      return r
    }
  }

  @Test("What each spike releases is that of small steps of the equations to 1e-9", arguments: ["grid", "exact"])
  func smallSteps(_ engine: String) throws {
    let times = [3.0, 13, 14, 40, 41, 42, 43, 200, 600, 605, 999, 2500]
    let run = try releases([times], duration: 2600, engine: engine)
    let (ours, theirs) = (try steps(run, 0, times), smallSteps(times, u0: 0.6))
    for (a, b) in zip(ours, theirs) { #expect(abs(a - b) <= 1e-9 * b, "\(a) beside \(b)") }
  }

  /// r* of Stimberg et al.'s parameters under periodic drive, from the closed form.
  static let table: [(f: Double, rested: Double, held: Double)] = [
    (1, 0.5558, 0.0868), (5, 0.2978, 0.1211), (10, 0.1753, 0.1168), (20, 0.0942, 0.0823), (50, 0.0391, 0.0382),
  ]

  @Test("Under periodic drive the release is De Pitta's r* to 1e-3, with and without gliotransmitter on the receptors")
  func table() throws {
    let trains = Self.table.map { row in stride(from: 10.0, through: 12_000, by: 1000 / row.f).map { $0 } }
    for (u0, column) in [(0.6, Self.table.map(\.rested)), (0.0851, Self.table.map(\.held))] {
      let run = try releases(trains, duration: 12_100, fields: ", \"U_0_star\": \(u0)")
      for (train, expected) in column.enumerated() {
        let last = try steps(run, train, trains[train]).last!
        #expect(abs(last - expected) <= 1e-3 * expected + 5e-5, "\(Self.table[train].f) Hz: \(last)")
        let period = 1 / Self.table[train].f
        let u = u0 / (1 - (1 - u0) * exp(-3.33 * period))
        let x = (1 - exp(-2 * period)) / (1 - (1 - u) * exp(-2 * period))
        #expect(abs(last - u * x) <= 1e-9, "the closed form at \(Self.table[train].f) Hz")
      }
    }
  }

  @Test("A synapse follows the bound receptors of its own astrocyte as last sampled", arguments: ["grid", "exact"])
  func openLoop(_ engine: String) throws {
    let times = stride(from: 20.0, to: 4000, by: 37).map { $0 }
    let astrocytes = #"""
      , "A": { "model": "astrocyte_depitta_2018", "size": 2, "params": { "I_bias": [0, 1] } }
      """#
    let run = try releases(
      [times, times, times, times], duration: 4100, engine: engine, fields: #", "astrocytes": "A", "astrocyte_interval": 10"#,
      more: astrocytes, records: #", "g": { "what": "Gamma_S", "of": "A", "every": 10 }, "a": { "what": "spikes", "of": "A" }"#)
    let gamma = try run.trace("g", "Gamma_S")
    #expect(gamma.values[1].max()! > 0.8 && gamma.values[0].max()! == 0)
    #expect(try run.spikes("A").ids == [1])
    for neuron in 0..<4 {
      let expected = smallSteps(times, u0: 0.6) { time in
        let sample = (time / 10).rounded(.down) * 10
        return sample > 0 ? gamma.value(neuron / 2, at: sample) : 0
      }
      for (a, b) in zip(try steps(run, neuron, times), expected) { #expect(abs(a - b) <= 1e-9) }
    }
  }

  /// Protocol of figure 4A, reduced: mean release per spike against rate, for synapses without glia, with an astrocyte that
  /// outside IP3 drives (open loop), and with one that each synapse drives (closed loop). One release of 1.5 mM binds nearly all
  /// receptors of its astrocyte, so a closed loop is without effect only where spikes are rarer than the 120 s of gliotransmission.
  @Test("Without glia release falls with the rate; an open loop lowers and bends it; a closed loop goes from one to the other")
  func ioCurve() throws {
    let (rates, synapses) = ([0.002, 0.2, 1, 2, 5, 20, 60], 60)
    let count = rates.count * synapses
    let all = rates.flatMap { Array(repeating: $0, count: synapses) }
    let counter =
      #""model": "iaf_psc_delta", "size": \#(count), "#
      + #""params": { "tau_m": 1e9, "E_L": 0, "V_th": 1e12, "V_reset": -1 }"#
    func glia(_ target: String, _ fields: String, weight: Double = 1) -> String {
      #"""
      { "source": "s", "target": "\#(target)", "rule": { "type": "one_to_one" }, "weight": \#(weight), "delay": 1,
        "plasticity": { "rule": "gliotransmission"\#(fields) } }
      """#
    }
    let run = try WholeRun(
      """
      { "format": "snnsim/1", "run": { "duration": 90000, "resolution": 0.5, "seed": 3 },
        "populations": {
          "spikes": { \(counter) }, "none": { \(counter) }, "open": { \(counter) }, "closed": { \(counter) },
          "O": { "model": "astrocyte_depitta_2018", "size": 1, "params": { "I_bias": 1 } },
          "C": { "model": "astrocyte_depitta_2018", "size": \(count) }
        },
        "inputs": { "s": { "type": "poisson", "size": \(count), "rate": \(all) } },
        "projections": {
          "count": { "source": "s", "target": "spikes", "rule": { "type": "one_to_one" } },
          "none": \(glia("none", "")), "open": \(glia("open", ", \"astrocytes\": \"O\"")),
          "closed": \(glia("closed", ", \"astrocytes\": \"C\"")), "ecs": \(glia("C", ", \"astrocytes\": \"C\""))
        },
        "record": { \(["spikes", "none", "open", "closed"].map {
          "\"\($0)\": { \"what\": \"V_m\", \"of\": \"\($0)\", \"every\": 10000, \"from\": 15000 }" }.joined(separator: ", ")) } }
      """)
    func sums(_ name: String) throws -> [Double] {
      let v = try run.trace(name, "V_m").values
      return rates.indices.map { rate in
        (0..<synapses).reduce(0) { $0 + v[rate * synapses + $1].last! - v[rate * synapses + $1].first! }
      }
    }
    let spikes = try sums("spikes")
    func means(_ name: String) throws -> [Double] { zip(try sums(name), spikes).map { $0 / $1 } }
    let (none, open, closed) = (try means("none"), try means("open"), try means("closed"))
    #expect(zip(none, none.dropFirst()).allSatisfy { $0 > $1 }, "\(none)")
    for rate in rates.indices where rates[rate] < 5 { #expect(open[rate] < none[rate], "\(open) below \(none)") }
    let greatest = open.firstIndex(of: open.max()!)!
    #expect((1...5).contains(rates[greatest]), "\(open)")
    #expect(abs(closed[0] - none[0]) < 0.15 * none[0], "\(closed) beside \(none)")
    #expect(abs(closed.last! - open.last!) < 0.1 * open.last!, "\(closed) beside \(open)")
  }

  // MARK: Gated STDP

  /// A synapse whose neurons fire at given times, gated by an astrocyte with constant calcium or, without `calcium`, an oscillating
  /// one.
  private func gated(
    _ pre: [Double], _ post: [Double], calcium: Double?, duration: Double, engine: String = "grid", eta: Double = 0.01,
    rule: String = "", records: String = ""
  ) throws -> WholeRun {
    let frozen = #""rate_IP3R": 0, "rate_L": 0, "rate_SERCA": 0"#
    let astrocyte = calcium.map { #""params": { \#(frozen) }, "init": { "Ca_astro": \#($0) }"# }
    return try WholeRun(
      """
      { "format": "snnsim/1", "run": { "duration": \(duration) },
        "populations": {
          "n": { "model": "iaf_psc_delta", "size": 2, "engine": "\(engine)", "params": { "t_ref": 0.5 } },
          "A": { "model": "astrocyte_lr_1994", "size": 1,
                 \(astrocyte ?? #""params": { "IP3_0": 0.5 }, "init": { "Ca_astro": 0.15 }"#) }
        },
        "inputs": {
          "s": { "type": "spikes", "size": 1, "times": \(pre) },
          "force": { "type": "spikes", "target": "n", "times": \(post.map { $0 - 1 }), "weight": 100 }
        },
        "projections": {
          "p": { "source": "s", "target": "n", "rule": { "type": "all_to_all" }, "weight": 0.5, "delay": 1.5,
                 "plasticity": { "rule": "astrocyte_gated_stdp", "astrocytes": "A", "eta": \(eta), "w_max": 10\(rule) } }
        },
        "record": { "c": { "what": "Ca_astro", "of": "A", "every": 1 }\(records) } }
      """)
  }

  private static let (pairs, paired): ([Double], [Double]) = {
    let pre = stride(from: 20.0, to: 59_900, by: 200).map { $0 }
    return (pre, pre.map { $0 + 11.5 })
  }()

  @Test("Sixty seconds of pairs at resting calcium change a weight by less than 2 % of what they do at 0.5 uM")
  func gateCloses() throws {
    let weights = try [0.07, 0.5].map { calcium in
      try LearnedSynapses(gated(Self.pairs, Self.paired, calcium: calcium, duration: 60_000), "p").weights[0]
    }
    #expect(weights[1] - 0.5 > 0.1)
    #expect(abs(weights[0] - 0.5) < 0.02 * (weights[1] - 0.5), "\(weights)")
  }

  @Test("With the gate open a pair of +10 ms potentiates and one of -10 ms depresses")
  func signs() throws {
    for (shift, sign) in [(11.5, 1.0), (-8.5, -1.0)] {
      let run = try gated([500], [500 + shift], calcium: 0.5, duration: 5000)
      #expect(sign * (try LearnedSynapses(run, "p").weights[0] - 0.5) > 1e-4)
    }
  }

  /// Events one by one, post before pre where they meet, and between them w ← w + η M e τ_e (1 − e^(−Δ/τ_e)) for each sample.
  private func byHand(
    _ pre: [Double], _ post: [Double], until end: Double, calcium: (Double) -> Double, interval: Double, eta: Double = 0.01
  ) -> Double {
    var (w, e, xPre, xPost, now) = (0.5, 0.0, 0.0, 0.0, 0.0)
    func evolve(to time: Double) {
      while now < time {
        let next = min(time, ((now / interval).rounded(.down) + 1) * interval)
        let gate = 1 / (1 + exp(-(calcium((now / interval).rounded(.down) * interval) - 0.19669) / 0.02))
        let dt = next - now
        w += eta * gate * e * 1000 * (1 - exp(-dt / 1000))
        e *= exp(-dt / 1000)
        xPre *= exp(-dt / 20)
        xPost *= exp(-dt / 20)
        now = next
      }
    }
    // A postsynaptic spike reaches the synapse after the dendritic delay of 1.5 ms.
    var events = pre.map { (time: $0, isPre: true) } + post.map { (time: $0 + 1.5, isPre: false) }
    events.sort { $0.time == $1.time ? !$0.isPre && $1.isPre : $0.time < $1.time }
    for event in events where event.time <= end {
      evolve(to: event.time)
      if event.isPre {
        e -= 0.0105 * xPost
        xPre += 1
      } else {
        e += 0.01 * xPre
        xPost += 1
      }
    }
    evolve(to: end)
    return w
  }

  private static func train(_ seed: UInt64, _ count: Int, _ end: Double) -> [Double] {
    var draws = Draws(seed: seed)
    // Whole milliseconds, so that both engines and the reference agree on who comes first.
    return Set((0..<count).map { _ in draws.uniform(10, end).rounded() }).sorted()
  }

  @Test("A gate that is always open gives STDP with an eligibility trace, by hand to 1e-9", arguments: ["grid", "exact"])
  func alwaysOpen(_ engine: String) throws {
    let (pre, post) = (Self.train(3, 80, 3000), Self.train(4, 70, 3000))
    let run = try gated(
      pre, post, calcium: 2, duration: 3200, engine: engine, eta: 1e-3, records: #", "s": { "what": "spikes", "of": "n" }"#)
    #expect(try run.spikes("n").times.count == 2 * post.count)
    let expected = byHand(pre, post, until: 3200, calcium: { _ in 2 }, interval: 1, eta: 1e-3)
    for weight in try LearnedSynapses(run, "p").weights { #expect(abs(weight - expected) <= 1e-9) }
    #expect(expected > 0 && abs(expected - 0.5) > 1e-3)
  }

  @Test("An oscillating astrocyte opens and closes the gate, by hand to 1e-9 whenever one looks", arguments: ["grid", "exact"])
  func oscillating(_ engine: String) throws {
    let (pre, post) = (Self.train(5, 300, 14_900), Self.train(6, 300, 14_900))
    let run = try gated(
      pre, post, calcium: nil, duration: 15_003.3, engine: engine, rule: #", "astrocyte_interval": 5"#,
      records: #", "w": { "what": "weight", "of": "p", "every": 500 }"#)
    let calcium = try run.trace("c", "Ca_astro")
    #expect(calcium.values[0].min()! < 0.15 && calcium.values[0].max()! > 0.3)
    func level(_ time: Double) -> Double { time == 0 ? 0.15 : calcium.values[0][Int(time) - 1] }
    let w = try run.trace("w", "weight")
    for (row, time) in w.times.enumerated() {
      let expected = byHand(pre, post, until: time, calcium: level, interval: 5)
      #expect(abs(w.values[0][row] - expected) <= 1e-9, "\(time) ms")
    }
    let final = byHand(pre, post, until: 15_003.3, calcium: level, interval: 5)
    #expect(try abs(LearnedSynapses(run, "p").weights[0] - final) <= 1e-9)
  }

  /// 100 inputs, of which 50 fire together 40 times in a second; afterwards these and the others fire alike, at 40 Hz each. A
  /// silent second of an astrocyte is as good as none.
  private func selectivity(jump: Double) throws -> Double {
    var draws = Draws(seed: 21)
    var shown: [(time: Double, id: Int)] = []
    for id in 0..<50 {
      for volley in 0..<40 { shown.append((500 + 25 * Double(volley) + draws.uniform(0, 20).rounded() / 10, id)) }
      for time in draws.poissonTimes(rate: 0.04, until: 2000) {
        // The same trains for either half of the inputs.
        let moment = (10 * time).rounded() / 10
        shown += [(7000 + moment, id), (10_000 + moment, id + 50)]
      }
    }
    shown.sort { $0.time < $1.time }
    let run = try WholeRun(
      """
      { "format": "snnsim/1", "run": { "duration": 12500, "seed": 4 },
        "populations": {
          "n": { "model": "iaf_psc_delta", "size": 20, "params": { "I_e": { "dist": "uniform", "low": 0, "high": 100 } } },
          "A": { "model": "astrocyte_lr_1994", "size": 1, "params": { "delta_IP3": 1 } }
        },
        "inputs": {
          "s": { "type": "spikes", "size": 100, "times": \(shown.map(\.time)), "ids": \(shown.map(\.id)) },
          "event": { "type": "spikes", "target": "A", "times": [500], "weight": \(jump) }
        },
        "projections": {
          "p": { "source": "s", "target": "n", "rule": { "type": "all_to_all" }, "weight": 0.5, "delay": 1,
                 "plasticity": { "rule": "astrocyte_gated_stdp", "astrocytes": "A", "eta": 0.003, "w_max": 1.5, "until": 6000 } }
        },
        "record": { "spikes": { "what": "spikes", "of": "n" } } }
      """)
    let times = try run.spikes("n").times
    let (inside, outside) = (times.count { $0 > 7000 && $0 < 9000 }, times.count { $0 > 10_000 && $0 < 12_000 })
    #expect(outside > 40, "cells must fire a little for others too")
    return Double(inside - outside) / Double(inside + outside)
  }

  @Test("What is shown for a second with an astrocyte's calcium event is recalled with a selectivity of 0.5, without below 0.1")
  func oneShot() throws {
    let (with, without) = (try selectivity(jump: 0.9), try selectivity(jump: 0))
    #expect(with >= 0.5, "\(with)")
    #expect(abs(without) < 0.1, "\(without)")
  }

  @Test("1, 2, 3 and 8 threads give the same spikes and weights where rules read astrocytes")
  func sameness() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      """
      { "format": "snnsim/1", "run": { "duration": 400, "seed": 6 },
        "populations": {
          "E": { "model": "iaf_psc_exp", "size": 600, "params": { "I_e": 350 } }, "X": { "model": "iaf_psc_exp", "size": 300, "engine": "exact" },
          "A": { "model": "astrocyte_lr_1994", "size": 300, "params": { "delta_IP3": 0.05 },
                 "init": { "Ca_astro": { "dist": "uniform", "low": 0.1, "high": 0.4 }, "IP3": 0.6 } },
          "G": { "model": "astrocyte_depitta_2018", "size": 600, "init": { "Ca_astro": { "dist": "uniform", "low": 0.2, "high": 0.6 }, "IP3": 1 } }
        },
        "inputs": { "p": { "type": "poisson", "target": "E", "rate": 4000, "weight": 25 } },
        "projections": {
          "E": { "source": "E", "target": "X", "rule": { "type": "fixed_indegree", "k": 30 }, "weight": 40,
                 "delay": { "dist": "uniform", "low": 0.7, "high": 3 },
                 "plasticity": { "rule": "astrocyte_gated_stdp", "astrocytes": "A", "eta": 1, "w_max": 100 } },
          "EE": { "source": "E", "target": "E", "rule": { "type": "pairwise_bernoulli", "p": 0.05 }, "weight": 30, "delay": 1.1,
                  "plasticity": { "rule": "gliotransmission", "astrocytes": "G", "astrocyte_interval": 0.3 } },
          "EG": { "source": "E", "target": "G", "rule": { "type": "fixed_indegree", "k": 5 }, "weight": 0.2 },
          "EA": { "source": "E", "target": "A", "rule": { "type": "fixed_indegree", "k": 5 } }
        } }
      """, to: "net.json")
    let outcome = try SnnsimProcess.run(["verify", path, "--pauses", "5"], in: directory.path)
    #expect(outcome.code == 0, "\(outcome.stderr)\(outcome.stdout)")
  }
}
