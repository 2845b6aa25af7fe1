import SNNDynamics
import SNNSignals

/// What is to be done in one exact chunk: the events that arrive, the neurons that act on their own, and so who is due.
///
/// Nothing here looks at a neuron that is not due, and nothing depends on the model.
final class EventAgenda: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let records: EventRecords
  private let windows: WindowNumbers
  private let windowLength: Time
  private let inbox: EventInbox
  private let sources: EventSources
  private let sorter: EventSorter
  private let actions: ActionQueue
  private let neurons: Int
  private var acting = GrowingList<UInt32>()
  private var dueList = GrowingList<UInt32>()
  /// How many neurons have been due since the beginning, a neuron once for each window.
  private(set) var dueCount = 0

  init(_ plan: ChunkPlan, records: EventRecords, step: Time) {
    self.records = records
    neurons = plan.neurons.count
    windowLength = plan.windowLength
    windows = WindowNumbers(length: plan.windowLength)
    inbox = EventInbox(
      longestDelay: plan.longestDelay, windowLength: plan.windowLength, inlets: plan.inlets,
      plastic: plan.plastic)
    sources = EventSources(plan, step: step)
    sorter = EventSorter(neurons: plan.neurons.count, windowLength: plan.windowLength)
    actions = ActionQueue(members: plan.neurons.count)
    // Nobody has looked for its first spike.
    for index in 0..<plan.neurons.count { actions.add(UInt32(index), window: 0, now: 0) }
  }

  var byteCount: Int { inbox.byteCount + actions.byteCount + sources.byteCount }

  func pass(through state: StateTransfer) throws {
    try inbox.pass(through: state, neurons: neurons)
    try sources.pass(through: state)
    try actions.pass(through: state)
    try state.value(&dueCount)
  }

  /// The events of window `number` from `window.start` on, sorted by (neuron, time, order of arrival); those after
  /// `window.end` are among them.
  func events(of window: Window, number: Int, board: SpikeBoard) -> UnsafeBufferPointer<NeuronEvent> {
    let events = inbox.bucket(number)
    if board.isFresh {
      inbox.deliver(board, start: windowLength * number)
      let whole = Window(start: windowLength * number, end: windowLength * (number + 1))
      sources.emit(through: whole, number: number, into: inbox)
      sorter.sort(&events.pointee, after: windowLength * number)
    } else {
      events.pointee.keep { $0.time > window.start }
    }
    assert(
      Self.invariants(events.pointee.values, neurons: neurons, from: window.start, to: windowLength * (number + 1)).isEmpty,
      "unsound events of window \(number)")
    return events.pointee.values
  }

  /// What is broken among the events from `start` to the end of a window, as sentences; empty for sound ones. Checked in debug
  /// builds.
  static func invariants(
    _ events: UnsafeBufferPointer<NeuronEvent>, neurons: Int, from start: Time, to end: Time
  ) -> [String] {
    var broken: [String] = []
    for (place, event) in events.enumerated() {
      if event.index >= neurons { broken.append("event \(place) is for neuron \(event.index) of \(neurons)") }
      if event.time <= start || event.time > end { broken.append("event \(place) is at \(event.time.milliseconds) ms") }
      guard place > 0 else { continue }
      let before = events[place - 1]
      if (before.index, before.time) > (event.index, event.time) { broken.append("event \(place) stands behind a later one") }
    }
    return broken
  }

  /// Lets plastic synapses look at the states that the chunk has just sampled.
  func observe() { inbox.observe() }

  /// Shows plastic synapses what the chunk has just emitted.
  func note(_ packet: borrowing SpikePacket) { inbox.note(packet) }

  /// The neurons with an event in window `number` or an action of their own until `end`, ascending.
  func due(_ events: UnsafeBufferPointer<NeuronEvent>, number: Int, until end: Time) -> UnsafeBufferPointer<UInt32> {
    findActing(&acting, number, until: end)
    dueList.merge(events, acting)
    dueCount += dueList.count
    return dueList.values
  }

  private func findActing(_ acting: inout GrowingList<UInt32>, _ number: Int, until end: Time) {
    acting.removeAll()
    actions.take(number) { index in
      let time = records.nextTime(index)
      if time <= end { acting.append(index) } else { expect(index, time, number) }
    }
    acting.sort()
  }

  /// Notes when the neurons of `awaiting`, which were due in window `number`, will act; empties the window when it is over.
  func settle(_ awaiting: [UInt32], window: Window, number: Int) {
    for index in awaiting { expect(index, records.nextTime(index), number) }
    if window.end == windowLength * (number + 1) { inbox.bucket(number).pointee.removeAll() }
    assert(actions.invariants().isEmpty, "unsound queue of actions after window \(number)")
  }

  @inline(__always)
  private func expect(_ index: UInt32, _ time: Time, _ number: Int) {
    if time != .never { actions.add(index, window: windows.number(of: time), now: number) }
  }
}

/// The neurons of a chunk as records of equal length: a clock, then the doubles of the model's state.
struct EventRecords: BitwiseCopyable {
  let base: UnsafeMutableRawPointer
  let stride: Int
  let fields: Int

  @inline(__always)
  func nextTime(_ index: UInt32) -> Time {
    (base + Int(index) &* stride).assumingMemoryBound(to: EventClock.self).pointee.nextTime
  }

  /// Whether memory that was read from a file holds clocks at all.
  func areWellFormed(_ count: Int) -> Bool {
    (0..<count).allSatisfy { EventClock.isWellFormed(UnsafeRawPointer(base + $0 * stride)) }
  }

  func state(_ index: UInt32) -> UnsafeMutablePointer<Double> {
    (base + Int(index) &* stride + MemoryLayout<EventClock>.stride).assumingMemoryBound(to: Double.self)
  }
}

extension GrowingList where Element == UInt32 {
  /// The neurons of `events`, which are sorted, and those of `others`, which ascend: each once, ascending.
  mutating func merge(_ events: UnsafeBufferPointer<NeuronEvent>, _ others: borrowing GrowingList<UInt32>) {
    removeAll()
    let others = others.values
    var o = 0
    var last = UInt32.max
    for event in events where event.index != last {
      last = event.index
      while o < others.count && others[o] < last {
        append(others[o])
        o += 1
      }
      if o < others.count && others[o] == last { o += 1 }
      append(last)
    }
    while o < others.count {
      append(others[o])
      o += 1
    }
  }
}
