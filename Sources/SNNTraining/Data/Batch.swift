import SNNSignals

/// A minibatch: `count` samples of `steps` × `features` values; a static sample has one step.
public struct Batch: Sendable {
  /// `[steps][count][features]`, so that each step is one matrix of `count` rows and `features` columns.
  public var inputs: [Float]
  /// For a learner that takes events, the spikes of each sample in the order of time; then there are no steps and no ``inputs``.
  public var events: [[SampleEvent]] = []
  public var count: Int
  public var steps: Int
  public var features: Int
  /// The class of each sample.
  public var labels: [Int]
  /// The place of each sample in its data set: the entity of its random draws.
  public var ids: [Int]

  public init(inputs: [Float], count: Int, steps: Int, features: Int, labels: [Int], ids: [Int]) {
    precondition(inputs.count == count * steps * features && labels.count == count && ids.count == count)
    self.inputs = inputs
    self.count = count
    self.steps = steps
    self.features = features
    self.labels = labels
    self.ids = ids
  }
}

/// Where in training a batch stands: the key of random draws and of schedules.
public struct Moment: Sendable, Equatable {
  /// From 0, counted over all tasks.
  public var epoch: Int
  /// The place of the batch in its epoch.
  public var batch: Int
  /// Batches before this one, of all epochs.
  public var step: Int
  /// The part of all epochs that lies before this batch: 0 ≤ progress < 1.
  public var progress: Double
  /// The place of the task in the list of tasks; 0 without one.
  public var task: Int

  public init(epoch: Int = 0, batch: Int = 0, step: Int = 0, progress: Double = 0, task: Int = 0) {
    self.epoch = epoch
    self.batch = batch
    self.step = step
    self.progress = progress
    self.task = task
  }
}
