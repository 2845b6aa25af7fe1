import SNNSignals

/// What a learner is made from, besides its parameters.
public struct LearnerSetup: Sendable {
  /// Values of a sample at each step, or channels of its events.
  public var features: Int
  /// Steps of a sample; 1 for static ones, 0 for events.
  public var steps: Int
  public var classes: Int
  /// Of all random draws: initial weights, noise, negative samples.
  public var seed: UInt64
  public var parallel: Parallel

  public init(features: Int, steps: Int = 1, classes: Int, seed: UInt64, parallel: Parallel = .serial) {
    self.features = features
    self.steps = steps
    self.classes = classes
    self.seed = seed
    self.parallel = parallel
  }
}

/// A rule by which a network learns to tell classes apart: one file for each.
///
/// The loop owns data sets, encoders, batches, their order, evaluation, models and files; a learner, the network and how it
/// changes. Random numbers come from a `RandomStream` of the setup's seed, keyed by what they are for (a sample's id, the step of
/// a ``Moment``): then batches may be cut and a training resumed anywhere, with the same bits on any number of threads.
public protocol Learner: SendableMetatype {
  associatedtype Parameters: LearnerParameters

  /// As the network file calls it: `forward_forward`.
  static var name: String { get }
  static var summary: String { get }
  /// Equations as plain text, one per line.
  static var equations: String { get }
  /// Paper with DOI.
  static var source: String { get }
  static var parameters: [LearnerParameter<Parameters>] { get }
  /// Whether batches hold events instead of steps.
  static var takesEvents: Bool { get }

  /// - Throws: `TrainingError` when parameters, or the shapes of the data, don't fit together.
  init(_ parameters: Parameters, _ setup: LearnerSetup) throws

  /// Bytes of weights and of the optimiser's state. A network that memory can't hold is refused before it is made.
  static func bytes(_ parameters: Parameters, _ setup: LearnerSetup) -> Double

  /// Changes the network by one batch. A measure that is not finite ends the training.
  mutating func learn(_ batch: Batch, at moment: Moment) -> Measures
  /// The class that the network gives each sample. Must not change what is learnt; mutating so that buffers can be used again.
  mutating func answer(_ batch: Batch) -> [Int]

  /// Everything that a training needs to be taken up again: weights, the optimiser's state, running means.
  var state: [NamedArray] { get }
  /// Takes over a ``state``.
  /// - Throws: `TrainingError` when it belongs to another network.
  mutating func restore(_ state: [NamedArray]) throws

  /// A task of a list begins or ends; continual learning may want to know.
  mutating func beginTask(_ task: Int)
  mutating func endTask(_ task: Int)
}

extension Learner {
  public static var takesEvents: Bool { false }
  public static func bytes(_ parameters: Parameters, _ setup: LearnerSetup) -> Double { 0 }
  public mutating func beginTask(_ task: Int) {}
  public mutating func endTask(_ task: Int) {}

  /// The entry of this learner in the vocabulary, made from its tables.
  public static var entry: EntryDescription {
    EntryDescription(
      category: .learner, name: name, summary: summary, equations: equations, source: source, fields: parameters.map(\.field))
  }

  /// A learner with the parameters of a network file, which have been checked against ``entry``.
  public static func make(fields: [String: FieldValue], _ setup: LearnerSetup) throws -> Self {
    try Self(values(of: fields), setup)
  }

  /// What ``make(fields:_:)`` will take of memory.
  public static func bytes(fields: [String: FieldValue], _ setup: LearnerSetup) -> Double { bytes(values(of: fields), setup) }

  private static func values(of fields: [String: FieldValue]) -> Parameters {
    var values = Parameters()
    for parameter in parameters {
      if let value = fields[parameter.field.name] { parameter.put(value, &values) }
    }
    return values
  }
}
