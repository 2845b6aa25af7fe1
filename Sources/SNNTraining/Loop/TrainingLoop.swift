import SNNSignals

/// What is trained on, how long and how often it is tested.
public struct TrainingPlan: Sendable {
  public var tasks: [TrainingTask]
  public var encoding: Encoding
  /// Of each task.
  public var epochs: Int
  /// Samples of a batch.
  public var batch: Int
  /// Of the order of batches, of encoders and of tasks.
  public var seed: UInt64
  /// Whether samples come in a new order each epoch.
  public var shuffles = true
  /// Epochs between two tests. The last epoch of a task is always followed by one.
  public var testInterval = 1

  public init(tasks: [TrainingTask], encoding: Encoding, epochs: Int, batch: Int, seed: UInt64) {
    self.tasks = tasks
    self.encoding = encoding
    self.epochs = epochs
    self.batch = batch
    self.seed = seed
  }

  public var allEpochs: Int { epochs * tasks.count }
  /// Batches of an epoch of a task.
  func batches(_ task: Int) -> Int { (tasks[task].training.count + batch - 1) / batch }
  public var allBatches: Int { tasks.indices.reduce(0) { $0 + batches($1) * epochs } }
}

/// Where a training stands, between two batches.
struct TrainingPlace: Sendable {
  var task = 0
  /// Of the task.
  var epoch = 0
  /// Of the epoch.
  var batch = 0
  /// Batches done, of all.
  var step = 0
  /// Whether the learner has been told of the task.
  var hasBegun = false
  /// Of this epoch until now.
  var measures = Measures()
  /// Spent learning in this epoch by calls that were stopped.
  var seconds = 0.0

  mutating func endEpoch(of epochs: Int) {
    epoch += 1
    if epoch == epochs { (task, epoch, hasBegun) = (task + 1, 0, false) }
    (batch, measures, seconds) = (0, Measures(), 0)
  }
}

/// The training loop of every learner: epochs of batches in an order from Philox, tests between them.
///
///     for each task, for each epoch:
///       for each batch:  learn
///       test, tell the observer
///
/// It can be stopped between any two batches, and goes on with the next call of ``run(_:observer:shouldStop:)``.
public struct TrainingLoop {
  public let plan: TrainingPlan
  private let maker: BatchMaker
  let classes: Int
  var outcome = TrainingOutcome()
  var place = TrainingPlace()

  /// - Throws: `TrainingError` when the encoders can't take the samples.
  public init(_ plan: TrainingPlan, parallel: Parallel) throws {
    precondition(!plan.tasks.isEmpty && plan.batch > 0)
    self.plan = plan
    let first = plan.tasks[0].training
    classes = first.classes
    maker = try BatchMaker(plan.encoding, of: first.shape, seed: plan.seed, parallel: parallel)
  }

  /// - Parameter shouldStop: asked between batches; when true the training ends early, with what was learnt so far.
  /// - Throws: ``NonFiniteTraining``, and what the observer throws.
  public mutating func run(
    _ learner: inout any Learner, observer: inout some TrainingObserver, shouldStop: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    outcome.isInterrupted = false
    while place.task < plan.tasks.count {
      if !place.hasBegun { learner.beginTask(place.task) }
      place.hasBegun = true
      guard var report = try learn(&learner, &observer, shouldStop) else {
        outcome.isInterrupted = true
        return outcome
      }
      let isLast = place.epoch == plan.epochs - 1
      if isLast { learner.endTask(place.task) }
      if isLast || (place.epoch + 1) % plan.testInterval == 0 { test(&learner, place.task, isLast: isLast, &report) }
      outcome.epochs.append(report)
      try observer.epochDone(report, isBest: isBest(report), learner)
      place.endEpoch(of: plan.epochs)
    }
    return outcome
  }

  /// The rest of an epoch; nil when it was stopped.
  private mutating func learn(
    _ learner: inout any Learner, _ observer: inout some TrainingObserver, _ shouldStop: () -> Bool
  ) throws -> EpochReport? {
    let (task, epoch) = (place.task, place.task * plan.epochs + place.epoch)
    let data = plan.tasks[task].training
    let order = plan.shuffles ? maker.order(of: data, epoch: epoch) : data.ids
    let clock = ContinuousClock()
    let started = clock.now
    func seconds(_ place: TrainingPlace) -> Double { place.seconds + (clock.now - started) / .seconds(1) }
    while place.batch < plan.batches(task) {
      if shouldStop() {
        place.seconds = seconds(place)
        return nil
      }
      let batch = place.batch
      let ids = order[batch * plan.batch..<min(order.count, (batch + 1) * plan.batch)]
      let moment = Moment(
        epoch: epoch, batch: batch, step: place.step, progress: Double(place.step) / Double(plan.allBatches), task: task)
      place.measures.add(learner.learn(maker.batch(data, ids: ids, round: epoch + 1), at: moment))
      place.step += 1
      place.batch += 1
      if let wrong = place.measures.entries.first(where: { !$0.sum.isFinite }) {
        throw NonFiniteTraining(what: "the measure \"\(wrong.name)\"", epoch: epoch + 1, batch: place.batch)
      }
      observer.batchDone(
        TrainingProgress(
          epoch: epoch, epochs: plan.allEpochs, task: task, batches: place.step, allBatches: plan.allBatches,
          measures: place.measures))
    }
    if let wrong = learner.state.first(where: { !$0.isFinite }) {
      throw NonFiniteTraining(what: "the array \"\(wrong.name)\"", epoch: epoch + 1, batch: place.batch)
    }
    return EpochReport(
      epoch: epoch + 1, task: task, measures: place.measures, samples: data.count, seconds: seconds(place))
  }

  private mutating func test(_ learner: inout any Learner, _ task: Int, isLast: Bool, _ report: inout EpochReport) {
    report.test = plan.tasks[task].test.map { answers(&learner, $0) }
    let training = plan.tasks[task].training
    report.trainAccuracy =
      report.measures["accuracy"]
      ?? answers(&learner, training.first(plan.tasks[task].test?.count ?? training.count)).accuracy
    outcome.trainAccuracy = report.trainAccuracy
    if let test = report.test { outcome.test = test }
    guard isLast, plan.tasks.count > 1, report.test != nil else { return }
    var all = Confusion(classes: classes)
    let accuracies = plan.tasks.map { task in
      let one = task.test.map { answers(&learner, $0) } ?? Confusion(classes: classes)
      all.add(one)
      return one.accuracy
    }
    outcome.tasks.add(accuracies)
    outcome.test = all
    report.taskAccuracies = accuracies
  }

  /// What a learner says of all samples of a set.
  private func answers(_ learner: inout any Learner, _ data: Dataset) -> Confusion {
    var confusion = Confusion(classes: classes)
    for start in stride(from: 0, to: data.count, by: plan.batch) {
      let batch = maker.batch(data, ids: data.ids[start..<min(data.count, start + plan.batch)], round: 0)
      for (label, answer) in zip(batch.labels, learner.answer(batch)) { confusion.add(label: label, answer: answer) }
    }
    return confusion
  }

  /// Whether an epoch's test was better than all before; of a list of tasks the last state is the one that counts.
  private mutating func isBest(_ report: EpochReport) -> Bool {
    guard let accuracy = report.test?.accuracy, plan.tasks.count == 1 else { return false }
    if let best = outcome.best, accuracy <= best.accuracy { return false }
    outcome.best = (report.epoch, accuracy)
    return true
  }
}
