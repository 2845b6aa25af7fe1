/// What is known after an epoch.
public struct EpochReport: Sendable {
  /// From 1, counted over all tasks.
  public var epoch: Int
  /// From 0.
  public var task: Int
  /// Means of what the learner measured in this epoch.
  public var measures: Measures
  public var samples: Int
  /// Of the test samples; nil when this epoch was not followed by a test.
  public var test: Confusion?
  /// Of training samples, by the learner's own count while learning or by a test on the first of them.
  public var trainAccuracy: Double?
  /// After the last epoch of a task in a list: the accuracy at each task.
  public var taskAccuracies: [Double]?
  /// Time spent learning, without tests.
  public var seconds: Double
}

/// Where a training stands, for whoever looks on.
public struct TrainingProgress: Sendable {
  /// From 0.
  public var epoch: Int
  public var epochs: Int
  public var task: Int
  /// Batches done, of all.
  public var batches: Int
  public var allBatches: Int
  /// Means over this epoch until now.
  public var measures: Measures
}

/// How a training ended.
public struct TrainingOutcome: Sendable {
  public var isInterrupted = false
  public var epochs: [EpochReport] = []
  public var tasks = AccuracyMatrix()
  /// The last test; nil without a test set.
  public var test: Confusion?
  public var trainAccuracy: Double?
  /// The epoch of the best test, from 1, and its accuracy.
  public var best: (epoch: Int, accuracy: Double)?
}

/// A measure, or a number of the learner's state, stopped being finite.
public struct NonFiniteTraining: Error, CustomStringConvertible, Sendable {
  /// "the measure \"loss\"" or "the array \"weight\"".
  public var what: String
  /// From 1.
  public var epoch: Int
  public var batch: Int

  public var description: String {
    "training: \(what) became infinite or not a number in epoch \(epoch), batch \(batch)\n"
      + "  hint: a smaller learning rate may help"
  }
}

/// What looks on while training runs.
public protocol TrainingObserver {
  mutating func batchDone(_ progress: TrainingProgress)
  /// `isBest` when its test was better than all before.
  mutating func epochDone(_ report: EpochReport, isBest: Bool, _ learner: any Learner) throws
}
