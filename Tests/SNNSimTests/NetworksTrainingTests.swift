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

  @Test("Delays that learn tell the Yin-Yang set's classes apart better than more neurons without, at equal parameters")
  func yinYang() throws {
    let accuracy = try [("learned", 15), ("none", 24)].map { delays, hidden in
      let run = try SnnsimProcess.run(
        "run", networkPath("Meszaros2025_yinyang"), "--json", "--no-record", "--quiet", "--set", "parameters.delays=\(delays)",
        "--set", "parameters.hidden=\(hidden)")
      let metrics = try #require(run.object?["metrics"] as? [String: Any], Comment(rawValue: run.stderr))
      return try #require(metrics["test_accuracy"] as? Double)
    }
    // Measured: 0.926 and 0.776; twice the standard error of 1,000 points is 0.02 and 0.03.
    #expect(accuracy[0] > 0.9 && accuracy[0] > accuracy[1] + 0.1, "\(accuracy)")
  }
}
