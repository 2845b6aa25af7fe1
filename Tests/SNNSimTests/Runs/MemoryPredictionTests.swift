import Foundation
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct MemoryPredictionTests {
  // The networks are large enough that the process's own share, of which the system counts 20 to 40 MB, hardly matters.
  @Test(
    "The memory that check predicts lies within a quarter of the peak that the run needed",
    arguments: [
      ("iaf_psc_exp", "grid", 20_000, 2000, "1.5"), ("iaf_psc_exp", "grid", 50_000, 2, "20"),
      ("iaf_psc_delta", "exact", 100_000, 150, #"{ "dist": "uniform", "low": 1, "high": 10 }"#),
    ])
  func prediction(_ model: String, _ engine: String, _ size: Int, _ indegree: Int, _ delay: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      """
      {
        "format": "snnsim/1", "name": "large", "run": { "duration": 20, "engine": "\(engine)" },
        "populations": { "n": { "model": "\(model)", "size": \(size) } },
        "projections": { "p": { "source": "n", "target": "n", "weight": 1, "delay": \(delay),
                                "rule": { "type": "fixed_indegree", "k": \(indegree) } } }
      }
      """, to: "net.json")
    let check = try SnnsimProcess.run("check", path, "--json")
    let run = try SnnsimProcess.run("run", path, "--no-record", "--json")
    let predicted = try #require(check.object?["predicted_bytes"] as? Double)
    let peak = try #require(run.object?["peak_rss_mb"] as? Double) * 1e6
    #expect(abs(predicted / peak - 1) < 0.25, "\(predicted) bytes predicted, \(peak) needed")
  }

  @Test(
    "The tables of a plastic projection are as large as check predicts",
    arguments: [
      ("grid", "1.5", #"{ "rule": "stdp" }"#), ("exact", "1.5", #"{ "rule": "stdp" }"#),
      ("grid", #"{ "dist": "uniform", "low": 1, "high": 4 }"#, #"{ "rule": "stdp_triplet" }"#),
      ("grid", "1.5", #"{ "rule": "tsodyks2" }"#), ("grid", "1.5", #"{ "rule": "synaptic_scaling" }"#),
      ("grid", "1.5", #"{ "rule": "stdp_dopamine", "modulator": "n" }"#),
      ("grid", "1.5", #"{ "rule": "delay_stdp", "delay_min": 1, "delay_max": 10 }"#),
      ("exact", "2", #"[{ "rule": "delay_shift", "delay_min": 1, "delay_max": 10 }, { "rule": "tsodyks2" }]"#),
    ])
  func plastic(_ engine: String, _ delay: String, _ rule: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.plastic("iaf_psc_exp", engine, 2000, 200, delay, rule), to: "net.json")
    try comparePlastic(path)
  }

  @Test("So are those of a rule that reads states")
  func observing() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      Self.plastic("aeif_psc_delta_clopath", "grid", 500, 200, "1.5", #"{ "rule": "clopath" }"#), to: "net.json")
    try comparePlastic(path)
  }

  @Test("The memory of a network that learns is predicted within a quarter, too")
  func plasticPeak() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      Self.plastic("iaf_psc_exp", "grid", 10_000, 2000, "1.5", #"{ "rule": "stdp" }"#), to: "net.json")
    let predicted = try #require(try SnnsimProcess.run("check", path, "--json").object?["predicted_bytes"] as? Double)
    let peak = try #require(try SnnsimProcess.run("run", path, "--no-record", "--json").object?["peak_rss_mb"] as? Double)
    #expect(abs(predicted / (peak * 1e6) - 1) < 0.25, "\(predicted) bytes predicted, \(peak) MB needed")
  }

  /// A silent network with one plastic projection; weights are drawn.
  static func plastic(
    _ model: String, _ engine: String, _ size: Int, _ indegree: Int, _ delay: String, _ rule: String
  ) -> String {
    """
    {
      "format": "snnsim/1", "name": "learning", "run": { "duration": 20, "engine": "\(engine)" },
      "populations": { "n": { "model": "\(model)", "size": \(size) } },
      "projections": { "p": { "source": "n", "target": "n", "weight": { "dist": "uniform", "low": 0, "high": 1 },
                              "delay": \(delay), "rule": { "type": "fixed_indegree", "k": \(indegree) },
                              "plasticity": \(rule) } }
    }
    """
  }

  private func comparePlastic(_ path: String) throws {
    let check = try #require(try SnnsimProcess.run("check", path, "--json").object)
    let projection = try #require((check["projections"] as? [String: [String: Any]])?["p"])
    let predicted = try #require(projection["predicted_bytes"] as? Double)
    let run = try #require(try SnnsimProcess.run("run", path, "--no-record", "--json").object)
    let built = try #require(run["synapse_bytes"] as? Double) * #require(run["synapses"] as? Double)
    // The room for one row is that of the longest, which is not known before.
    #expect(abs(predicted / built - 1) < 0.01, "\(predicted) bytes predicted, \(built) built")
  }
}
