import SNNSignals

/// The section `train`: it makes a run a training.
public struct TrainPlan: Hashable, Sendable {
  /// The learner.
  public var rule: String
  /// Its own parameters, with defaults filled in.
  public var fields: [String: FieldValue]
  /// The data set that is learnt, and the one that the learner is tested with.
  public var data: String
  public var evaluate: String?
  /// Epochs between two tests.
  public var every: Int
  public var epochs: Int
  /// Samples of a batch.
  public var batch: Int
  public var seed: UInt64
  /// Whether each epoch has an order of its own.
  public var shuffles: Bool
  public var encoders: [EncoderPlan]
  /// Learnt one after another; empty for the one task that the data sets are.
  public var tasks: [TaskPlan]
  /// A saved model to begin with.
  public var initial: String?
  public var location: SourceLocation
  /// Where each key stands.
  public var places: [String: SourceLocation]

  /// Where a key stands, or the section without it.
  public func place(_ key: String?) -> SourceLocation { key.flatMap { places[$0] } ?? location }
}

/// What turns samples into inputs.
public struct EncoderPlan: Hashable, Sendable {
  public var type: String
  /// With defaults filled in.
  public var fields: [String: FieldValue]
  public var location: SourceLocation
}

/// An entry of `tasks`: which part of which data, and how it is changed.
public struct TaskPlan: Hashable, Sendable {
  /// The number of the permutation of the values; 0 leaves them where they are.
  public var permutation: Int
  /// Only samples of these classes; `nil` for all.
  public var classes: [Int]?
  /// Other data sets than those of `train`.
  public var data: String?
  public var evaluate: String?
  public var location: SourceLocation

  public init(
    permutation: Int, classes: [Int]? = nil, data: String? = nil, evaluate: String? = nil, location: SourceLocation
  ) {
    self.permutation = permutation
    self.classes = classes
    self.data = data
    self.evaluate = evaluate
    self.location = location
  }
}
