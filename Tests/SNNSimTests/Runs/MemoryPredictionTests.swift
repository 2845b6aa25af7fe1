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
}
