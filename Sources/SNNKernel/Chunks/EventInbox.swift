import SNNDynamics
import SNNSignals

/// What will happen to the neurons of one exact chunk, in one list per coming window.
final class EventInbox: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  let inlets: [Inlet]
  private let plastic: [PlasticInlet]
  let buckets: EventBuckets

  init(longestDelay: Time, windowLength: Time, inlets: [Inlet], plastic: [PlasticInlet] = []) {
    self.inlets = inlets
    self.plastic = plastic
    var count = 2
    while Int64(count) * windowLength.picoseconds <= longestDelay.picoseconds + 2 * windowLength.picoseconds { count *= 2 }
    let lists = UnsafeMutablePointer<GrowingList<NeuronEvent>>.allocate(capacity: count)
    for n in 0..<count { (lists + n).initialize(to: GrowingList()) }
    buckets = EventBuckets(lists: lists, mask: count - 1, windows: WindowNumbers(length: windowLength))
  }
  deinit {
    buckets.lists.deinitialize(count: buckets.mask + 1)
    buckets.lists.deallocate()
  }

  var byteCount: Int {
    inlets.reduce(0) { $0 + $1.byteCount } + plastic.reduce(0) { $0 + $1.byteCount }
      + (0...buckets.mask).reduce(0) { $0 + buckets.lists[$1].byteCount }
  }

  /// - Parameter neurons: of the chunk.
  func pass(through state: StateTransfer, neurons: Int) throws {
    for n in 0...buckets.mask {
      try buckets.lists[n].pass(through: state)
      let events = UnsafeRawBufferPointer(buckets.lists[n].values)
      try state.require(
        NeuronEvent.isWellFormed(events) && buckets.lists[n].values.allSatisfy { $0.index < neurons },
        "has an event that can't be")
    }
    for inlet in plastic { try inlet.pass(through: state) }
  }

  @inline(__always)
  func append(_ event: NeuronEvent) { buckets.append(event) }

  /// The events of window `number`.
  func bucket(_ number: Int) -> UnsafeMutablePointer<GrowingList<NeuronEvent>> { buckets.lists + (number & buckets.mask) }

  /// - Parameter start: of the window that the events go into at the earliest.
  func deliver(_ board: SpikeBoard, start: Time) {
    for inlet in inlets { inlet.forEachTable(board) { $0.deliver($1, into: buckets) } }
    for inlet in plastic { inlet.deliver(board, until: start, into: buckets) }
  }

  /// Lets plastic synapses look at the states that the chunk has just sampled.
  func observe() { for inlet in plastic { inlet.observe() } }

  /// Shows plastic synapses what the chunk has just emitted.
  func note(_ packet: borrowing SpikePacket) {
    guard !plastic.isEmpty && !packet.isEmpty else { return }
    for inlet in plastic { inlet.postsynapticSpikes(packet) }
  }
}

/// The lists of an inbox as a plain value, which a delivery loop keeps in registers.
struct EventBuckets: BitwiseCopyable {
  let lists: UnsafeMutablePointer<GrowingList<NeuronEvent>>
  let mask: Int
  let windows: WindowNumbers

  /// The list of the window that `time` lies in.
  @inline(__always)
  func list(at time: Time) -> UnsafeMutablePointer<GrowingList<NeuronEvent>> { lists + (windows.number(of: time) & mask) }

  @inline(__always)
  func append(_ event: NeuronEvent) { list(at: event.time).pointee.append(event) }
}
