import CPrimitives
import SNNSignals

/// One synaptic input on its way: a weight and the neuron of the chunk that it reaches.
protocol CalendarEntry: BitwiseCopyable {
  init(_ weight: Double, target: Int)
  var weight: Double { get }
  var target: Int { get }

  /// Makes the entries of ``atOnce`` synapses.
  static func write(_ weights: UnsafePointer<Float>, _ targets: UnsafePointer<UInt16>, to entries: UnsafeMutablePointer<Self>)
}

extension CalendarEntry {
  /// Entries written at once, of which the last may be overwritten at once.
  @inline(__always) static var atOnce: Int { 16 }
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

  @inline(__always)
  static func write(_ weights: UnsafePointer<Float>, _ targets: UnsafePointer<UInt16>, to entries: UnsafeMutablePointer<Self>) {
    var both = SIMD32<UInt32>()
    both.evenHalf = UnsafeRawPointer(weights).loadUnaligned(as: SIMD16<UInt32>.self)
    both.oddHalf = SIMD16(truncatingIfNeeded: UnsafeRawPointer(targets).loadUnaligned(as: SIMD16<UInt16>.self))
    UnsafeMutableRawPointer(entries).storeBytes(of: both, as: SIMD32<UInt32>.self)
  }
}

struct DoubleEntry: CalendarEntry {
  let weight: Double
  let target: Int
  @inline(__always) init(_ weight: Double, target: Int) {
    self.weight = weight
    self.target = target
  }

  @inline(__always)
  static func write(_ weights: UnsafePointer<Float>, _ targets: UnsafePointer<UInt16>, to entries: UnsafeMutablePointer<Self>) {
    for i in 0..<atOnce { entries[i] = DoubleEntry(Double(weights[i]), target: Int(targets[i])) }
  }
}

/// Synaptic inputs in lists by the step in which they act: written and read front to back.
///
/// Where delays are many and differ, a ring of sums has a row for every step of the longest delay, far more than a cache
/// holds, and each addition misses it. Lists grow with the inputs that are on their way, not with neurons times delays, and
/// the sums of a step are made when it comes, in one row. The inputs of a list are in the order in which they were added,
/// so a sum has the same bits as in a ring.
///
/// Lists are of blocks; what a step has read is written next, so that the memory in use is as large as the inputs on their way.
/// With memory of its own for each list, visited in turn, and inputs appended one by one, the microcircuit at full scale took 1.6
/// times as long (medians of 3 alternating runs on two threads).
final class InputCalendar<Entry: CalendarEntry> {
  struct List {
    var next: UnsafeMutablePointer<Entry>
    /// From here on the block has no room but for what is written beyond an end.
    var end: UnsafeMutablePointer<Entry>
    /// The blocks of the list; nil without any.
    var first, last: UnsafeMutablePointer<Block>?
  }
  struct Block {
    var following: UnsafeMutablePointer<Block>?
    /// Behind its last entry, once another follows or it is read.
    var end: UnsafeMutablePointer<Entry>

    static var headBytes: Int { 16 }
    static func entries(_ block: UnsafeMutablePointer<Block>) -> UnsafeMutablePointer<Entry> {
      (UnsafeMutableRawPointer(block) + headBytes).assumingMemoryBound(to: Entry.self)
    }
  }
  let lists: UnsafeMutablePointer<List>
  let mask: Int
  private var free: UnsafeMutablePointer<Block>?
  private var slabs: [AlignedBuffer<UInt8>] = []

  /// Bytes of a block, and how many are made at a time. Blocks of 512 and 2,048 bytes made no difference that noise would show.
  private static var blockBytes: Int { 1024 }
  private static var blocksAtOnce: Int { 64 }

  /// - Parameter steps: how many steps ahead an input may act.
  init(steps: Int) {
    var count = 1
    while count < steps { count *= 2 }
    mask = count - 1
    lists = .allocate(capacity: count)
    for i in 0..<count { empty(lists + i) }
  }

  deinit { lists.deallocate() }

  var byteCount: Int { slabs.reduce(0) { $0 + $1.byteCount } }

  private func empty(_ list: UnsafeMutablePointer<List>) {
    // A place that is its own end: the first entry asks for a block.
    let nowhere = UnsafeMutableRawPointer(lists).assumingMemoryBound(to: Entry.self)
    list.initialize(to: List(next: nowhere, end: nowhere, first: nil, last: nil))
  }

  /// Gives a list another block.
  @inline(never)
  func extend(_ list: UnsafeMutablePointer<List>) {
    if free == nil { makeBlocks() }
    let block = free!
    free = block.pointee.following
    block.pointee.following = nil
    if let last = list.pointee.last {
      last.pointee.end = list.pointee.next
      last.pointee.following = block
    } else {
      list.pointee.first = block
    }
    list.pointee.last = block
    list.pointee.next = Block.entries(block)
    list.pointee.end = Block.entries(block) + (Self.blockBytes - Block.headBytes) / MemoryLayout<Entry>.stride - Entry.atOnce
  }

  private func makeBlocks() {
    let slab = AlignedBuffer<UInt8>(count: Self.blockBytes * Self.blocksAtOnce)
    slabs.append(slab)
    for i in (0..<Self.blocksAtOnce).reversed() {
      let block = UnsafeMutableRawPointer(slab.pointer + i * Self.blockBytes).bindMemory(to: Block.self, capacity: 1)
      block.initialize(to: Block(following: free, end: Block.entries(block)))
      free = block
    }
  }

  /// Calls `body` with the entries of a list, block by block, and empties it.
  @inline(__always)
  func take(_ list: UnsafeMutablePointer<List>, _ body: (UnsafeMutablePointer<Entry>, _ end: UnsafeMutablePointer<Entry>) -> Void)
  {
    guard let last = list.pointee.last else { return }
    last.pointee.end = list.pointee.next
    var next = list.pointee.first
    while let block = next {
      next = block.pointee.following
      if let next {
        for line in stride(from: 0, to: Self.blockBytes, by: 64) { primitive_prefetch(UnsafeRawPointer(next) + line) }
      }
      body(Block.entries(block), block.pointee.end)
      block.pointee.following = free
      free = block
    }
    empty(list)
  }

  /// - Parameter targets: how many neurons an input may reach.
  func pass(through state: StateTransfer, targets: Int) throws {
    for i in 0...mask {
      let list = lists + i
      list.pointee.last?.pointee.end = list.pointee.next
      var count = 0
      var next = list.pointee.first
      while let block = next {
        count += block.pointee.end - Block.entries(block)
        next = block.pointee.following
      }
      count = try state.count(count, stride: MemoryLayout<Entry>.stride)
      if state.isRestoring {
        try restore(list, count, state, targets: targets)
      } else {
        next = list.pointee.first
        while let block = next {
          try state.elements(Block.entries(block), count: block.pointee.end - Block.entries(block))
          next = block.pointee.following
        }
      }
    }
  }

  private func restore(_ list: UnsafeMutablePointer<List>, _ count: Int, _ state: StateTransfer, targets: Int) throws {
    take(list) { _, _ in }
    var left = count
    while left > 0 {
      if list.pointee.next >= list.pointee.end { extend(list) }
      let place = list.pointee.next
      let part = min(left, list.pointee.end - place)
      try state.elements(place, count: part)
      try state.require(
        (0..<part).allSatisfy { place[$0].target < targets }, "has an input of a neuron that there is not")
      list.pointee.next = place + part
      left -= part
    }
  }
}
