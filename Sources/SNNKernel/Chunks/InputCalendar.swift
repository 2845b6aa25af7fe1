/// One synaptic input on its way: a weight and the neuron of the chunk that it reaches.
protocol CalendarEntry: BitwiseCopyable {
  init(_ weight: Double, target: Int)
  var weight: Double { get }
  var target: Int { get }
}

/// For inputs whose every weight is stored in single precision: exact, and half the size.
struct SingleEntry: CalendarEntry {
  private let single: Float
  private let index: UInt32
  @inline(__always) init(_ weight: Double, target: Int) {
    single = Float(weight)
    index = UInt32(truncatingIfNeeded: target)
  }
  @inline(__always) var weight: Double { Double(single) }
  @inline(__always) var target: Int { Int(index) }
}

struct DoubleEntry: CalendarEntry {
  let weight: Double
  let target: Int
  @inline(__always) init(_ weight: Double, target: Int) {
    self.weight = weight
    self.target = target
  }
}

/// Synaptic inputs in lists by the step in which they act: written and read front to back.
///
/// Where delays are many and differ, a ring of sums has a row for every step of the longest delay, far more than a cache
/// holds, and each addition misses it. Lists grow with the inputs that are on their way, not with neurons times delays, and
/// the sums of a step are made when it comes, in one row. The inputs of a list are in the order in which they were added,
/// so a sum has the same bits as in a ring.
final class InputCalendar<Entry: CalendarEntry> {
  struct List {
    var next: UnsafeMutablePointer<Entry>
    var end: UnsafeMutablePointer<Entry>
    var first: UnsafeMutablePointer<Entry>

    @inline(__always)
    mutating func append(_ entry: Entry) {
      if _slowPath(next == end) { grow() }
      next.pointee = entry
      next += 1
    }

    @inline(never)
    private mutating func grow() {
      let count = next - first
      let larger = UnsafeMutablePointer<Entry>.allocate(capacity: max(64, 2 * count))
      larger.update(from: first, count: count)
      first.deallocate()
      first = larger
      next = larger + count
      end = larger + max(64, 2 * count)
    }
  }
  let lists: UnsafeMutablePointer<List>
  let mask: Int

  /// - Parameter steps: how many steps ahead an input may act.
  init(steps: Int) {
    var count = 1
    while count < steps { count *= 2 }
    mask = count - 1
    lists = .allocate(capacity: count)
    for i in 0..<count {
      let first = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
      lists[i] = List(next: first, end: first + 1, first: first)
    }
  }

  deinit {
    for i in 0...mask { lists[i].first.deallocate() }
    lists.deallocate()
  }

  var byteCount: Int { (0...mask).reduce(0) { $0 + (lists[$1].end - lists[$1].first) * MemoryLayout<Entry>.stride } }

  /// Adds the inputs of `step` to `sums`, one per neuron, and forgets them.
  func take(_ step: Int, into sums: UnsafeMutablePointer<Double>) {
    let list = lists + (step & mask)
    var entry = list.pointee.first
    let end = list.pointee.next
    while entry < end {
      sums[entry.pointee.target] += entry.pointee.weight
      entry += 1
    }
    list.pointee.next = list.pointee.first
  }
}
