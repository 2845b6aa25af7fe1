import Foundation
import SNNTestSupport
import Testing

/// The trainings of `networks/`, shortened.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)), .serialized)
struct NetworksTrainingTests {
  @Test("1, 2, 3 and 8 threads give the same weights, delays and measures", arguments: NetworksTests.trainings)
  func ignoresThreads(_ name: String) throws {
    let outcome = try SnnsimProcess.run(
      "verify", networkPath(name), "--threads-list", "1,2,3,8", "--set", "train.epochs=1", "--set", "data.train.limit=150",
      "--set", "data.test.limit=50")
    #expect(outcome.code == 0, Comment(rawValue: outcome.stderr))
  }

  @Test("Few neurons tell the Yin-Yang set's classes apart by exact gradients, better with delays that learn")
  func yinYang() throws {
    let accuracy = try ["learned", "none"].map { delays in
      let run = try SnnsimProcess.run(
        "run", networkPath("Meszaros2025_yinyang"), "--json", "--no-record", "--quiet", "--set", "parameters.hidden=10", "--set",
        "parameters.delays=\(delays)", "--set", "train.epochs=20")
      let metrics = try #require(run.object?["metrics"] as? [String: Any], Comment(rawValue: run.stderr))
      return try #require(metrics["test_accuracy"] as? Double)
    }
    #expect(accuracy[0] > 0.85 && accuracy[0] > accuracy[1] + 0.02, "\(accuracy)")
  }
}
