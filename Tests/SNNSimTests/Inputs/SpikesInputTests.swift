import Foundation
import SNNFiles
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct SpikesInputTests {
  /// V_m of iaf_psc_delta (E_L −70 mV, τ_m 10 ms) after a spike of 3 mV that acted at `arrival`.
  func decay(_ t: Double, arrival: Double) -> Double { t < arrival - 1e-9 ? -70 : -70 + 3 * exp(-(t - arrival) / 10) }

  @Test(
    "A spike at t with delay d changes V_m at exactly t + d: grid, off-grid spike on the grid, and exact",
    arguments: [
      ("grid", 10.0, 1.7, 11.7), ("grid", 10.03, 1.7, 11.8), ("grid", 0.1, 0.1, 0.2), ("exact", 10.0, 1.7, 11.7),
      ("exact", 10.03, 1.7, 11.73), ("exact", 10.0123, 1.2345678, 11.2468678), ("exact", 0.05, 0.1, 0.15),
    ])
  func arrival(_ engine: String, _ time: Double, _ delay: Double, _ arrival: Double) throws {
    let input = #""s": { "type": "spikes", "target": "n", "times": [\#(time)], "weight": 3, "delay": \#(delay) }"#
    let trace = try WholeRun(quiet("iaf_psc_delta", engine: engine, duration: 20, inputs: input)).trace("v", "V_m")
    #expect(largestDifference(trace.values[0], trace.times.map { decay($0, arrival: arrival) }) < 1e-10)
  }

  @Test("A fast input reaches its target in time although slow projections make the windows long", arguments: ["grid", "exact"])
  func longWindows(_ engine: String) throws {
    let network = """
      {
        "format": "snnsim/1", "name": "slow", "run": { "duration": 30, "engine": "\(engine)" },
        "populations": { "n": { "model": "iaf_psc_delta", "size": 2 } },
        "inputs": { "s": { "type": "spikes", "target": "n", "times": [3.2, 7.9, 8.0, 12.1], "weight": 3, "delay": 0.1 } },
        "projections": { "p": { "source": "n", "target": "n", "rule": { "type": "all_to_all" }, "weight": 1, "delay": 8 } },
        "record": { "v": { "what": "V_m", "of": "n", "every": 0.1 } }
      }
      """
    let trace = try WholeRun(network).trace("v", "V_m")
    let expected = trace.times.map { t in
      [3.3, 8.0, 8.1, 12.2].filter { $0 <= t + 1e-9 }.reduce(-70) { $0 + 3 * exp(-(t - $1) / 10) }
    }
    for values in trace.values { #expect(largestDifference(values, expected) < 1e-10) }
  }

  @Test("One train goes to all targets, listed sources go to their own, ids choose a subset in their order")
  func routing() throws {
    let inputs = """
      "all": { "type": "spikes", "target": "n", "times": [1, 2, 3], "weight": 1 },
      "own": { "type": "spikes", "target": "n", "times": [5, 6, 7], "ids": [0, 4, 4], "weight": 10 },
      "subset": { "type": "spikes", "target": "n", "ids": [1, 1, 0], "times": [5, 6, 7], "weight": 100 },
      "window": { "type": "spikes", "target": "n", "times": [4, 8, 12, 16], "start": 8, "stop": 12, "weight": 1000 }
      """
    let trace = try WholeRun(counting(5, duration: 30, inputs: inputs)).trace("v", "V_m")
    // "ids" of a spikes input with "times" names the source of each spike; source i goes to target i.
    #expect(trace.values.map { $0.last!.rounded() } == [2113, 2203, 2003, 2003, 2023])
  }

  @Test("Lists give each target its own weight and delay, also where it has a train of its own", arguments: ["grid", "exact"])
  func listedWeights(_ engine: String) throws {
    let inputs = """
      "one": { "type": "spikes", "target": "n", "times": [1], "weight": [1, "2 mV", 3], "delay": [2, 3, 4] },
      "own": { "type": "spikes", "target": "n", "times": [10, 10], "ids": [2, 0], "weight": [10, 20, 30] }
      """
    let trace = try WholeRun(counting(3, duration: 20, engine: engine, inputs: inputs)).trace("v", "V_m")
    #expect(trace.values.map { $0.last!.rounded() } == [11, 2, 33])
    #expect(trace.values.map { values in trace.times[values.firstIndex { $0 > 0.5 }!] } == [3, 4, 5])
  }

  @Test("ids with a file name the target of each source of the file")
  func subsetOfFile() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("time_ms,id\n5,1\n6,0\n7,1\n", to: "spikes.csv")
    let inputs = #""s": { "type": "spikes", "target": "n", "file": "spikes.csv", "ids": [3, 2], "weight": 5 }"#
    let trace = try WholeRun(counting(4, duration: 20, inputs: inputs), in: directory).trace("v", "V_m")
    #expect(trace.values.map { $0.last!.rounded() } == [0, 0, 10, 5])
  }

  @Test("Sources with a size feed projections at their times, and are recorded", arguments: ["grid", "exact"])
  func sources(_ engine: String) throws {
    let network = """
      {
        "format": "snnsim/1", "name": "sources", "run": { "duration": 20, "engine": "\(engine)" },
        "populations": { "n": { "model": "iaf_psc_delta", "size": 2 } },
        "inputs": { "s": { "type": "spikes", "size": 3, "times": [2, 2, 9.25], "ids": [0, 2, 1] } },
        "projections": {
          "p": { "source": "s", "target": "n", "rule": { "type": "list", "pre": [0, 1, 2], "post": [0, 0, 1] }, "weight": 3, "delay": 1.5 }
        },
        "record": { "v": { "what": "V_m", "of": "n", "every": 0.1 }, "s": { "what": "spikes", "of": "s" } }
      }
      """
    let run = try WholeRun(network)
    #expect(try run.spikes("s") == SpikeTable(times: [2, 2, 9.25], ids: [0, 2, 1]))
    let trace = try run.trace("v", "V_m")
    let late = engine == "grid" ? 10.8 : 10.75
    let first = trace.times.map { decay($0, arrival: 3.5) + decay($0, arrival: late) + 70 }
    #expect(largestDifference(trace.values[0], first) < 1e-10)
    #expect(largestDifference(trace.values[1], trace.times.map { decay($0, arrival: 3.5) }) < 1e-10)
  }

  @Test("Spikes come alike from CSV, npz and SONATA files")
  func files() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("time_ms,id\n1.5,0\n2.5,2\n2.5,1\n4,2\n", to: "s.csv")
    let times = [1.5, 2.5, 2.5, 4]
    try NPZFile.write([("times", NPYArray(times)), ("ids", NPYArray([UInt32(0), 2, 1, 2]))], to: directory.file("s.npz"))
    // The SONATA file is one that a run wrote.
    let input = #""s": { "type": "spikes", "size": 3, "file": "s.csv" }"#
    let written = try WholeRun(
      counting(1, duration: 10, inputs: input, records: #", "s": { "what": "spikes", "of": "s" }"#), in: directory)
    var totals: [[Double]] = []
    for file in ["s.csv", "s.npz", written.output + "/spikes.h5"] {
      let input = #""s": { "type": "spikes", "target": "n", "file": "\#(file)", "weight": 2 }"#
      let trace = try WholeRun(counting(3, duration: 10, every: 0.5, inputs: input), in: directory).trace("v", "V_m")
      totals.append(trace.values.flatMap { $0 })
      #expect(trace.values.map { $0.last!.rounded() } == [2, 2, 4])
    }
    #expect(totals[0] == totals[1] && totals[1] == totals[2])
  }

  @Test("A receptor that is named wins over the sign of the weight; without a name the sign decides")
  func receptors() throws {
    func current(_ weight: Double, _ receptor: String, _ variable: String) throws -> Double {
      let input =
        #""s": { "type": "spikes", "target": "n", "times": [1], "weight": \#(weight), "delay": 1\#(receptor) }"#
      return try WholeRun(
        quiet("iaf_psc_exp", engine: "grid", duration: 5, inputs: input, variable: variable)
      ).trace("v", variable).value(0, at: 2)
    }
    #expect(try current(100, "", "I_syn_ex") == 100)
    #expect(try current(-100, "", "I_syn_in") == -100)
    #expect(try current(-100, "", "I_syn_ex") == 0)
    #expect(try current(100, #", "receptor": "in""#, "I_syn_in") == 100)
    #expect(try current(-100, #", "receptor": "ex""#, "I_syn_ex") == -100)
  }
}
