import SNNDynamics
import SNNSignals

/// Neurons advanced from event to event, all of one model, with spike times off the grid.
///
/// A window costs in proportion to the neurons that have an event or an action of their own in it; a chunk without either
/// costs one comparison.
final class EventChunk<Model: EventDrivenNeuron>: Chunk, @unchecked Sendable {
  // @unchecked: its own task is the only one that touches it during a window; the barrier orders windows.
  let neurons: Range<Int>
  private let step: Time
  private let windowLength: Time
  private let states: AlignedBuffer<Model.EventState>
  private let clocks: AlignedBuffer<EventClock>
  private let constants: AlignedBuffer<Model.EventConstants>
  private let refractory: AlignedBuffer<Time>
  private let stride: Int
  private let inbox: EventInbox
  private let scratch = EventBuffer()
  private let sources: EventSources
  private let probes: [(probe: StateProbe, part: ProbePart, offset: Int)]
  private var due: [UInt32] = []
  private var packet = SpikePacket()
  private var nonFinite: (neuron: Int, variable: String, value: Double)?
  /// No neuron acts on its own before this time.
  private var earliestAction = Time.zero

  init(_ plan: ChunkPlan, models: ModelValues<Model>, initial: [InitialValues], step: Time) {
    let range = plan.neurons
    neurons = range
    self.step = step
    windowLength = plan.windowLength
    states = AlignedBuffer(count: range.count)
    clocks = AlignedBuffer(count: range.count)
    let values: [Model]
    switch models {
    case .shared(let model):
      values = [model]
      stride = 0
    case .each(let all):
      values = Array(all[range])
      stride = 1
    }
    constants = AlignedBuffer(count: values.count)
    refractory = AlignedBuffer(count: values.count)
    for (i, model) in values.enumerated() {
      constants[i] = model.eventConstants()
      refractory[i] = Time(milliseconds: model.refractoryPeriod)
    }
    for i in 0..<range.count {
      states[i] = values[i * stride].initialEventState()
      clocks[i] = EventClock()
    }
    inbox = EventInbox(longestDelay: plan.longestDelay, windowLength: plan.windowLength, inlets: plan.inlets)
    sources = EventSources(plan, step: step)
    probes = plan.probes.map { ($0.probe, $0.part, Self.offset(of: $0.probe.variable)) }
    for item in initial {
      let offset = Self.offset(of: item.variable)
      for i in 0..<range.count { pointer(i, offset).pointee = item.value(range.lowerBound + i) }
    }
  }

  private static func offset(of variable: String) -> Int {
    guard let row = Model.eventStateVariables.first(where: { $0.name == variable }),
      let offset = MemoryLayout<Model.EventState>.offset(of: row.keyPath)
    else { preconditionFailure("\(Model.name) has no stored state variable \(variable)") }
    return offset
  }
  private func pointer(_ i: Int, _ offset: Int) -> UnsafeMutablePointer<Double> {
    (UnsafeMutableRawPointer(states.pointer + i) + offset).assumingMemoryBound(to: Double.self)
  }

  func advance(through window: Window, number: Int, board: SpikeBoard) {
    let events = inbox.bucket(number)
    if board.isFresh {
      inbox.deliver(board)
      sources.emit(through: Window(start: windowLength * number, end: windowLength * (number + 1)), into: inbox)
      events.sort(neurons: neurons.count, scratch: scratch)
    } else {
      events.removeAll(until: window.start)
    }
    let sampling = probes.contains { !$0.probe.times.isEmpty }
    guard events.count > 0 || earliestAction <= window.end || sampling else {
      packet.removeAll()
      return
    }
    let list = UnsafeBufferPointer(start: events.storage, count: events.count)
    findDue(list, until: window.end)
    if sampling { sample(list, until: window.end) }
    packet.removeAll()
    run(until: window.end, list, states: states.pointer, clocks: clocks.pointer, spikes: &packet.spikes)
    for index in due { earliestAction = min(earliestAction, clocks[Int(index)].nextTime) }
    if window.end == windowLength * (number + 1) { events.removeAll() }
    if nonFinite == nil { noteNonFinite() }
    packet.spikes.sort()
    for spike in packet.spikes { packet.steps.append(UInt32(spike.time.stepsCeil(step))) }
  }

  private func run(
    until end: Time, _ events: UnsafeBufferPointer<NeuronEvent>, states: UnsafeMutablePointer<Model.EventState>,
    clocks: UnsafeMutablePointer<EventClock>, spikes: inout [Spike]
  ) {
    due.withUnsafeBufferPointer { due in
      var order = EventRun(
        states: states, clocks: clocks, constants: UnsafePointer(constants.pointer), constantsStride: stride,
        refractory: UnsafePointer(refractory.pointer), due: due, events: events, end: end,
        firstID: UInt32(neurons.lowerBound), spikes: [])
      swap(&order.spikes, &spikes)
      Model.advance(&order)
      swap(&order.spikes, &spikes)
    }
  }

  /// The neurons with an event in the window or an action of their own, ascending.
  private func findDue(_ events: UnsafeBufferPointer<NeuronEvent>, until end: Time) {
    due.removeAll(keepingCapacity: true)
    if earliestAction > end {
      for event in events where due.last != event.index { due.append(event.index) }
      return
    }
    var e = 0
    earliestAction = .never
    for i in 0..<neurons.count {
      let index = UInt32(i)
      var isDue = clocks[i].nextTime <= end
      while e < events.count && events[e].index == index {
        isDue = true
        e += 1
      }
      if isDue { due.append(index) } else { earliestAction = min(earliestAction, clocks[i].nextTime) }
    }
  }

  /// Samples by replaying single neurons on copies, with the same events in sight: recording never touches the state, nor
  /// the interval between two of its steps.
  private func sample(_ events: UnsafeBufferPointer<NeuronEvent>, until end: Time) {
    for (probe, part, offset) in probes {
      for (column, index) in part.indices.enumerated() {
        var state = states[index]
        var clock = clocks[index]
        let low = firstPlace(of: index, in: events)
        let high = firstPlace(of: index + 1, in: events)
        var next = low
        for (row, time) in probe.times.enumerated() {
          replay(index, &state, &clock, UnsafeBufferPointer(rebasing: events[next..<high]), until: time)
          while next < high && events[next].time <= time { next += 1 }
          var seen = state
          Model.flow(
            &seen, constants[index * stride], current: clock.current, dt: (time - clock.time).milliseconds,
            held: clock.heldUntil > clock.time)
          withUnsafeBytes(of: seen) { bytes in
            probe.write(bytes.load(fromByteOffset: offset, as: Double.self), row: row, column: part.firstColumn + column)
          }
        }
      }
    }
  }

  /// The place of the first event of neuron `index` or one after it.
  private func firstPlace(of index: Int, in events: UnsafeBufferPointer<NeuronEvent>) -> Int {
    var low = 0
    var high = events.count
    while low < high {
      let middle = (low + high) / 2
      if events[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func replay(
    _ index: Int, _ state: inout Model.EventState, _ clock: inout EventClock,
    _ events: UnsafeBufferPointer<NeuronEvent>, until time: Time
  ) {
    let only = UInt32(index)
    withUnsafePointer(to: only) { due in
      withUnsafeMutablePointer(to: &state) { state in
        withUnsafeMutablePointer(to: &clock) { clock in
          var order = EventRun(
            states: state - index, clocks: clock - index, constants: UnsafePointer(constants.pointer),
            constantsStride: stride, refractory: UnsafePointer(refractory.pointer),
            due: UnsafeBufferPointer(start: due, count: 1), events: events, end: time, firstID: 0, spikes: [])
          Model.advance(&order)
        }
      }
    }
  }

  func takeSpikes(into other: inout SpikePacket) { swap(&packet, &other) }

  /// A value beyond which a state that is still finite may not stay so while nothing happens to its neuron.
  private static var extreme: Double { 1e100 }

  /// Looks at the neurons that moved in this window: no other state can have changed.
  private func noteNonFinite() {
    let fields = MemoryLayout<Model.EventState>.size / MemoryLayout<Double>.size
    for index in due {
      let values = pointer(Int(index), 0)
      let clock = clocks[Int(index)]
      var isExtreme = !(abs(clock.current) <= Self.extreme)
      for field in 0..<fields where !(abs(values[field]) <= Self.extreme) { isExtreme = true }
      guard isExtreme else { continue }
      // Where it will be 1 ms later: a neuron without events is not advanced, and would hide it.
      var later = states[Int(index)]
      Model.flow(
        &later, constants[Int(index) * stride], current: clock.current, dt: 1, held: clock.heldUntil > clock.time)
      withUnsafeBytes(of: later) { bytes in
        let next = bytes.assumingMemoryBound(to: Double.self)
        for field in 0..<fields where nonFinite == nil && !(values[field].isFinite && next[field].isFinite) {
          let name = Model.eventStateVariables.first { MemoryLayout.offset(of: $0.keyPath) == field * 8 }?.name
          let value = values[field].isFinite ? next[field] : values[field]
          nonFinite = (neurons.lowerBound + Int(index), name ?? "a synaptic state", value)
        }
      }
      if nonFinite != nil { return }
    }
  }

  func firstNonFinite() -> (neuron: Int, variable: String, value: Double)? { nonFinite }

  var byteCount: Int { states.byteCount + clocks.byteCount + constants.byteCount + inbox.byteCount }
}
