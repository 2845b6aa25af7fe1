import Foundation
import SNNFiles
import SNNSim
import SNNTestSupport
import Testing

/// `structural_plasticity`: who is connected with whom, and by what weight, against slow replays and closed forms.
@Suite struct StructuralPlasticityTests {
  /// The synapses of `weights/<projection>.npz`.
  struct Final: Equatable {
    let pre, post: [Int]
    let weights, delays: [Double]
    init(_ directory: String, _ projection: String) throws {
      let file = try NPZFile(path: "\(directory)/weights/\(projection).npz")
      (pre, post) = (try file.ids("pre").map(Int.init), try file.ids("post").map(Int.init))
      (weights, delays) = (try file.column("weight"), try file.column("delay"))
    }
    var pairs: [[Int]] { zip(pre, post).map { [$0, $1] } }
  }

  /// Runs a network in this process.
  static func run(_ network: String, in directory: TemporaryDirectory = try! TemporaryDirectory()) throws -> (
    output: String, report: RunReport, directory: TemporaryDirectory
  ) {
    var settings = RunSettings()
    settings.threads = 1
    settings.output = directory.file("out-\(UUID().uuidString)")
    let loaded = try LoadedNetwork(URL(fileURLWithPath: directory.write(network, to: "net.json")))
    return (settings.output!, try Simulation(loaded, settings: settings).run().report, directory)
  }

  // MARK: Against a slow replay

  struct Way: Sendable, CustomTestStringConvertible {
    var rule: String
    /// Dendritic delays of the synapses, ms, and what goes along the axon.
    var delay: @Sendable (Int) -> Double
    var axonal: Double
    /// ms.
    var window: Double
    var until = Double.infinity
    var pruned: @Sendable ([Double]) -> Int
    var testDescription: String { rule }
  }
  static let ways = [
    Way(
      rule: #""threshold": 0.25"#, delay: { 1 + Double($0 % 31) / 10 }, axonal: 0, window: 1,
      pruned: { weights in weights.count { $0 < 0.25 } }),
    Way(rule: #""fraction": 0.4"#, delay: { _ in 0.5 }, axonal: 1.2, window: 0.5, pruned: { _ in 2 }),
    // No window ends at a multiple of 100 ms: the first end after it counts.
    Way(
      rule: #""fraction": 0.2, "threshold": 0.3, "until": 450"#, delay: { _ in 1.5 }, axonal: 0, window: 1.5, until: 450,
      pruned: { weights in max(1, weights.count { $0 < 0.3 }) }),
  ]

  @Test("Schedule, draws and weights are those of a slow replay", arguments: ways, ["grid", "exact"])
  func byHand(_ way: Way, _ engine: String) throws {
    let (sources, neurons, indegree, duration) = (14, 3, 5, 950.0)
    var draws = Draws(seed: 12)
    let pre = Trains(sources, rate: 20, until: duration - 10, onGrid: engine == "grid", &draws)
    let post = Trains(neurons, rate: 20, until: duration - 10, onGrid: engine == "grid", &draws)
    // First weights as they are kept, in single precision.
    let first = (0..<sources * neurons).filter { ($0 / neurons * 3 + $0 % neurons * 5) % sources < indegree }.map { n in
      StructuralByHand.Synapse(
        pre: n / neurons, post: n % neurons, weight: Double(Float(0.3 + Double(n % 9) / 20)),
        delay: (way.delay(n) * 10).rounded() / 10)
    }
    for target in 0..<neurons { #expect(first.count { $0.post == target } == indegree) }
    let delays = way.axonal > 0 ? #"{ "axonal": \#(way.axonal), "dendritic": \#(first[0].delay) }"# : "\(first.map(\.delay))"
    let results = try Self.run(
      """
      {
        "format": "snnsim/1", "name": "byhand", "run": { "duration": \(duration), "engine": "\(engine)", "seed": 5 },
        "populations": {
          "post": { "model": "iaf_psc_delta", "size": \(neurons), "params": { "t_ref": 0, "V_th": 1e6 } }
        },
        "inputs": {
          "pre": { "type": "spikes", "size": \(sources), \(pre.fields()) },
          "drive": { "type": "spikes", "target": "post", "weight": 1e9, "delay": 0.1, \(post.fields(lead: 0.1)) }
        },
        "projections": {
          "learn": {
            "source": "pre", "target": "post", "weight": \(first.map(\.weight)), "delay": \(delays),
            "rule": { "type": "list", "pre": \(first.map(\.pre)), "post": \(first.map(\.post)) },
            "plasticity": [
              { "rule": "stdp", "dependence": "additive", "lambda": 0.08, "alpha": 1.3, "w_max": 1 },
              { "rule": "structural_plasticity", "interval": 100, "w_new": 0.4, \(way.rule) }
            ]
          }
        }
      }
      """)
    let found = try Final(results.output, "learn")
    var hand = StructuralByHand(
      first, sources: sources, pre: pre.times, post: post.times, axonal: way.axonal, lambda: 0.08, alpha: 1.3, newWeight: 0.4,
      random: RandomStream(seed: 5, purpose: .rewiring, entity: entityHash("learn")), pruned: way.pruned)
    for number in 1...9 {
      let time = (Double(number) * 100 / way.window - 1e-9).rounded(.up) * way.window
      if time <= way.until { hand.rewire(number, at: time) }
    }
    #expect(hand.replaced >= 5)
    let expected = hand.all(at: duration)
    #expect(found.pre == expected.map(\.pre) && found.post == expected.map(\.post))
    #expect(largestDifference(found.delays, expected.map(\.delay)) < 1e-9)
    #expect(largestDifference(found.weights, expected.map(\.weight)) < 1e-12)
    #expect(zip(found.weights, first).contains { abs($0 - $1.weight) > 0.05 })
  }

  // MARK: Spikes in flight

  @Test(
    "A spike that has passed a synapse acts though the synapse is pruned; one on its way along the axon meets those there are then",
    arguments: ["grid", "exact"])
  func inFlight(_ engine: String) throws {
    func potentials(_ delay: String) throws -> Trace {
      // One neuron with one synapse, of 0.5 mV from source 0, which is replaced at 100 ms by one of 2 mV. All spike.
      let sources = 200
      let times = Array(repeating: 99.0, count: sources) + Array(repeating: 150.0, count: sources)
      let ids = Array(0..<sources) + Array(0..<sources)
      let spikes = #""type": "spikes", "size": \#(sources), "times": \#(times), "ids": \#(ids)"#
      let network = counting(1, duration: 200, engine: engine, inputs: #""in": { \#(spikes) }"#)
      let rule = #"{ "rule": "structural_plasticity", "fraction": 1, "w_new": 2, "interval": 100, "until": 100 }"#
      let projection = """
        "source": "in", "target": "n", "rule": { "type": "list", "pre": [0], "post": [0] }, "weight": 0.5, "delay": \(delay),
        "plasticity": \(rule)
        """
      let results = try Self.run(
        network.replacingOccurrences(
          of: #""record": {"#, with: #""projections": { "p": { \#(projection) } }, "record": {"#))
      #expect(try Final(results.output, "p").pre != [0])
      return try Trace(results.output + "/records/v.npz", "V_m")
    }
    let dendritic = try potentials("10")
    for (time, expected) in [(108.0, 0.0), (110, 0.5), (159, 0.5), (161, 2.5)] {
      #expect(abs(dendritic.value(0, at: time) - expected) < 1e-6, "\(time)")
    }
    let axonal = try potentials(#"{ "axonal": 5, "dendritic": 1 }"#)
    for (time, expected) in [(104.0, 0.0), (106, 2), (155, 2), (157, 4)] {
      #expect(abs(axonal.value(0, at: time) - expected) < 1e-6, "\(time)")
    }
  }

  // MARK: Partners

  /// A projection without spikes, of equal weights, of which chance prunes a part at each of `rewirings`.
  static func turnover(
    _ rewirings: Int, sources: Int, neurons: Int, rule: String, fraction: Double, recurrent: Bool = false
  ) throws -> (final: Final, digest: String) {
    let results = try run(
      """
      {
        "format": "snnsim/1", "name": "turnover", "run": { "duration": \(10 * rewirings + 5), "seed": 3 },
        "populations": {
          "a": { "model": "iaf_psc_delta", "size": \(sources) }\(recurrent ? "" : #", "b": { "like": "a", "size": \#(neurons) }"#)
        },
        "projections": {
          "p": {
            "source": "a", "target": "\(recurrent ? "a" : "b")", "rule": \(rule), "weight": 0.5, "delay": 2,
            "plasticity": { "rule": "structural_plasticity", "fraction": \(fraction), "w_new": 0.5, "interval": 10 }
          }
        }
      }
      """)
    return (try Final(results.output, "p"), results.report.weightDigest ?? "none")
  }

  @Test("What is left of the first synapses decays as the closed form of random turnover says; partners become uniform")
  func closedForm() throws {
    let (sources, neurons, k, fraction) = (300, 150, 40, 0.25)
    let rule = #"{ "type": "fixed_indegree", "k": \#(k), "multapses": false }"#
    func pairs(_ n: Int) throws -> (pairs: Set<[Int]>, digest: String) {
      let found = try Self.turnover(n, sources: sources, neurons: neurons, rule: rule, fraction: fraction)
      return (Set(found.final.pairs), found.digest)
    }
    let first = try pairs(0)
    #expect(first.pairs.count == k * neurons)
    var expected = 1.0
    for n in 1...12 {
      // A synapse stays with 1 − f, or its source is drawn again: f k of S − (1 − f) k that are free.
      let kept = expected * (1 - fraction)
      expected = kept + (1 - kept) * fraction * Double(k) / (Double(sources) - (1 - fraction) * Double(k))
      guard [1, 2, 4, 12].contains(n) else { continue }
      let now = try pairs(n)
      #expect(now.pairs.count == k * neurons && now.digest != first.digest)
      let overlap = Double(now.pairs.intersection(first.pairs).count) / Double(k * neurons)
      let deviation = (expected * (1 - expected) / Double(k * neurons)).squareRoot()
      #expect(abs(overlap - expected) < 4 * deviation, "\(n): \(overlap) for \(expected)")
    }
    // Out-degrees after twelve rewirings: binomial of p = k/S, whose sum of squares is χ² of S − 1.
    let final = try Self.turnover(12, sources: sources, neurons: neurons, rule: rule, fraction: fraction).final
    let p = Double(k) / Double(sources)
    let mean = p * Double(neurons)
    let square = (0..<sources).reduce(0.0) { sum, source in
      let degree = Double(final.pre.count { $0 == source })
      return sum + (degree - mean) * (degree - mean) / (mean * (1 - p))
    }
    #expect(abs(square - Double(sources - 1)) < 4 * (2 * Double(sources - 1)).squareRoot(), "\(square)")
  }

  @Test("In-degrees stay, partners are unique and never the neuron itself, however few are free")
  func partners() throws {
    // 40 neurons that have 38 of 39 possible partners; all 39; and multapses at first, which pruning thins out.
    for (rule, indegree, unique) in [
      (#"{ "type": "fixed_indegree", "k": 38, "multapses": false }"#, 38, true),
      (#"{ "type": "all_to_all" }"#, 39, true),
      (#"{ "type": "fixed_indegree", "k": 20 }"#, 20, false),
    ] {
      let final = try Self.turnover(40, sources: 40, neurons: 40, rule: rule, fraction: 0.5, recurrent: true).final
      for neuron in 0..<40 {
        let own = zip(final.pre, final.post).filter { $0.1 == neuron }.map(\.0)
        #expect(own.count == indegree && !own.contains(neuron))
        #expect(!unique || Set(own).count == indegree)
      }
      if !unique { #expect(Set(final.pairs).count == final.pairs.count) }
    }
    let own = try Self.turnover(
      20, sources: 40, neurons: 40, rule: #"{ "type": "fixed_indegree", "k": 10, "autapses": true, "multapses": false }"#,
      fraction: 0.5, recurrent: true
    ).final
    #expect(own.pairs.contains { $0[0] == $0[1] } && Set(own.pairs).count == 400)
  }

  // MARK: Errors

  @Test("What can't be rewired, and records of synapses that don't last, are errors of the file")
  func errors() throws {
    func message(
      _ plasticity: String, weight: String = "0.5", rule: String = #"{ "type": "all_to_all" }"#, record: String = ""
    ) -> String {
      let network = """
        {
          "format": "snnsim/1", "name": "errors", "run": { "duration": 10 },
          "populations": { "n": { "model": "iaf_psc_exp", "size": 4 } },
          "projections": {
            "p": { "source": "n", "target": "n", "rule": \(rule), "weight": \(weight), "plasticity": [\(plasticity)] }
          },
          "record": { \(record) }
        }
        """
      do { _ = try Self.run(network) } catch { return "\(error)" }
      return "none"
    }
    let good = #"{ "rule": "structural_plasticity", "fraction": 0.5, "w_new": 0.1, "interval": 5 }"#
    let histogram = #""what": "weight", "of": "p", "every": 1, "histogram": { "bins": 5, "low": 0, "high": 1 }"#
    #expect(message(good, record: #""h": { \#(histogram) }"#) == "none")
    #expect(message(#"{ "rule": "structural_plasticity", "w_new": 1 }"#).contains("nothing would ever be pruned"))
    #expect(message(#"{ "rule": "structural_plasticity", "fraction": 0.5 }"#).contains("\"w_new\" is missing"))
    #expect(
      message(#"{ "rule": "structural_plasticity", "fraction": 1, "w_new": 1, "interval": 0.25 }"#).contains(
        "interval: 0.25 ms is not a multiple of the resolution of 0.1 ms"))
    #expect(
      message(#"{ "rule": "synaptic_scaling", "interval": 0.01 }"#).contains(
        "an interval of 0.01 ms is shorter than the resolution of 0.1 ms"))
    #expect(message("\(good), \(good)").contains("one rule of structural plasticity at most"))
    #expect(
      message(#"{ "rule": "stdp", "w_max": 0.6 }, { "rule": "structural_plasticity", "fraction": 0.5, "w_new": 0.7 }"#)
        .contains("w_new: 0.7 is beyond w_max (0.6) of stdp"))
    #expect(
      message("\(good), " + #"{ "rule": "delay_shift", "delay_min": 1, "delay_max": 3 }"#).contains(
        "goes with rules that learn weights, not delays"))
    #expect(message(good, weight: #"{ "dist": "uniform", "low": -1, "high": 1 }"#).contains("both signs"))
    #expect(
      message(good, rule: #"{ "type": "fixed_indegree", "k": 5 }"#).contains(
        "the neuron has 5 of the projection's synapses, but 3 sources"))
    for record in [
      #""what": "weight", "of": "p", "every": 1"#, #""what": "delay", "of": "p", "every": "change""#,
      histogram + #", "fraction": 0.5"#,
    ] {
      #expect(message(good, record: #""r": { \#(record) }"#).contains("record.r: \"p\" has structural plasticity"))
    }
  }
}
