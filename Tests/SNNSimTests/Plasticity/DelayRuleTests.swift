import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Delays that are learned, as files and results show them.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct DelayRuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var fields: String
    var rule: DelaysByHand.Rule
    var testDescription: String { fields }
  }
  static let cases = [
    Case(
      fields: #""rule": "delay_shift", "eta": 0.2, "sigma": 5, "s_0": 0.7, "W": 18"#,
      rule: .shift(eta: 0.2, sigma: 5, s0: 0.7, window: 18, keepsMean: false)),
    Case(
      fields: #""rule": "delay_shift", "eta": 0.3, "W": 25, "common_mode": "keep""#,
      rule: .shift(eta: 0.3, sigma: 4, s0: 1, window: 25, keepsMean: true)),
    Case(
      fields: #""rule": "delay_stdp", "B_plus": 0.12, "B_minus": 0.2, "sigma_plus": 6, "sigma_minus": 9"#,
      rule: .stdp(plus: 0.12, minus: 0.2, sigmaPlus: 6, sigmaMinus: 9, floor: 0)),
    Case(
      fields: #""rule": "delay_stdp", "B_plus": 0.3, "B_minus": 0.2, "sigma_plus": 6, "sigma_minus": 9, "guard": 1.1"#,
      rule: .stdp(plus: 0.3, minus: 0.2, sigmaPlus: 6, sigmaMinus: 9, floor: 1.1)),
  ]

  @Test("Delays are those of a loop over all events on random trains, to 1e-9", arguments: cases, ["grid", "exact"])
  func bruteForce(_ one: Case, _ engine: String) throws {
    let trial = try DelayTrial("{ \(one.fields), \"delay_min\": 0.7, \"delay_max\": 16 }", engine: engine)
    for neuron in 0..<DelayTrial.neurons {
      let first = trial.delays(onto: neuron)
      var byHand = DelaysByHand(one.rule, tick: 1 / trial.ticksPerMs, range: 0.7...16, delays: first)
      #expect(trial.spikes[neuron].count > 20)
      byHand.run(
        sent: trial.trains.map(trial.ticks), spikes: trial.ticks(trial.spikes[neuron]),
        until: trial.ticks([DelayTrial.duration])[0])
      let found = (0..<DelayTrial.sources).map { trial.learned.delay(pre: $0, post: neuron) }
      #expect(largestDifference(found, first) > 0.1, "the rule must act for this to mean anything")
      #expect(zip(found, byHand.delays).allSatisfy { abs($0 - $1) <= 1e-9 * abs($1) }, "\(found) \(byHand.delays)")
    }
  }

  /// For each synapse by itself: at every postsynaptic spike, how long ago did the last spike arrive?
  @Test("Weights of delay lines are those of a loop over postsynaptic spikes, to 1e-9", arguments: ["grid", "exact"])
  func selection(_ engine: String) throws {
    let trial = try DelayTrial(
      #"{ "rule": "delay_selection", "eta": 0.05, "p_0": 0.05, "W": 3, "w_max": 1.5, "delay_min": 0.7, "delay_max": 16 }"#,
      engine: engine)
    for neuron in 0..<DelayTrial.neurons {
      for source in 0..<DelayTrial.sources {
        let delay = (trial.delays(onto: neuron)[source] * trial.ticksPerMs).rounded()
        let arrivals = trial.ticks(trial.trains[source]).map { $0 + Int(delay) }
        var weight = 0.0
        for spike in trial.ticks(trial.spikes[neuron]) {
          guard let latest = arrivals.last(where: { $0 <= spike }) else { continue }
          let isTogether = spike - latest <= Int(3 * trial.ticksPerMs)
          weight += 0.05 * (isTogether ? exp(-weight) / 0.05 - 1 : -1)
          weight = min(1.5, max(0, weight))
        }
        let found = trial.learned.weight(pre: source, post: neuron)
        #expect(abs(found - weight) <= 1e-9 * max(1, weight), "\(found) \(weight)")
      }
    }
    #expect(Set(trial.learned.weights).count > 30)
  }

  /// The delay falls from 8 to 4.96 ms at 12 ms, when a spike sent at 10 ms is on its way.
  @Test("A spike in flight arrives when it was to arrive; the next one takes the new delay", arguments: ["grid", "exact"])
  func inFlight(_ engine: String) throws {
    let run = try WholeRun(
      """
      {
        "format": "snnsim/1", "name": "flight", "run": { "duration": 25, "engine": "\(engine)" },
        "populations": {
          "n": { "model": "iaf_psc_delta", "size": 1, "params": { "tau_m": 1e9, "E_L": 0, "V_reset": 0, "V_th": 50, "t_ref": 0.1 } }
        },
        "inputs": {
          "in": { "type": "spikes", "size": 1, "times": [1, 10, 14] },
          "drive": { "type": "spikes", "target": "n", "weight": 100, "delay": 1, "times": [11] }
        },
        "projections": {
          "p": { "source": "in", "target": "n", "rule": { "type": "all_to_all" }, "weight": 1, "delay": 8,
                 "plasticity": { "rule": "delay_stdp", "B_minus": 3.04, "B_plus": 0, "sigma_minus": 1e9, "delay_min": 1, "delay_max": 9 } }
        },
        "record": { "v": { "what": "V_m", "of": "n", "every": 0.1 } }
      }
      """)
    let trace = try run.trace("v", "V_m")
    let rises = zip(trace.times, trace.values[0]).filter { $0.0 > 12.05 }.reduce(into: [(Double, Double)]()) { found, sample in
      if abs(sample.1 - (found.last?.1 ?? 0)) > 0.5 { found.append(sample) }
    }
    #expect(rises.map { ($0.0 * 10).rounded() / 10 } == [18, 19])
    #expect(rises.map { $0.1.rounded() } == [1, 2])
    #expect(abs(try LearnedSynapses(run, "p").delay(pre: 0, post: 0) - 4.96) < 1e-6)
  }

  @Test(
    "A rule that changes nothing leaves the spikes of a network of fixed delays", arguments: ["grid", "exact"],
    ["", "\"tsodyks2\""])
  func nothingLearned(_ engine: String, _ release: String) throws {
    func network(_ rules: [String]) -> String {
      var text = SamenessTests.network("iaf_psc_delta", engine: engine, duration: 40, drive: 0.4, weight: 0.3)
      let all = rules.filter { !$0.isEmpty }.map { $0.hasPrefix("{") ? $0 : "{ \"rule\": \($0) }" }
      if !all.isEmpty {
        text = text.replacingOccurrences(
          of: #""high": 3 } }"#, with: #""high": 3 }, "plasticity": [\#(all.joined(separator: ", "))] }"#)
      }
      return text
    }
    let learning = #"{ "rule": "delay_shift", "eta": 0, "delay_min": 0.8, "delay_max": 3 }"#
    let (still, learned) = (try WholeRun(network([release])), try WholeRun(network([release, learning])))
    #expect(still.spikeCount > 300 && learned.digest == still.digest)
  }

  @Test("Spikes, weights and delays are the same bits on 1, 2, 3 and 8 threads", arguments: ["grid", "exact"])
  func threads(_ engine: String) throws {
    let rules = [#""rule": "delay_shift", "W": 8"#, #""rule": "delay_stdp", "guard": 0.9, "B_minus": 0.3"#]
    for rule in rules {
      let directory = try TemporaryDirectory()
      let text = SamenessTests.network("iaf_psc_delta", engine: engine, duration: 30, drive: 0.4, weight: 0.3)
        .replacingOccurrences(
          of: #""high": 3 } }"#, with: #""high": 3 }, "plasticity": { \#(rule), "delay_min": 0.8, "delay_max": 4 } }"#)
      let path = try directory.write(text, to: "net.json")
      let outcome = try SnnsimProcess.run(["verify", path, "--pauses", "3"], in: directory.path)
      #expect(outcome.code == 0, "\(outcome.stderr)")
      let rows = outcome.stdout.split(separator: "\n").dropFirst().prefix(4).map { $0.split(separator: " ") }
      #expect((Int(rows[0][1]) ?? 0) > 300)
    }
  }

  @Test("The declared range is required, bounded by the resolution, and said once in the manifest")
  func range() throws {
    let directory = try TemporaryDirectory()
    func network(_ fields: String, delay: String = "2") -> String {
      """
      {
        "format": "snnsim/1", "name": "range", "run": { "duration": 5, "engine": "grid" },
        "populations": { "n": { "model": "iaf_psc_exp", "size": 4 } },
        "projections": { "p": { "source": "n", "target": "n", "rule": { "type": "all_to_all" }, "delay": \(delay), "weight": 1,
          "plasticity": [\(fields)] } }
      }
      """
    }
    func errors(_ text: String) throws -> String {
      let outcome = try SnnsimProcess.run("check", try directory.write(text, to: "net.json"))
      #expect(outcome.code == 2)
      return outcome.stderr
    }
    #expect(try errors(network(#"{ "rule": "delay_shift", "delay_max": 3 }"#)).contains("\"delay_min\" is missing"))
    #expect(
      try errors(network(#"{ "rule": "delay_shift", "delay_min": 0.05, "delay_max": 3 }"#)).contains(
        "delay_min: 0.05 ms is shorter than the resolution of 0.1 ms"))
    #expect(
      try errors(network(#"{ "rule": "delay_shift", "delay_min": 2, "delay_max": 1 }"#)).contains(
        "delay_max: 1.0 ms is out of range"))
    let both = network(#"{ "rule": "delay_shift", "delay_min": 1, "delay_max": 3 }, { "rule": "stdp" }"#)
    #expect(try errors(both).contains("not both"))
    let shift = #"{ "rule": "delay_shift", "delay_min": 1, "delay_max": 3 }"#
    #expect(
      try errors(network(shift, delay: #"{ "axonal": 1, "dendritic": 1 }"#)).contains("no axonal and dendritic part"))
    let run = try WholeRun(network(shift, delay: "7"))
    let manifest = try String(contentsOfFile: run.output + "/manifest.json", encoding: .utf8)
    #expect(manifest.components(separatedBy: "kept within 1.0 and 3.0 ms").count == 2)
    #expect(try LearnedSynapses(run, "p").delays == Array(repeating: 3, count: 12))
  }
}

/// Sources with random trains onto neurons that a strong input makes fire at random times, which the end of the run cuts in the
/// middle of a window of 0.7 ms. All moments are on a grid of 0.1 ms, so that both engines see the same ones.
private struct DelayTrial {
  static let (sources, neurons, duration) = (14, 3, 1500.5)
  let trains: [[Double]]
  /// Before the run, by source and neuron.
  let first: [Double]
  let learned: LearnedSynapses
  /// Of each neuron.
  let spikes: [[Double]]
  let ticksPerMs: Double

  init(_ rule: String, engine: String) throws {
    var draws = Draws(seed: 5)
    func train(_ rate: Double) -> [Double] {
      (1..<Int(Self.duration * 10)).filter { _ in draws.uniform(0, 1) < rate * 1e-4 }.map { Double($0) / 10 }
    }
    func listed(_ trains: [[Double]]) -> String {
      let all = trains.enumerated().flatMap { id, times in times.map { ($0, id) } }.sorted { $0 < $1 }
      return "\"times\": \(all.map(\.0)), \"ids\": \(all.map(\.1))"
    }
    trains = (0..<Self.sources).map { _ in train(22) }
    let drives = (0..<Self.neurons).map { _ in train(30) }
    let synapses = 0..<Self.sources * Self.neurons
    first = synapses.map { _ in (1000 + draws.uniform(0, 11000).rounded()) / 1000 }
    let run = try WholeRun(
      """
      {
        "format": "snnsim/1", "name": "delays", "run": { "duration": \(Self.duration), "engine": "\(engine)" },
        "populations": {
          "n": {
            "model": "iaf_psc_delta", "size": \(Self.neurons), "params": { "E_L": 0, "V_reset": 0, "V_th": 50, "t_ref": 0.1 }
          }
        },
        "inputs": {
          "in": { "type": "spikes", "size": \(Self.sources), \(listed(trains)) },
          "drive": { "type": "spikes", "target": "n", "weight": 100, "delay": 0.1, \(listed(drives)) }
        },
        "projections": {
          "p": { "source": "in", "target": "n", "weight": 0, "delay": \(first), "plasticity": \(rule),
                 "rule": { "type": "list", "pre": \(synapses.map { $0 / Self.neurons }),
                           "post": \(synapses.map { $0 % Self.neurons }) } }
        },
        "record": { "s": { "what": "spikes", "of": ["n", "in"] } }
      }
      """)
    learned = try LearnedSynapses(run, "p")
    let all = try run.spikes("n")
    spikes = (0..<Self.neurons).map { neuron in zip(all.times, all.ids).filter { Int($0.1) == neuron }.map(\.0) }
    ticksPerMs = engine == "grid" ? 10 : 1e9
  }

  func ticks(_ times: [Double]) -> [Int] { times.map { Int(($0 * ticksPerMs).rounded()) } }
  /// Before the run, by source.
  func delays(onto neuron: Int) -> [Double] { (0..<Self.sources).map { first[$0 * Self.neurons + neuron] } }
}

/// `weights/<projection>.npz`.
struct LearnedSynapses {
  let pre, post: [UInt32]
  let weights, delays: [Double]

  init(_ run: WholeRun, _ projection: String) throws {
    let file = try NPZFile(path: run.output + "/weights/\(projection).npz")
    (pre, post) = (try file.ids("pre"), try file.ids("post"))
    (weights, delays) = (try file.column("weight"), try file.column("delay"))
  }

  /// Of the first synapse of a pair; NaN when there is none.
  func delay(pre: Int, post: Int) -> Double { place(pre, post).map { delays[$0] } ?? .nan }
  func weight(pre: Int, post: Int) -> Double { place(pre, post).map { weights[$0] } ?? .nan }

  private func place(_ pre: Int, _ post: Int) -> Int? {
    self.pre.indices.first { Int(self.pre[$0]) == pre && Int(self.post[$0]) == post }
  }
}
