import SNNSignals
import Testing

@testable import SNNTraining

/// Answers the parity of what it saw first in a sample, and keeps a diary.
private struct Diarist: Learner {
  struct Parameters: LearnerParameters {
    var rate = 0.5, layers = [3, 2], steps = 4, isOn = true
    var rates = [0.25]
    var schedule = Schedule.cosine
  }
  static let name = "diarist"
  static let summary = "Keeps a diary."
  static let equations = ""
  static let source = "test"
  static let parameters: [LearnerParameter<Parameters>] = [
    LearnerParameter("rate", \.rate, "a number", .positive, unit: .ms), LearnerParameter("layers", \.layers, "sizes", .positive),
    LearnerParameter("steps", \.steps, "a whole number"), LearnerParameter("is_on", \.isOn, "a flag"),
    LearnerParameter("rates", \.rates, "numbers"), LearnerParameter("schedule", \.schedule, "a word"),
  ]
  final class Diary {
    var moments: [Moment] = []
    var ids: [[Int]] = []
    var tasks: [String] = []
    var answered = 0
  }
  let diary = Diary()
  let values: Parameters
  var poison: Int?
  var isSpoilt = false
  init(_ parameters: Parameters, _ setup: LearnerSetup) { values = parameters }
  mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    diary.moments.append(moment)
    diary.ids.append(batch.ids)
    var measures = Measures()
    measures.add("size", sum: Double(batch.count * batch.count), count: batch.count)
    if moment.step == poison { measures.add("loss", sum: .nan, count: 1) }
    return measures
  }
  mutating func answer(_ batch: Batch) -> [Int] {
    diary.answered += batch.count
    return (0..<batch.count).map { Int(batch.inputs[$0 * batch.features]) % 2 }
  }
  var state: [NamedArray] { [NamedArray("days", [1], [isSpoilt ? Float.infinity : Float(diary.ids.count)])] }
  mutating func restore(_ state: [NamedArray]) {}
  mutating func beginTask(_ task: Int) { diary.tasks.append("begin \(task)") }
  mutating func endTask(_ task: Int) { diary.tasks.append("end \(task)") }
}

private struct Watcher: TrainingObserver {
  var batches: [TrainingProgress] = []
  var epochs: [EpochReport] = []
  var best: [Int] = []
  mutating func batchDone(_ progress: TrainingProgress) { batches.append(progress) }
  mutating func epochDone(_ report: EpochReport, isBest: Bool, _ learner: any Learner) {
    epochs.append(report)
    if isBest { best.append(report.epoch) }
  }
}

@Suite struct TrainingLoopTests {
  private func plan(_ count: Int, tasks: Int = 1, epochs: Int = 3, batch: Int = 4) -> TrainingPlan {
    let task = TrainingTask(training: counted(count), test: counted(6, name: "test"))
    return TrainingPlan(
      tasks: Array(repeating: task, count: tasks), encoding: Encoding(), epochs: epochs, batch: batch, seed: 9)
  }

  @Test("Each epoch shows each sample once, in batches of the size asked for and a rest") func everySample() throws {
    let diarist = Diarist(.init(), LearnerSetup(features: 3, classes: 2, seed: 1))
    var (learner, watcher) = (diarist as any Learner, Watcher())
    var loop = try TrainingLoop(plan(10), parallel: .serial)
    let outcome = try loop.run(&learner, observer: &watcher)
    #expect(diarist.diary.ids.map(\.count) == [4, 4, 2, 4, 4, 2, 4, 4, 2])
    for epoch in 0..<3 { #expect(diarist.diary.ids[epoch * 3..<epoch * 3 + 3].flatMap { $0 }.sorted() == Array(0..<10)) }
    #expect(Set(diarist.diary.ids).count == 9)
    #expect(diarist.diary.moments[4] == Moment(epoch: 1, batch: 1, step: 4, progress: 4.0 / 9, task: 0))
    #expect(watcher.epochs.map(\.epoch) == [1, 2, 3] && watcher.batches.last?.batches == 9)
    // Σ size² / Σ size over batches of 4, 4, 2.
    #expect(watcher.epochs[0].measures["size"] == 3.6)
    #expect(outcome.test?.accuracy == 1 && outcome.best?.epoch == 1 && watcher.best == [1])
    #expect(outcome.trainAccuracy == 1 && !outcome.isInterrupted)
  }

  @Test("Without shuffling, samples come in the order of the file") func unshuffled() throws {
    let diarist = Diarist(.init(), LearnerSetup(features: 3, classes: 2, seed: 1))
    var (learner, watcher) = (diarist as any Learner, Watcher())
    var plan = plan(10, epochs: 1)
    plan.shuffles = false
    var loop = try TrainingLoop(plan, parallel: .serial)
    _ = try loop.run(&learner, observer: &watcher)
    #expect(diarist.diary.ids == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
  }

  @Test("Tests come every so many epochs, and always at the end") func testInterval() throws {
    var (learner, watcher) = (Diarist(.init(), LearnerSetup(features: 3, classes: 2, seed: 1)) as any Learner, Watcher())
    var plan = plan(8, epochs: 5)
    plan.testInterval = 2
    var loop = try TrainingLoop(plan, parallel: .serial)
    _ = try loop.run(&learner, observer: &watcher)
    #expect(watcher.epochs.map { $0.test != nil } == [false, true, false, true, true])
  }

  @Test("Tasks begin and end in order, epochs count on, and every task is tested after each") func tasks() throws {
    let diarist = Diarist(.init(), LearnerSetup(features: 3, classes: 2, seed: 1))
    var (learner, watcher) = (diarist as any Learner, Watcher())
    var loop = try TrainingLoop(plan(8, tasks: 3, epochs: 2), parallel: .serial)
    let outcome = try loop.run(&learner, observer: &watcher)
    #expect(diarist.diary.tasks == ["begin 0", "end 0", "begin 1", "end 1", "begin 2", "end 2"])
    #expect(diarist.diary.moments.map(\.epoch).max() == 5 && diarist.diary.moments.map(\.task).max() == 2)
    #expect(watcher.epochs.map { $0.taskAccuracies?.count } == [nil, 3, nil, 3, nil, 3])
    #expect(outcome.tasks.rows.count == 3 && outcome.tasks.accuracy == 1 && outcome.tasks.backwardTransfer == 0)
    #expect(outcome.test?.total == 18)
  }

  @Test("A training that is stopped keeps its whole epochs") func interruption() throws {
    var (learner, watcher) = (Diarist(.init(), LearnerSetup(features: 3, classes: 2, seed: 1)) as any Learner, Watcher())
    var loop = try TrainingLoop(plan(8), parallel: .serial)
    var asked = 0
    let outcome = try loop.run(&learner, observer: &watcher) {
      asked += 1
      return asked > 3
    }
    #expect(outcome.isInterrupted && outcome.epochs.count == 1 && watcher.batches.count == 3)
  }

  @Test("A measure that is not finite ends the training and is named") func poison() throws {
    var diarist = Diarist(.init(), LearnerSetup(features: 3, classes: 2, seed: 1))
    diarist.poison = 3
    var (learner, watcher) = (diarist as any Learner, Watcher())
    var loop = try TrainingLoop(plan(8), parallel: .serial)
    do {
      _ = try loop.run(&learner, observer: &watcher)
      #expect(Bool(false), "it went on")
    } catch let error as NonFiniteTraining {
      #expect(error.epoch == 2 && error.batch == 2 && error.description.contains("\"loss\""))
    }
  }

  @Test("A state that is not finite ends the training, though no measure tells of it") func spoilt() throws {
    var diarist = Diarist(.init(), LearnerSetup(features: 3, classes: 2, seed: 1))
    diarist.isSpoilt = true
    var (learner, watcher) = (diarist as any Learner, Watcher())
    var loop = try TrainingLoop(plan(8), parallel: .serial)
    #expect(throws: NonFiniteTraining.self) { try loop.run(&learner, observer: &watcher) }
    #expect(watcher.epochs.isEmpty)
  }

  @Test("A learner's table gives its entry, with defaults, and puts values into its parameters") func parameters() throws {
    let entry = Diarist.entry
    #expect(entry.category == .learner && entry.fields.map(\.name) == ["rate", "layers", "steps", "is_on", "rates", "schedule"])
    #expect(
      entry.fields.map(\.standard) == [
        .number(0.5), .numbers([3, 2]), .number(4), .boolean(true), .numbers([0.25]), .text("cosine"),
      ])
    #expect(entry.fields[0].unit == .ms && entry.fields[5].kind == .choice(Schedule.allCases.map(\.rawValue)))
    let setup = LearnerSetup(features: 1, classes: 2, seed: 1)
    let made = try Diarist.make(
      fields: [
        "rate": .number(2), "layers": .integers([7]), "steps": .integer(9), "is_on": .boolean(false), "rates": .numbers([1, 2]),
        "schedule": .text("linear"),
      ], setup)
    #expect(made.values.rate == 2 && made.values.layers == [7] && made.values.steps == 9 && !made.values.isOn)
    #expect(made.values.rates == [1, 2] && made.values.schedule == .linear)
    #expect(try Diarist.make(fields: [:], setup).values.layers == [3, 2])
  }
}
