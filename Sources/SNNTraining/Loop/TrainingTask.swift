/// One of the tasks that are learnt one after another; without a list of tasks there is one.
public struct TrainingTask: Sendable {
  public var training: Dataset
  public var test: Dataset?

  public init(training: Dataset, test: Dataset?) {
    self.training = training
    self.test = test
  }
}

/// How well each task is known after each: R_tj is the accuracy at task j after task t has been learnt.
///
/// Lopez-Paz & Ranzato (2017), Gradient episodic memory for continual learning, arXiv:1706.08840.
public struct AccuracyMatrix: Sendable, Equatable {
  /// A row for each task learnt, in order, with an accuracy for each task.
  public internal(set) var rows: [[Double]] = []

  public init() {}

  public mutating func add(_ row: [Double]) { rows.append(row) }

  /// ACC: the mean accuracy at all tasks after the last; nil before any.
  public var accuracy: Double? {
    guard let last = rows.last else { return nil }
    return last.reduce(0, +) / Double(last.count)
  }

  /// BWT: what learning the later tasks did to the accuracy at the earlier ones, on average; nil with fewer than two tasks.
  public var backwardTransfer: Double? {
    guard rows.count > 1, let last = rows.last else { return nil }
    let changes = (0..<rows.count - 1).map { last[$0] - rows[$0][$0] }
    return changes.reduce(0, +) / Double(changes.count)
  }
}
