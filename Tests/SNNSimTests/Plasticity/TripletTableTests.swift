import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// The frequency curves of the triplet rule (Pfister & Gerstner 2006, doi:10.1523/JNEUROSCI.1425-06.2006): 60 pairs of spikes 10 ms
/// apart, at 0.1 to 50 Hz, for the sets of parameters that the paper fits to Sjöström et al. (2001).
///
/// The numbers were calculated by an independent program in double precision, rounded to 0.001.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct TripletTableTests {
  struct Set {
    var name, parameters: String
    /// At 0.1, 10, 20, 40, 50 Hz: pre before post, then post before pre.
    var expected: [Double]
  }
  static let sets = [
    Set(
      name: "visual cortex, all to all, full",
      parameters: #""A2_plus": 5e-10, "A3_plus": 6.2e-3, "A2_minus": 7e-3, "A3_minus": 2.3e-4, "tau_x": 101, "tau_y": 125"#,
      expected: [0, 0.132, 0.247, 0.534, 0.741, -0.312, -0.334, -0.352, 0.155, 0.727]),
    Set(
      name: "visual cortex, all to all, minimal",
      parameters: #""A2_plus": 0, "A3_plus": 6.5e-3, "A2_minus": 7.1e-3, "A3_minus": 0, "tau_y": 114"#,
      expected: [0, 0.119, 0.228, 0.532, 0.763, -0.317, -0.332, -0.342, 0.174, 0.749]),
    Set(
      name: "visual cortex, nearest, full",
      parameters: """
        "A2_plus": 8.8e-11, "A3_plus": 5.3e-2, "A2_minus": 6.6e-3, "A3_minus": 3.1e-3, "tau_x": 714, "tau_y": 40,
        "pairing": "nearest"
        """,
      expected: [0, 0.104, 0.323, 0.560, 0.624, -0.294, -0.411, -0.338, 0.260, 0.619]),
    Set(
      name: "visual cortex, nearest, minimal",
      parameters: #""A2_plus": 0, "A3_plus": 5e-2, "A2_minus": 8e-3, "A3_minus": 0, "tau_y": 40, "pairing": "nearest""#,
      expected: [0, 0.101, 0.322, 0.568, 0.636, -0.357, -0.356, -0.279, 0.290, 0.630]),
    Set(
      name: "hippocampus, all to all, minimal",
      parameters: #""A2_plus": 5.3e-3, "A3_plus": 8e-3, "A2_minus": 3.5e-3, "A3_minus": 0, "tau_y": 40"#,
      expected: [0.175, 0.184, 0.213, 0.356, 0.475, -0.156, -0.163, -0.152, 0.152, 0.464]),
  ]

  @Test("The weight change of every set at every frequency is that of the table", arguments: ["grid", "exact"])
  func tables(_ engine: String) throws {
    // Neuron 2n has its spikes 10 ms after, 2n + 1 before those of its source, seen from the synapse; the delay is 10 ms.
    let rates = [0.1, 10, 20, 40, 50]
    var (pre, post): ([[Double]], [[Double]]) = ([], [])
    for rate in rates {
      let times = (0..<60).map { 100 + ((Double($0) * 1000 / rate) * 1e4).rounded() / 1e4 }
      pre += [times, times]
      post += [times, times.map { $0 - 20 }]
    }
    let projections = Self.sets.enumerated().map { n, set in
      """
      "s\(n)": { "source": "pre", "target": "post", "rule": { "type": "one_to_one" }, "weight": 50, "delay": 10,
        "plasticity": { "rule": "stdp_triplet", \(set.parameters) } }
      """
    }
    let text = """
      {
        "format": "snnsim/1", "name": "triplets", "run": { "duration": 590500, "engine": "\(engine)" },
        "populations": { "post": { "model": "iaf_psc_delta", "size": 10, "params": { "t_ref": 0, "V_th": 1e6 } } },
        "inputs": {
          "pre": { "type": "spikes", "size": 10, \(Trains(pre).fields()) },
          "drive": { "type": "spikes", "target": "post", "weight": 1e9, "delay": 10, \(Trains(post).fields(lead: 10)) }
        },
        "projections": { \(projections.joined(separator: ",\n")) }
      }
      """
    let run = try WholeRun(text)
    for (n, set) in Self.sets.enumerated() {
      let weights = try NPZFile(path: run.output + "/weights/s\(n).npz").column("weight")
      let found = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9].map { weights[$0] - 50 }
      #expect(largestDifference(found, set.expected) < 0.001, "\(set.name): \(found)")
    }
  }
}
