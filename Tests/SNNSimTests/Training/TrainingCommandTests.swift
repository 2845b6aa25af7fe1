import Foundation
import SNNTestSupport
import Testing

/// The command with a learner of another package: what goes to which stream, and with which code it ends.
@Suite struct TrainingCommandTests {
  @Test("The article shows exactly the learner that is built here") func articleShowsThisCode() throws {
    let code = try String(
      contentsOf: ExamplePackage.folder.appendingPathComponent("Sources/MySnnsim/SoftmaxRegression.swift"), encoding: .utf8)
    let article = try String(
      contentsOf: SnnsimProcess.root.appendingPathComponent("Sources/SNNSim/SNNSim.docc/Articles/WriteALearner.md"),
      encoding: .utf8)
    #expect(article.contains("```swift\n" + code + "```"))
  }

  @Test("The network of the article trains, reports, checks and verifies") func articleNetworkRuns() throws {
    let article = try String(
      contentsOf: SnnsimProcess.root.appendingPathComponent("Sources/SNNSim/SNNSim.docc/Articles/WriteALearner.md"),
      encoding: .utf8)
    let start = try #require(article.range(of: "```json\n"))
    let end = try #require(article.range(of: "```", range: start.upperBound..<article.endIndex))
    let trial = try TrainingTrial(
      String(article[start.upperBound..<end.lowerBound]).replacingOccurrences(
        of: "\"iris/iris.csv\"", with: "\"\(SnnsimProcess.root.path)/datasets/iris/iris.csv\""))
    let run = try ExamplePackage.snnsim("run", trial.path, "--json", "--output", trial.output)
    #expect(run.code == 0, "\(run.stderr)")
    let metrics = try #require(run.object?["metrics"] as? [String: Any])
    #expect((metrics["test_accuracy"] as? Double ?? 0) > 0.9 && metrics["train_accuracy"] is Double)
    #expect(((run.object?["digests"] as? [String: Any])?["weights"] as? String)?.count == 64)
    #expect((run.object?["biological_ms"] as? Double) == 0 && run.object?["real_time_factor"] is NSNull)
    let check = try ExamplePackage.snnsim("check", trial.path)
    #expect(check.code == 0 && check.stdout.contains("120") && check.stdout.contains("softmax_regression"), "\(check.stdout)")
    let verify = try ExamplePackage.snnsim("verify", trial.path, "--threads-list", "1,2,3")
    #expect(verify.code == 0 && verify.stdout.contains("equal digests on 1,2,3 threads"), "\(verify.stdout)\(verify.stderr)")
    let plot = try ExamplePackage.snnsim("plot", trial.output, "training")
    #expect(plot.code == 0 && FileManager.default.fileExists(atPath: trial.output + "/figures/training.svg"))
    let plain = try ExamplePackage.snnsim("run", trial.path, "--no-record")
    #expect(plain.code == 0 && plain.stdout.contains("test_accuracy") && !plain.stdout.contains("results in"))
    let page = try ExamplePackage.snnsim("models", "softmax_regression")
    #expect(page.code == 0 && page.stdout.contains("learning_rate") && page.stdout.contains("linear_after_half"))
    #expect(try ExamplePackage.snnsim("schema").stdout.contains("softmax_regression"))
  }

  @Test("Bad data end in 2 with nothing on standard output, a diverging training in 3") func codes() throws {
    let trial = try TrainingTrial()
    let bad = try ExamplePackage.snnsim("run", trial.path, "--set", "data.train.label=species")
    #expect(bad.code == 2 && bad.stdout.isEmpty && bad.stderr.contains("no column \"species\""), "\(bad.stderr)")
    #expect(bad.stderr.contains("nothing was run"))
    let wild = try ExamplePackage.snnsim("run", trial.path, "--no-record", "--set", "train.learning_rate=1e200")
    #expect(wild.code == 3 && wild.stderr.contains("\"loss\"") && wild.stderr.contains("hint:"), "\(wild.stderr)")
  }

  @Test("Ctrl-C writes what is there and ends in 130") func interruption() throws {
    let trial = try TrainingTrial()
    let run = try ExamplePackage.snnsim(
      "run", trial.path, "--json", "--output", trial.output, "--set", "train.epochs=1000000"
    ) { process in
      // Once the first epochs are written it is surely training.
      for _ in 0..<600 where !FileManager.default.fileExists(atPath: trial.output + "/metrics.jsonl") { usleep(50_000) }
      process.interrupt()
    }
    #expect(run.code == 130, "\(run.stderr)")
    #expect(FileManager.default.fileExists(atPath: trial.output + "/models/last.npz"))
    let lines = try String(contentsOfFile: trial.output + "/metrics.jsonl", encoding: .utf8).split(separator: "\n")
    let metrics = try #require(run.object?["metrics"] as? [String: Any])
    #expect(metrics["epochs"] as? Int == lines.count)
  }
}
