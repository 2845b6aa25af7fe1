/// Sorts the targets of one row by chunk and, within a chunk, ascending; synapses onto the same target keep their order.
final class RowSorter {
  private let finder: ChunkFinder
  /// The synapses onto chunk c are `entries[starts[c]..<starts[c + 1]]`.
  let starts: UnsafeMutablePointer<UInt32>
  /// Upper half: target within the chunk. Lower half: number of the synapse within the row.
  private(set) var entries: UnsafeMutablePointer<UInt64>
  private var spare: UnsafeMutablePointer<UInt64>
  private var capacity = 1024

  /// Below this many, insertion is quicker than counting bytes.
  private static let few = 24

  init(_ finder: ChunkFinder) {
    self.finder = finder
    starts = .allocate(capacity: finder.count + 2)
    entries = .allocate(capacity: capacity)
    spare = .allocate(capacity: capacity)
  }
  deinit {
    starts.deallocate()
    entries.deallocate()
    spare.deallocate()
  }

  func sort(_ targets: UnsafePointer<UInt32>, count: Int) {
    reserve(count)
    // Counted one chunk further on, so that each start becomes the next chunk's as it moves.
    starts.update(repeating: 0, count: finder.count + 2)
    var isAscending = true
    var last: UInt32 = 0
    for i in 0..<count {
      isAscending = isAscending && targets[i] >= last
      last = targets[i]
      if let found = finder(last) { starts[found.chunk + 2] &+= 1 }
    }
    for c in 0..<finder.count { starts[c + 2] &+= starts[c + 1] }
    for i in 0..<count {
      guard let found = finder(targets[i]) else { continue }
      let place = Int(starts[found.chunk + 1])
      starts[found.chunk + 1] &+= 1
      entries[place] = UInt64(found.place) << 32 | UInt64(truncatingIfNeeded: i)
    }
    guard !isAscending else { return }
    for c in 0..<finder.count { sort(Int(starts[c])..<Int(starts[c + 1])) }
  }

  private func sort(_ range: Range<Int>) {
    if range.count <= Self.few {
      // Whole entries compare like (target, number).
      for i in range.dropFirst() {
        let entry = entries[i]
        var j = i
        while j > range.lowerBound, entries[j - 1] > entry {
          entries[j] = entries[j - 1]
          j -= 1
        }
        entries[j] = entry
      }
      return
    }
    // Targets have 16 bits: two passes of counting a byte, each of which keeps the order of equal ones.
    countingSort(range, from: entries, to: spare, shift: 32)
    countingSort(range, from: spare, to: entries, shift: 40)
  }

  private func countingSort(
    _ range: Range<Int>, from: UnsafeMutablePointer<UInt64>, to: UnsafeMutablePointer<UInt64>, shift: UInt64
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 257) { places in
      places.initialize(repeating: 0)
      for i in range { places[Int(truncatingIfNeeded: from[i] &>> shift) & 255 + 1] &+= 1 }
      for byte in 0..<256 { places[byte + 1] &+= places[byte] }
      for i in range {
        let byte = Int(truncatingIfNeeded: from[i] &>> shift) & 255
        to[range.lowerBound + Int(places[byte])] = from[i]
        places[byte] &+= 1
      }
    }
  }

  private func reserve(_ needed: Int) {
    guard capacity < needed else { return }
    while capacity < needed { capacity *= 2 }
    entries.deallocate()
    spare.deallocate()
    entries = .allocate(capacity: capacity)
    spare = .allocate(capacity: capacity)
  }
}
