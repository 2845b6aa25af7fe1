import SNNSignals

/// The synapses of a projection, source by source: those of one source are found without those of any other.
///
/// That is what lets a table be written front to back, and what lets synapses be regenerated when their source spikes instead
/// of being stored.
public protocol SourceRows: Sendable {
  /// How many synapses `source` has.
  func rowLength(_ shape: ProjectionShape, source: Int) -> Int
  /// Appends the synapses of `source` to `list` as one row of that length.
  func appendRow(_ shape: ProjectionShape, source: Int, to list: RowList)
}

/// Rows of synapses as a rule lists them, with the keys of their draws: memory that is filled and emptied again and again.
public final class RowList {
  /// Target neuron of each synapse.
  public private(set) var targets: UnsafeMutablePointer<UInt32>
  /// The weight and the delay of a synapse are draw (index, draw) of their streams.
  public private(set) var indices: UnsafeMutablePointer<UInt32>
  public private(set) var draws: UnsafeMutablePointer<UInt32>
  public private(set) var count = 0
  /// One past the last synapse of each row.
  public private(set) var ends: [Int] = []
  private var capacity = 1024
  private var bits: [UInt64] = []

  public init() {
    targets = .allocate(capacity: capacity)
    indices = .allocate(capacity: capacity)
    draws = .allocate(capacity: capacity)
  }
  deinit {
    targets.deallocate()
    indices.deallocate()
    draws.deallocate()
  }

  public func removeAll() {
    count = 0
    ends.removeAll(keepingCapacity: true)
  }

  /// The row at `row`, as places of the columns.
  @inlinable public func row(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

  /// Adds a row of `length` synapses to be written by `body`, which gets the first place of the row.
  public func append(length: Int, _ body: (_ first: Int) -> Void) {
    if count + length > capacity { grow(to: count + length) }
    body(count)
    count += length
    ends.append(count)
  }

  /// A bitmap of `count` zeros for drawing without replacement; to be given back as zeros.
  public func withMarks(_ count: Int, _ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    if bits.count * 64 < count { bits = Array(repeating: 0, count: count / 64 + 1) }
    bits.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }

  private func grow(to needed: Int) {
    let old = capacity
    while capacity < needed { capacity *= 2 }
    for column in [\RowList.targets, \RowList.indices, \RowList.draws] {
      let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
      larger.update(from: self[keyPath: column], count: min(old, count))
      self[keyPath: column].deallocate()
      self[keyPath: column] = larger
    }
  }
}
