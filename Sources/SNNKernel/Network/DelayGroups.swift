import CPrimitives

/// The synapses of a table whose rows are sorted by delay, in records of those that share a row and a delay.
///
/// A spike reads its row front to back and passes on each record at once to the step in which its synapses act:
///
///     count × target (UInt16), to a multiple of 4 bytes;  count × weight (Float), unless the table has one for all
public struct DelayGroups: BitwiseCopyable {
  struct Group: BitwiseCopyable {
    /// The delay.
    var steps: UInt16
    var count: UInt16
  }
  /// By source, its first group; one more at the end.
  let starts: UnsafePointer<UInt32>
  let groups: UnsafePointer<Group>
  /// By source, the unit where its records begin.
  let recordStarts: UnsafePointer<UInt32>
  let records: UnsafeRawPointer
  let hasWeights: Bool

  /// Bytes that places of records are counted in.
  static var unit: Int { 4 }

  /// How many units the record of `count` synapses takes.
  @inline(__always)
  static func units(_ count: Int, hasWeights: Bool) -> Int { (count &+ 1) &>> 1 &+ (hasWeights ? count : 0) }

  /// The groups of neuron `source`, which together are its row, each with the unit where its record begins.
  @inline(__always)
  func forEach(_ source: UInt32, _ body: (Group, _ unit: Int) -> Void) {
    var unit = Int(recordStarts[Int(source)])
    for g in Int(starts[Int(source)])..<Int(starts[Int(source) &+ 1]) {
      let group = groups[g]
      body(group, unit)
      unit &+= Self.units(Int(group.count), hasWeights: hasWeights)
    }
  }

  @inline(__always)
  func targets(_ unit: Int) -> UnsafePointer<UInt16> { (records + unit &* Self.unit).assumingMemoryBound(to: UInt16.self) }
  @inline(__always)
  func weights(_ unit: Int, _ count: Int) -> UnsafePointer<Float> {
    (records + (unit &+ (count &+ 1) &>> 1) &* Self.unit).assumingMemoryBound(to: Float.self)
  }

  /// The synapse at `place` of a table: found by search, for tests and records.
  func synapse(_ place: Int, _ rowStarts: UnsafePointer<UInt32>, _ sources: Int) -> (target: Int, weight: Double?, steps: Int) {
    // The row that ends behind the place.
    var (low, high) = (0, sources - 1)
    while low < high {
      let middle = (low + high) / 2
      if Int(rowStarts[middle + 1]) > place { high = middle } else { low = middle + 1 }
    }
    var left = place - Int(rowStarts[low])
    var found: (target: Int, weight: Double?, steps: Int)?
    forEach(UInt32(low)) { group, unit in
      if found == nil, left < Int(group.count) {
        let weight = hasWeights ? Double(weights(unit, Int(group.count))[left]) : nil
        found = (Int(targets(unit)[left]), weight, Int(group.steps))
      }
      left -= Int(group.count)
    }
    return found!
  }

  /// Hints at where the groups of a source stand.
  @inline(__always)
  func prefetchBounds(_ source: UInt32) {
    primitive_prefetch(starts + Int(source))
    primitive_prefetch(recordStarts + Int(source))
  }

  @inline(__always)
  func prefetchGroups(_ source: UInt32) {
    prefetchLines(of: groups, Int(starts[Int(source)])..<Int(starts[Int(source) &+ 1]))
  }

  @inline(__always)
  func prefetchRecords(_ source: UInt32) {
    let words = records.assumingMemoryBound(to: UInt32.self)
    prefetchLines(of: words, Int(recordStarts[Int(source)])..<Int(recordStarts[Int(source) &+ 1]))
  }
}
