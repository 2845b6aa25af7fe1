import Foundation
import SNNFiles
import SNNRecording
import SNNSim
import SNNTestSupport
import SNNTraining
import Testing

@Suite struct TrainingRunTests {
  @Test("A training leaves manifest, networks, metrics, models and confusion, and they agree with the report")
  func results() throws {
    let trial = try TrainingTrial()
    let (report, end) = try trial.run()
    #expect(end == .done)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: trial.output).sorted() == [
        "confusion.npz", "manifest.json", "metrics.jsonl", "models", "net.json", "net.resolved.json",
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: trial.output + "/models").sorted() == ["best.npz", "last.npz"])
    let run = try RunDirectory(path: trial.output)
    #expect(run.manifest.status == .done && run.manifest.weightDigest == report.weightDigest)
    #expect(run.manifest.inputs.contains { $0.path.hasSuffix("iris.csv") })
    let epochs = try run.metrics()
    #expect(epochs.count == 8 && epochs.compactMap { $0["epoch"] } == (1...8).map { Double($0) })
    #expect(epochs[7]["test_accuracy"] == report["test_accuracy"] && epochs[7]["loss"] == report["loss"])
    #expect(epochs[7]["loss"]! < epochs[0]["loss"]! && epochs.allSatisfy { $0["seconds"]! >= 0 })
    let confusion = try #require(try run.confusion())
    #expect(confusion.reduce(0, +) == 30 && report["test_samples"] == 30)
    #expect(Double(confusion[0] + confusion[4] + confusion[8]) / 30 == report["test_accuracy"])
    // Setosa is separable from the others, those two nearly: a linear classifier errs on few of 30.
    #expect(report["test_accuracy"] >= 0.9 && report["train_accuracy"] >= 0.9)
    #expect(report["best_test_accuracy"] == epochs.compactMap { $0["test_accuracy"] }.max())
    let last = try NPZFile(path: trial.output + "/models/last.npz").array("weight")
    #expect(last.shape == [3, 5])
  }

  @Test("The same weights and metrics on 1, 2, 3 and 8 threads, and with or without recording") func threads() throws {
    let trial = try TrainingTrial(
      TrainingTrial.network(train: #""data": "train", "evaluate": "test", "encoder": ["standardise", "rate"]"#)
        .replacingOccurrences(of: #""encoder": "standardise", "#, with: ""))
    let reports = try [(1, true), (2, false), (3, false), (8, false)].map { try trial.run(threads: $0.0, records: $0.1).report }
    #expect(Set(reports.map(\.weightDigest)).count == 1)
    #expect(Set(reports.map { JSONText.object($0.metrics).line }).count == 1)
    #expect(reports[0].weightDigest?.count == 64)
  }

  @Test("Another seed gives other weights; --seed acts on a seed in train too") func seeds() throws {
    let trial = try TrainingTrial(TrainingTrial.network(train: #""data": "train", "seed": 3"#))
    let own = try trial.run(records: false).report
    let same = try trial.run(trial.load([.seed("3")]), records: false).report
    let other = try trial.run(trial.load([.seed("4")]), records: false).report
    #expect(own.seed == 3 && other.seed == 4)
    #expect(own.weightDigest == same.weightDigest && own.weightDigest != other.weightDigest)
  }

  @Test("The resolved network gives the same digests, and resolves to itself") func resolved() throws {
    let trial = try TrainingTrial(
      TrainingTrial.network(train: #""data": "train", "evaluate": { "data": "test", "every": 3 }, "tasks": { "permuted": 2 }"#))
    let first = try trial.run().report
    let again = try trial.load(at: trial.output + "/net.resolved.json")
    #expect(again.resolvedText == (try trial.load().resolvedText))
    let second = try trial.run(again, records: false).report
    #expect(first.weightDigest == second.weightDigest && first["acc"] == second["acc"])
  }

  @Test("A saved model is where another training begins") func initial() throws {
    let trial = try TrainingTrial()
    let first = try trial.run().report
    let frozen = try trial.load([
      .set("train.initial=\(trial.output)/models/last.npz"), .set("train.epochs=1"), .set("train.learning_rate=1e-300"),
    ])
    let second = try trial.run(frozen, records: false).report
    #expect(second.weightDigest == first.weightDigest && second["test_accuracy"] == first["test_accuracy"])
  }

  @Test("Permuted tasks: an accuracy for each task after each, ACC and BWT from them") func tasks() throws {
    let trial = try TrainingTrial(
      TrainingTrial.network(train: #""data": "train", "evaluate": "test", "tasks": { "permuted": 3 }"#))
    let report = try trial.run().report
    let text = try String(contentsOfFile: trial.output + "/metrics.jsonl", encoding: .utf8)
    let rows = try text.split(separator: "\n").compactMap { line in
      try (JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["task_accuracies"] as? [Double]
    }
    #expect(rows.count == 3 && text.split(separator: "\n").count == 24)
    #expect(abs(report["acc"] - rows[2].reduce(0, +) / 3) < 1e-15)
    #expect(abs(report["bwt"] - ((rows[2][0] - rows[0][0]) + (rows[2][1] - rows[1][1])) / 2) < 1e-15)
    #expect(rows[0][0] > 0.8)
  }

  @Test("Tasks of classes: only their samples are learnt and tested") func classTasks() throws {
    let trial = try TrainingTrial(
      TrainingTrial.network(
        train: #""data": "train", "evaluate": "test", "tasks": [{ "classes": [0, 1] }, { "classes": [2] }]"#))
    let loaded = try trial.load()
    #expect(loaded.training?.plan.tasks.map(\.training.count) == [80, 40])
    #expect(loaded.training?.plan.tasks.map { $0.test?.count } == [20, 10])
    #expect(try trial.run(loaded, records: false).report["acc"] <= 1)
  }

  @Test("A training that is interrupted leaves its whole epochs and its last model") func interruption() throws {
    let trial = try TrainingTrial()
    nonisolated(unsafe) var asked = 0
    // Six batches an epoch.
    let (report, end) = try trial.run(shouldStop: {
      asked += 1
      return asked > 15
    })
    #expect(end == .interrupted && report["epochs"] == 2)
    let run = try RunDirectory(path: trial.output)
    #expect(run.manifest.status == .interrupted)
    #expect(try run.metrics().count == 2)
    #expect(FileManager.default.fileExists(atPath: trial.output + "/models/last.npz"))
  }

  @Test("A loss that is not finite stops the training, which keeps what it has") func divergence() throws {
    let trial = try TrainingTrial()
    #expect(throws: NonFiniteTraining.self) { try trial.run(trial.load([.set("train.learning_rate=1e200")])) }
    #expect(try RunDirectory(path: trial.output).manifest.status == .stopped)
  }

  @Test("The figure shows the learning curve and the confusion") func figure() throws {
    let trial = try TrainingTrial()
    try trial.run()
    let svg = try RecordedRun(path: trial.output).figure(.training)
    for words in ["Error (%)", "Epoch", "Answer", "8 epochs", "seed 1"] { #expect(svg.contains(words), "\(words)") }
    let plain = try TrainingTrial(TrainingTrial.network(train: #""data": "train""#))
    try plain.run()
    #expect(try RecordedRun(path: plain.output).figure(.training).contains("no test"))
  }
}
