import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Records of weights and delays.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct SynapseRecordingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var rule, variable, delay: String
    var testDescription: String { rule }
  }
  static let cases = [
    Case(
      rule: #"{ "rule": "stdp", "lambda": 0.05 }"#, variable: "weight",
      delay: #"{ "axonal": 0.4, "dendritic": 0.8 }"#),
    Case(
      rule: #"{ "rule": "stdp_triplet" }, { "rule": "tsodyks2" }"#, variable: "weight",
      delay: #"{ "dist": "uniform", "low": 0.8, "high": 9 }"#),
    Case(
      rule: #"{ "rule": "delay_shift", "W": 18, "delay_min": 0.7, "delay_max": 16 }"#, variable: "delay",
      delay: #"{ "dist": "uniform", "low": 0.8, "high": 9 }"#),
    Case(
      rule: #"{ "rule": "delay_stdp", "delay_min": 0.7, "delay_max": 16 }"#, variable: "delay",
      delay: #"{ "dist": "uniform", "low": 0.8, "high": 9 }"#),
  ]

  static func network(_ one: Case, _ engine: String, duration: Double = 60.3, records: String) -> String {
    """
    {
      "format": "snnsim/1", "name": "synapses", "run": { "duration": \(duration), "engine": "\(engine)", "seed": 4 },
      "populations": { "n": { "model": "iaf_psc_delta", "size": 40 } },
      "inputs": { "p": { "type": "poisson", "target": "n", "rate": 5000, "weight": 0.5, "delay": 1.5 } },
      "projections": {
        "e": { "source": "n", "target": "n", "rule": { "type": "fixed_indegree", "k": 5 }, "delay": \(one.delay),
               "weight": { "dist": "uniform", "low": 0.1, "high": 0.9 }, "plasticity": [\(one.rule)] }
      },
      "record": { "s": { "what": "spikes", "of": "n" }\(records) }
    }
    """
  }

  @Test(
    "The last change before each sample is the sample, and the last of all the final value", arguments: cases,
    ["grid", "exact"])
  func changes(_ one: Case, _ engine: String) throws {
    let what = "\"what\": \"\(one.variable)\", \"of\": \"e\""
    let run = try WholeRun(
      Self.network(
        one, engine,
        records: """
          , "all": { \(what), "every": "change" }, "samples": { \(what), "every": 0.1 },
          "part": { \(what), "every": "change", "ids": [3, 17, 101], "from": 20.2, "to": 41.7 }
          """))
    let changes = try Changes(run, "all", one.variable)
    let samples = try run.trace("samples", one.variable)
    #expect(changes.times == changes.times.sorted() && changes.times.count > 200 + 500)
    #expect(changes.ids.prefix(200) == ArraySlice((0..<200).map { UInt32($0) }) && changes.times[199] == 0)
    var latest = [Double](repeating: .nan, count: 200)
    var next = 0
    func advance(to time: Double) {
      while next < changes.times.count && changes.times[next] <= time {
        latest[Int(changes.ids[next])] = changes.values[next]
        next += 1
      }
    }
    var wrong = 0
    for (row, time) in samples.times.enumerated() {
      advance(to: time + 1e-10)
      wrong += (0..<200).count { latest[$0] != samples.values[$0][row] }
    }
    #expect(wrong == 0)
    advance(to: .infinity)
    let final = try LearnedSynapses(run, "e")
    #expect(latest == (one.variable == "weight" ? final.weights : final.delays))

    let part = try Changes(run, "part", one.variable)
    #expect(part.ids.prefix(3) == [3, 17, 101] && part.times.prefix(3) == [20.2, 20.2, 20.2])
    let expected = changes.times.indices.filter {
      [3, 17, 101].contains(changes.ids[$0]) && changes.times[$0] > 20.2 && changes.times[$0] <= 41.7
    }
    #expect(part.times.dropFirst(3) == ArraySlice(expected.map { changes.times[$0] }))
    #expect(part.values.dropFirst(3) == ArraySlice(expected.map { changes.values[$0] }))
    #expect(expected.count > 3)
  }

  @Test("Histograms count the samples; figures of weights and delays show them", arguments: cases)
  func histograms(_ one: Case) throws {
    let what = "\"what\": \"\(one.variable)\", \"of\": \"e\", \"every\": 5"
    let run = try WholeRun(
      Self.network(
        one, "grid",
        records: """
          , "h": { \(what), "histogram": { "bins": 7, "low": 0.3, "high": 8 } }, "samples": { \(what) }
          """))
    let file = try NPZFile(path: run.output + "/records/h.npz")
    let samples = try run.trace("samples", one.variable)
    #expect(try file.column("times") == samples.times && samples.times.count == 12)
    let edges = try file.column("edges")
    #expect(edges.count == 8 && edges[0] == 0.3 && edges[7] == 8)
    let counts = try file.array("\(one.variable)_count")
    #expect(counts.shape == [12, 7])
    for row in 0..<12 {
      let values = samples.values.map { $0[row] }
      let byHand = (0..<7).map { bin in values.count { $0 >= edges[bin] && ($0 < edges[bin + 1] || (bin == 6 && $0 == 8)) } }
      #expect(Array(counts.doubles[row * 7..<row * 7 + 7]) == byHand.map(Double.init))
      #expect(try file.column("below")[row] == Double(values.count { $0 < 0.3 }))
      #expect(try file.column("above")[row] == Double(values.count { $0 > 8 }))
    }
    for kind in ["weights", "delays", "traces"] {
      let plot = try SnnsimProcess.run("plot", run.output, kind)
      #expect(plot.code == 0, "\(plot.stderr)")
    }
    let svg = try String(contentsOfFile: run.output + "/figures/\(one.variable)s.svg", encoding: .utf8)
    #expect(svg.contains("e (200)") && !svg.contains("not recorded over time"))
  }

  @Test("What is recorded of synapses changes neither spikes nor synapses", arguments: cases, ["grid", "exact"])
  func digests(_ one: Case, _ engine: String) throws {
    func digests(_ records: String) throws -> [String] {
      let run = try WholeRun(Self.network(one, engine, duration: 40, records: records))
      let digests = try #require(run.json["digests"] as? [String: Any])
      return [run.digest, digests["weights"] as? String ?? ""]
    }
    let what = "\"what\": \"\(one.variable)\", \"of\": \"e\""
    let plain = try digests("")
    #expect(plain[1].count == 64)
    #expect(try digests(", \"c\": { \(what), \"every\": \"change\" }, \"w\": { \(what), \"every\": 0.3 }") == plain)
  }

  @Test("A synapse that is not there, and a histogram of every change, are errors of the file")
  func errors() throws {
    let directory = try TemporaryDirectory()
    func outcome(_ record: String) throws -> SnnsimProcess.Outcome {
      let text = Self.network(Self.cases[0], "grid", records: ", \"r\": { \(record) }")
      return try SnnsimProcess.runNetwork(text, in: directory)
    }
    let missing = try outcome(#""what": "weight", "of": "e", "every": 1, "ids": [5, 200]"#)
    #expect(missing.code == 2 && missing.stderr.contains("record.r.ids: there is no synapse 200: \"e\" has 200"))
    let both = try outcome(
      #""what": "delay", "of": "e", "every": "change", "histogram": { "bins": 3, "low": 0, "high": 1 }"#)
    #expect(both.code == 2 && both.stderr.contains("a histogram is taken at intervals"))
  }
}

/// `records/<name>.npz` of every change of one projection.
private struct Changes {
  let times, values: [Double]
  let ids: [UInt32]

  init(_ run: WholeRun, _ record: String, _ variable: String) throws {
    let file = try NPZFile(path: run.output + "/records/\(record).npz")
    (times, values, ids) = (try file.column("times"), try file.column(variable), try file.ids("ids"))
  }
}
