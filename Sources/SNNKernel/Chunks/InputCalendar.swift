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
///
/// All lists have the same room, in one block of memory and so in few pages: inputs go to some sixty lists in turn, and with
/// pages of their own each first input of a spike waits for the search for its address.
final class InputCalendar<Entry: CalendarEntry> {
  struct List {
    var next: UnsafeMutablePointer<Entry>
    var end: UnsafeMutablePointer<Entry>
    let first: UnsafeMutablePointer<Entry>

    init(_ memory: Memory, _ number: Int, count: Int = 0) {
      first = memory.first(number)
      next = first + count
      end = first + memory.room
    }

    /// There must be room.
    @inline(__always)
    mutating func append(_ entry: Entry) {
      next.pointee = entry
      next += 1
    }
  }
  let lists: UnsafeMutablePointer<List>
  let mask: Int
  private var memory: Memory

  /// The lists one after another, `room` entries each.
  final class Memory {
    fileprivate let block: AlignedBlock
    fileprivate let room: Int
    fileprivate init(lists: Int, room: Int) {
      block = AlignedBlock(lists * room, of: Entry.self)
      self.room = room
    }
    fileprivate func first(_ list: Int) -> UnsafeMutablePointer<Entry> { block.elements(of: Entry.self) + list * room }
  }

  /// - Parameter steps: how many steps ahead an input may act.
  init(steps: Int) {
    var count = 1
    while count < steps { count *= 2 }
    mask = count - 1
    lists = .allocate(capacity: count)
    memory = Memory(lists: count, room: 8)
    for i in 0..<count { lists[i] = List(memory, i) }
  }

  deinit { lists.deallocate() }

  var byteCount: Int { memory.block.byteCount }

  /// Gives all lists twice the room and a cache line more: at a power of two, all would begin in the same lines of a cache.
  @inline(never)
  func grow() {
    let larger = Memory(lists: mask + 1, room: 2 * memory.room + 8)
    for i in 0...mask {
      let count = lists[i].next - lists[i].first
      larger.first(i).update(from: lists[i].first, count: count)
      lists[i] = List(larger, i, count: count)
    }
    memory = larger
  }
}
