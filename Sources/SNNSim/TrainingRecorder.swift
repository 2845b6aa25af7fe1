import Foundation
import SNNRecording
import SNNSignals
import SNNTraining

/// Keeps what a training measures and its best model, and shows how far it is.
struct TrainingRecorder: TrainingObserver {
  private let directory: ResultsDirectory?
  let progress: ProgressLine?
  let metrics: MetricsWriter?

  /// - Parameter directory: where everything is written; nil for nowhere.
  init(_ directory: ResultsDirectory?, progress: ProgressLine?) throws {
    self.directory = directory
    metrics = try directory?.metricsWriter()
    self.progress = progress
  }

  mutating func batchDone(_ state: TrainingProgress) {
    guard let progress, progress.isDue() else { return }
    let facts = state.measures.entries.prefix(3).map { "\($0.name) \(short($0.mean))" }
    progress.show(
      fraction: Double(state.batches) / Double(state.allBatches), ["epoch \(state.epoch + 1) of \(state.epochs)"] + facts)
  }

  mutating func epochDone(_ report: EpochReport, isBest: Bool, _ learner: any Learner) throws {
    try metrics?.append(report.json)
    if isBest, let directory { try ModelFile.write(learner.state, to: directory.modelPath("best")) }
    let test = report.test.map { ["test \(percent($0.accuracy))"] } ?? []
    let train = report.trainAccuracy.map { ["training \(percent($0))"] } ?? []
    progress?.say("epoch \(report.epoch)" + (test + train).map { ", \($0)" }.joined() + ", \(short(report.seconds)) s")
  }

  func close() throws { try metrics?.close() }

  private func short(_ x: Double) -> String { String(format: "%.4g", x) }
  private func percent(_ x: Double) -> String { short(100 * x) + " %" }
}

extension EpochReport {
  /// A line of `metrics.jsonl`.
  var json: JSONText {
    var members: [JSONText.Member] = [("epoch", .integer(epoch)), ("task", .integer(task))]
    members += measures.entries.map { ($0.name, .number($0.mean)) }
    if let trainAccuracy { members.append(("train_accuracy", .number(trainAccuracy))) }
    if let test { members.append(("test_accuracy", .number(test.accuracy))) }
    if let taskAccuracies { members.append(("task_accuracies", .array(taskAccuracies.map { .number($0) }))) }
    members += [("samples", .integer(samples)), ("seconds", .number(seconds))]
    return .object(members)
  }
}
