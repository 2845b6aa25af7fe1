import SNNDynamics
import SNNSignals

/// Neurons advanced from event to event, all of one model, with spike times off the grid.
///
/// A window costs in proportion to the neurons that have an event or an action of their own in it; a chunk without either
/// costs a look at two empty lists.
final class EventChunk<Model: EventDrivenNeuron>: Chunk, @unchecked Sendable {
  // @unchecked: its own task is the only one that touches it during a window; the barrier orders windows.
  let neurons: Range<Int>
  private let step: Time
  private let records: AlignedBuffer<EventNeuron<Model.EventState>>
  private let view: EventRecords
  private let constants: AlignedBuffer<Model.EventConstants>
  private let refractory: AlignedBuffer<Time>
  private let stride: Int
  let agenda: EventAgenda
  private let probes: [(probe: StateProbe, part: ProbePart, offset: Int)]
  private var packet = SpikePacket()
  private var spikes: [Spike] = []
  private var awaiting: [UInt32] = []
  private var nonFinite: (neuron: Int, variable: String, value: Double)?

  init(_ plan: ChunkPlan, models: ModelValues<Model>, initial: [InitialValues], step: Time) {
    let range = plan.neurons
    neurons = range
    self.step = step
    records = AlignedBuffer(count: range.count)
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
    for i in 0..<range.count { records[i] = EventNeuron(values[i * stride].initialEventState()) }
    typealias Record = EventNeuron<Model.EventState>
    view = EventRecords(
      base: UnsafeMutableRawPointer(records.pointer), stride: MemoryLayout<Record>.stride,
      fields: MemoryLayout<Model.EventState>.size / MemoryLayout<Double>.size)
    agenda = EventAgenda(plan, records: view, step: step)
    probes = plan.probes.map { ($0.probe, $0.part, Self.offset(of: $0.probe.variable)) }
    for item in initial {
      let offset = Self.offset(of: item.variable)
      for i in 0..<range.count { view.state(UInt32(i))[offset] = item.value(range.lowerBound + i) }
    }
  }

  private static func offset(of variable: String) -> Int {
    guard let row = Model.eventStateVariables.first(where: { $0.name == variable }),
      let offset = MemoryLayout<Model.EventState>.offset(of: row.keyPath)
    else { preconditionFailure("\(Model.name) has no stored state variable \(variable)") }
    return offset / MemoryLayout<Double>.stride
  }

  func advance(through window: Window, number: Int, board: SpikeBoard, bench: inout Workbench) {
    packet.removeAll()
    let events = agenda.events(of: window, number: number, board: board)
    if probes.contains(where: { !$0.probe.times.isEmpty }) { sample(events, until: window.end) }
    agenda.observe()
    let due = agenda.due(events, number: number, until: window.end)
    guard due.count > 0 else { return }
    let anyExtreme = run(until: window.end, due, events, &spikes, &awaiting)
    agenda.settle(awaiting, window: window, number: number)
    if anyExtreme && nonFinite == nil { noteNonFinite(due) }
    spikes.sort()
    for spike in spikes { packet.append(spike, step: UInt32(spike.time.stepsCeil(step))) }
    spikes.removeAll(keepingCapacity: true)
    agenda.note(packet)
  }

  /// Returns whether any of the due neurons came into an extreme state.
  private func run(
    until end: Time, _ due: UnsafeBufferPointer<UInt32>, _ events: UnsafeBufferPointer<NeuronEvent>, _ spikes: inout [Spike],
    _ awaiting: inout [UInt32]
  ) -> Bool {
    awaiting.removeAll(keepingCapacity: true)
    var order = EventRun(
      neurons: records.pointer, constants: UnsafePointer(constants.pointer), constantsStride: stride,
      refractory: UnsafePointer(refractory.pointer), due: due, events: events, end: end,
      firstID: UInt32(neurons.lowerBound))
    swap(&order.spikes, &spikes)
    swap(&order.awaiting, &awaiting)
    Model.advance(&order)
    swap(&order.spikes, &spikes)
    swap(&order.awaiting, &awaiting)
    return order.anyExtreme
  }

  /// Samples by replaying single neurons on copies, with the same events in sight: recording never touches the state, nor
  /// the interval between two of its steps.
  private func sample(_ events: UnsafeBufferPointer<NeuronEvent>, until end: Time) {
    for (probe, part, offset) in probes {
      for (column, index) in part.indices.enumerated() {
        var neuron = records[index]
        let low = firstPlace(of: index, in: events)
        let high = firstPlace(of: index + 1, in: events)
        var next = low
        for (row, time) in probe.times.enumerated() {
          replay(index, &neuron, UnsafeBufferPointer(rebasing: events[next..<high]), until: time)
          while next < high && events[next].time <= time { next += 1 }
          var seen = neuron.state
          Model.flow(
            &seen, constants[index * stride], current: neuron.clock.current, dt: (time - neuron.clock.time).milliseconds,
            held: neuron.clock.heldUntil > neuron.clock.time)
          withUnsafeBytes(of: seen) { bytes in
            probe.write(bytes.assumingMemoryBound(to: Double.self)[offset], row: row, column: part.firstColumn + column)
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
    _ index: Int, _ neuron: inout EventNeuron<Model.EventState>, _ events: UnsafeBufferPointer<NeuronEvent>, until time: Time
  ) {
    withUnsafePointer(to: UInt32(index)) { due in
      withUnsafeMutablePointer(to: &neuron) { neuron in
        var order = EventRun(
          neurons: neuron - index, constants: UnsafePointer(constants.pointer), constantsStride: stride,
          refractory: UnsafePointer(refractory.pointer), due: UnsafeBufferPointer(start: due, count: 1), events: events,
          end: time, firstID: 0)
        Model.advance(&order)
      }
    }
  }

  func takeSpikes(into other: inout SpikePacket) { swap(&packet, &other) }

  /// Looks at the neurons that moved in this window: no other state can have changed.
  private func noteNonFinite(_ due: UnsafeBufferPointer<UInt32>) {
    for index in due {
      let values = view.state(index)
      let clock = records[Int(index)].clock
      // Where it will be 1 ms later: a neuron without events is not advanced, and would hide it.
      var later = records[Int(index)].state
      Model.flow(
        &later, constants[Int(index) * stride], current: clock.current, dt: 1, held: clock.heldUntil > clock.time)
      withUnsafeBytes(of: later) { bytes in
        let next = bytes.assumingMemoryBound(to: Double.self)
        for field in 0..<view.fields where nonFinite == nil && !(values[field].isFinite && next[field].isFinite) {
          let name = Model.eventStateVariables.first { MemoryLayout.offset(of: $0.keyPath) == field * 8 }?.name
          let value = values[field].isFinite ? next[field] : values[field]
          nonFinite = (neurons.lowerBound + Int(index), name ?? "a synaptic state", value)
        }
      }
      if nonFinite != nil { return }
    }
  }

  func firstNonFinite() -> (neuron: Int, variable: String, value: Double)? { nonFinite }

  func pass(through state: StateTransfer) throws {
    try records.pass(through: state)
    try state.require(view.areWellFormed(records.count), "has a neuron that can't be")
    try agenda.pass(through: state)
    var isExtreme = nonFinite != nil
    try state.flag(&isExtreme)
    guard isExtreme else {
      nonFinite = nil
      return
    }
    var found = nonFinite ?? (0, "", 0)
    try state.value(&found.neuron)
    try state.text(&found.variable)
    try state.value(&found.value)
    nonFinite = found
  }

  var byteCount: Int { records.byteCount + constants.byteCount + agenda.byteCount }
}
