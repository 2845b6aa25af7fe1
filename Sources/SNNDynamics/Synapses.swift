import SNNSignals

/// How the weight or delay of each synapse of a projection comes about.
public enum SynapseValue: Sendable {
  /// One number for all, kept exactly.
  case shared(Double)
  /// Drawn from a distribution, keyed by (target, number of the synapse within the target's list), or as ``RowList`` says.
  case drawn(Distribution, RandomStream)
  /// One per synapse, found by the number that the connectivity gives it (`list` and `file` rules only).
  case listed([Double])
}

/// Receives the synapses of a projection, one call each.
public protocol SynapseVisitor {
  /// - Parameters:
  ///   - source: neuron within the source population.
  ///   - target: neuron within the target population.
  ///   - number: with `target` it keys the draws of this synapse; it is also the place of listed weights and delays.
  mutating func add(source: Int, target: Int, number: Int)
}

/// Counts the synapses of each source neuron: the first pass of building.
public struct RowCounter: SynapseVisitor {
  public var counts: UnsafeMutablePointer<UInt32>
  @inlinable public init(counts: UnsafeMutablePointer<UInt32>) { self.counts = counts }
  @inlinable @inline(__always)
  public func add(source: Int, target: Int, number: Int) { counts[source] &+= 1 }
}

/// Puts each synapse into its place: the second pass, which sees the same synapses in the same order.
public struct RowFiller: SynapseVisitor {
  /// Next free place of each source's row.
  public var cursors: UnsafeMutablePointer<UInt32>
  /// Target within the chunk.
  public var targets: UnsafeMutablePointer<UInt16>
  public var firstTarget: Int
  /// Where to note the number of each synapse for finding weights and delays afterwards, or nil when both are shared.
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

  @inlinable @inline(__always)
  public func add(source: Int, target: Int, number: Int) {
    let place = Int(cursors[source])
    cursors[source] &+= 1
    targets[place] = UInt16(truncatingIfNeeded: target &- firstTarget)
    if let numbers { numbers[place] = UInt32(truncatingIfNeeded: number) }
  }
}
