import SNNSignals

/// The two populations of a projection as a connection rule sees them.
public struct ProjectionShape: Sendable {
  public var sources: Int
  public var targets: Int
  /// Whether source and target are the same population, so that an autapse is possible.
  public var isRecurrent: Bool
  /// Keyed by the projection's name.
  public var random: RandomStream

  public init(sources: Int, targets: Int, isRecurrent: Bool, random: RandomStream) {
    self.sources = sources
    self.targets = targets
    self.isRecurrent = isRecurrent
    self.random = random
  }
}

/// The synapses of a projection, found in one of two ways.
public enum Connectivity: Sendable {
  case byTarget(any TargetLists)
  case bySource(any SourceRows)
}

/// The synapses of a projection, target by target, in any part and as often as wanted.
///
/// Asked twice for the same targets it lists the same synapses in the same order, and what it lists for one target doesn't
/// depend on which others are asked for: that is what lets chunks build in parallel, straight into the final layout.
public protocol TargetLists: Sendable {
  /// Lists the synapses onto `targets`: targets ascending, all synapses of one target together.
  func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor)
  /// The first pass of building. A requirement, not a helper: each rule's witness is its loop, specialised to counting.
  func count(_ shape: ProjectionShape, targets: Range<Int>, into counter: RowCounter)
  /// The second pass; a requirement for the same reason.
  func fill(_ shape: ProjectionShape, targets: Range<Int>, into filler: RowFiller)
}

extension TargetLists {
  @inlinable
  public func count(_ shape: ProjectionShape, targets: Range<Int>, into counter: RowCounter) {
    var visitor = counter
    forEachSynapse(shape, targets: targets, &visitor)
  }
  @inlinable
  public func fill(_ shape: ProjectionShape, targets: Range<Int>, into filler: RowFiller) {
    var visitor = filler
    forEachSynapse(shape, targets: targets, &visitor)
  }
}

/// Which neurons a projection connects. A value of the type is a rule with its parameters.
///
/// Rules that choose the sources of each target are themselves ``TargetLists``, those that choose the targets of each source
/// ``SourceRows``. Others do their work once per projection in ``connectivity(_:)``, in time proportional to synapses, and
/// return the result.
public protocol ConnectionRule: Sendable {
  static var description: EntryDescription { get }
  /// Reads its parameters from the checked fields of the network file. A field that may be absent takes its default.
  init(fields: [String: FieldValue]) throws
  /// What is wrong with this rule for these sizes, as sentences naming its fields; empty when nothing is.
  func problems(_ shape: ProjectionShape) -> [String]
  /// Expected number of synapses (exact where the rule fixes it): for the prediction of memory.
  func expectedSynapses(_ shape: ProjectionShape) -> Double
  /// The synapses themselves. Ask only when ``problems(_:)`` is empty.
  func connectivity(_ shape: ProjectionShape) -> Connectivity
  /// Weights that come with the pairs, in the order of their numbers; nil for all but lists.
  var listedWeights: [Double]? { get }
  /// Delays that come with the pairs, ms; nil for all but lists.
  var listedDelays: [Double]? { get }
}

extension ConnectionRule {
  public var listedWeights: [Double]? { nil }
  public var listedDelays: [Double]? { nil }
}

extension ConnectionRule where Self: TargetLists {
  public func connectivity(_ shape: ProjectionShape) -> Connectivity { .byTarget(self) }
}

extension ConnectionRule where Self: SourceRows {
  public func connectivity(_ shape: ProjectionShape) -> Connectivity { .bySource(self) }
}
