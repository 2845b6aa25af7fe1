import SNNSignals

/// How the weight or delay of each synapse of a projection comes about.
public enum SynapseValue: Sendable {
  /// One number for all, kept exactly.
  case shared(Double)
  /// Drawn from a distribution, keyed by (target, number of the synapse within the target's list).
  case drawn(Distribution, RandomStream)
  /// One per synapse, in the order in which the rule lists them (`list` and `file` rules only).
  case listed([Double])
}

/// Counts the synapses of each source neuron: the first pass of building.
public struct RowCounter {
  public var counts: UnsafeMutablePointer<UInt32>
  @inlinable public init(counts: UnsafeMutablePointer<UInt32>) { self.counts = counts }
  @inlinable @inline(__always)
  public func add(source: Int) { counts[source] &+= 1 }
}

/// Puts each synapse into its place: the second pass, which sees the same synapses in the same order.
public struct RowFiller {
  /// Next free place of each source's row.
  public var cursors: UnsafeMutablePointer<UInt32>
  /// Target within the chunk.
  public var targets: UnsafeMutablePointer<UInt16>
  public var firstTarget: Int
  /// Where to note (target, number) of each synapse for drawing weights and delays afterwards, or nil when both are shared.
  public var numbers: UnsafeMutablePointer<UInt32>?

  @inlinable
  public init(
    cursors: UnsafeMutablePointer<UInt32>, targets: UnsafeMutablePointer<UInt16>, firstTarget: Int,
    numbers: UnsafeMutablePointer<UInt32>?
  ) {
    self.cursors = cursors
    self.targets = targets
    self.firstTarget = firstTarget
    self.numbers = numbers
  }

  /// `number` counts the synapses of this target from 0; with `target` it keys the draws of this synapse.
  @inlinable @inline(__always)
  public func add(source: Int, target: Int, number: Int) {
    let place = Int(cursors[source])
    cursors[source] &+= 1
    targets[place] = UInt16(truncatingIfNeeded: target &- firstTarget)
    if let numbers { numbers[place] = UInt32(truncatingIfNeeded: number) }
  }
}

/// Which neurons a projection connects. A value of the type is a rule with its parameters.
///
/// Rules that list the sources of each target build in parallel straight into the final layout. A rule is asked twice for
/// the same targets and must list the same synapses in the same order: it draws by `random`, keyed by target.
public protocol ConnectionRule: Sendable {
  static var description: EntryDescription { get }
  /// Reads its parameters from the checked fields of the network file.
  init(fields: [String: FieldValue]) throws
  /// What is wrong with this rule for these sizes, as sentences naming its fields; empty when nothing is.
  func problems(_ shape: ProjectionShape) -> [String]
  /// Expected number of synapses (exact where the rule fixes it): for the prediction of memory.
  func expectedSynapses(_ shape: ProjectionShape) -> Double

  func count(_ shape: ProjectionShape, targets: Range<Int>, into counter: RowCounter)
  func fill(_ shape: ProjectionShape, targets: Range<Int>, into filler: RowFiller)
}

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
