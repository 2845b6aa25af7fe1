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

/// The training loop of every learner: epochs of batches in an order from Philox, tests between them.
///
///     for each task, for each epoch:
///       for each batch:  learn
///       test, tell the observer
public struct TrainingLoop {
  public let plan: TrainingPlan
  private let maker: BatchMaker
  private let classes: Int
  private var outcome = TrainingOutcome()
  private var step = 0

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
    for task in plan.tasks.indices {
      learner.beginTask(task)
      for epoch in 0..<plan.epochs {
        let isLast = epoch == plan.epochs - 1
        guard var report = try learn(&learner, task, task * plan.epochs + epoch, &observer, shouldStop) else {
          outcome.isInterrupted = true
          return outcome
        }
        if isLast { learner.endTask(task) }
        if isLast || (epoch + 1) % plan.testInterval == 0 { test(&learner, task, isLast: isLast, &report) }
        outcome.epochs.append(report)
        try observer.epochDone(report, isBest: isBest(report), learner)
      }
    }
    return outcome
  }

  /// One epoch; nil when it was interrupted.
  private mutating func learn(
    _ learner: inout any Learner, _ task: Int, _ epoch: Int, _ observer: inout some TrainingObserver, _ shouldStop: () -> Bool
  ) throws -> EpochReport? {
    let data = plan.tasks[task].training
    let order = plan.shuffles ? maker.order(of: data, epoch: epoch) : data.ids
    let clock = ContinuousClock()
    let started = clock.now
    var measures = Measures()
    for batch in 0..<plan.batches(task) {
      if shouldStop() { return nil }
      let ids = order[batch * plan.batch..<min(order.count, (batch + 1) * plan.batch)]
      let moment = Moment(
        epoch: epoch, batch: batch, step: step, progress: Double(step) / Double(plan.allBatches), task: task)
      measures.add(learner.learn(maker.batch(data, ids: ids, round: epoch + 1), at: moment))
      step += 1
      if let wrong = measures.entries.first(where: { !$0.sum.isFinite }) {
        throw NonFiniteTraining(what: "the measure \"\(wrong.name)\"", epoch: epoch + 1, batch: batch + 1)
      }
      observer.batchDone(
        TrainingProgress(
          epoch: epoch, epochs: plan.allEpochs, task: task, batches: step, allBatches: plan.allBatches, measures: measures))
    }
    let seconds = (clock.now - started) / .seconds(1)
    if let wrong = learner.state.first(where: { !$0.isFinite }) {
      throw NonFiniteTraining(what: "the array \"\(wrong.name)\"", epoch: epoch + 1, batch: plan.batches(task))
    }
    return EpochReport(epoch: epoch + 1, task: task, measures: measures, samples: data.count, seconds: seconds)
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
