import SNNDynamics
import SNNSignals

/// The synapses of one rule of delay learning, which keeps up with the network window by window: everything that happened in
/// the last one is worked through in the order of time, and of simultaneous events spikes are sent first, then arrive, then
/// neurons spike, then windows over postsynaptic spikes close.
final class DelayTable<Rule: DelayRule>: LearnedDelays, @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  let table: SynapseTable
  let source: Int
  let maximumDelay: Time
  private let rule: Rule
  private let clock: TickClock
  private let release: SourceRelease?
  private let synapses: AlignedBuffer<DelaySynapse>
  private let neurons: AlignedBuffer<DelayNeuron>
  private let columns: SynapseColumnIndex
  private let all: DelaySynapses
  private let schedule: ArrivalSchedule
  /// Everything until here has happened, ticks.
  private var processed: Int64 = 0
  private var sending = GrowingList<Moment>()
  private var noted = GrowingList<Moment>()
  /// When windows over postsynaptic spikes close, in order.
  private var closings = GrowingList<Moment>()
  private var sent = GrowingList<Transmission>()
  /// Of each place, whether what becomes of it is noted; empty when nobody asks.
  private var isWatched: [Bool] = []
  private(set) var changes: [DelayChange] = []
  /// For a look that changes nothing.
  private var copies: (synapses: AlignedBuffer<DelaySynapse>, neurons: AlignedBuffer<DelayNeuron>)?

  /// Something at one neuron.
  private struct Moment: BitwiseCopyable, Comparable {
    var time: Int64
    var neuron: UInt32
    static func < (a: Moment, b: Moment) -> Bool { a.time == b.time ? a.neuron < b.neuron : a.time < b.time }
  }

  init(
    _ rule: Rule, _ range: ClosedRange<Double>, release: (any ReleaseRule)?, _ table: SynapseTable, source: Int,
    _ clock: TickClock, windowLength: Time
  ) {
    self.rule = rule
    self.table = table
    self.source = source
    self.clock = clock
    self.release = release.map { SourceRelease($0, sources: table.sources, clock) }
    let longest = Time(milliseconds: range.upperBound)
    maximumDelay = if case .steps(let step) = clock { step * longest.stepsNearest(step) } else { longest }
    synapses = AlignedBuffer(count: table.count)
    for place in 0..<table.count {
      let delay = table.delay(place, step: Time(picoseconds: 1)).milliseconds
      synapses[place] = DelaySynapse(
        weight: table.weight(place), delay: min(max(delay, range.lowerBound), range.upperBound))
    }
    table.forgetValues()
    neurons = AlignedBuffer(count: table.targetRange.count)
    columns = SynapseColumnIndex(table)
    all = DelaySynapses(
      synapses: synapses.pointer, neurons: neurons.pointer, targets: table.targets, starts: columns.starts,
      places: columns.places, range: range, guardDelay: rule.guardDelay,
      window: rule.window.map { clock.ticks(Time(milliseconds: $0)) }, tick: clock.tick)
    for neuron in 0..<neurons.count {
      neurons[neuron] = DelayNeuron()
      all.countGuarded(neuron)
    }
    schedule = ArrivalSchedule(windowTicks: clock.ticks(windowLength), reach: clock.ticks(maximumDelay))
  }

  var byteCount: Int {
    table.byteCount + synapses.byteCount + neurons.byteCount + columns.byteCount + schedule.byteCount
      + (release?.byteCount ?? 0)
  }

  /// What all tables of a projection keep beside rows and synapses before any spike.
  static func neuronBytes(_ prospect: PlasticProspect, hasRelease: Bool) -> Int {
    (MemoryLayout<DelayNeuron>.stride + MemoryLayout<UInt32>.stride) * prospect.targets
      + (hasRelease ? SourceRelease.bytesPerSource * prospect.sources * prospect.chunks : 0)
  }
  /// A synapse, and its place in the column of its target.
  static var bytesPerSynapse: Int { MemoryLayout<DelaySynapse>.stride + MemoryLayout<UInt32>.stride }

  func pass(through state: StateTransfer) throws {
    try synapses.pass(through: state)
    try neurons.pass(through: state)
    let bytes = UnsafeRawBufferPointer(start: neurons.pointer, count: neurons.byteCount)
    try state.require(DelayNeuron.isWellFormed(bytes), "has a neuron that can't be")
    try schedule.pass(through: state, places: table.count)
    try state.value(&processed)
    try noted.pass(through: state)
    try closings.pass(through: state)
    let count = neurons.count
    try state.require(
      noted.values.allSatisfy { $0.neuron < count } && closings.values.allSatisfy { $0.neuron < count },
      "has a spike of a neuron that there is not")
    try release?.pass(through: state)
    if state.isRestoring {
      isWatched = []
      changes = []
    }
  }

  func postsynapticSpikes(_ packet: borrowing SpikePacket) {
    let first = UInt32(table.targetRange.lowerBound)
    let (spikes, steps) = (packet.spikes, packet.steps)
    for i in 0..<spikes.count {
      noted.append(Moment(time: clock.moment(spikes[i], steps[i]), neuron: spikes[i].id - first))
    }
  }

  func send(_ spikes: ShownSpikes, until end: Int64) -> UnsafeBufferPointer<Transmission> {
    sent.removeAll()
    changes.removeAll(keepingCapacity: true)
    guard end > processed else { return sent.values }
    sending.removeAll()
    for s in 0..<spikes.count {
      sending.append(Moment(time: clock.moment(spikes.spikes[s], spikes.steps[s]), neuron: spikes.spikes[s].id))
    }
    sending.sort()
    let windowed = rule.window != nil
    for spike in noted.values where windowed {
      closings.append(Moment(time: spike.time + all.window, neuron: spike.neuron))
    }
    let closed = work(all, sending.values, closings: closings.values, until: end)
    closings.removeFirst(closed)
    schedule.remove(end)
    noted.removeAll()
    processed = end
    return sent.values
  }

  func look(at time: Int64) -> UnsafePointer<DelaySynapse> {
    let before = changes
    defer { changes = before }
    return see(until: time)
  }

  func lastChanges(until end: Int64) -> [DelayChange] {
    let before = changes
    defer { changes = before }
    changes = []
    _ = see(until: end)
    return changes
  }

  private func see(until time: Int64) -> UnsafePointer<DelaySynapse> {
    if copies == nil { copies = (AlignedBuffer(count: synapses.count), AlignedBuffer(count: neurons.count)) }
    let (seen, seenNeurons) = copies!
    seen.pointer.update(from: synapses.pointer, count: synapses.count)
    seenNeurons.pointer.update(from: neurons.pointer, count: neurons.count)
    var coming = closings.values.filter { $0.time <= time }
    if rule.window != nil {
      coming += noted.values.map { Moment(time: $0.time + all.window, neuron: $0.neuron) }.filter { $0.time <= time }
    }
    coming.withUnsafeBufferPointer { coming in
      // What is sent now arrives after the window.
      _ = work(
        all.with(synapses: seen.pointer, neurons: seenNeurons.pointer), UnsafeBufferPointer(start: nil, count: 0),
        closings: coming, until: time)
    }
    return UnsafePointer(seen.pointer)
  }

  /// Works through everything after ``processed`` until `end`, in the same window, and returns how many windows over postsynaptic
  /// spikes closed.
  private func work(
    _ all: DelaySynapses, _ sending: UnsafeBufferPointer<Moment>, closings: UnsafeBufferPointer<Moment>, until end: Int64
  ) -> Int {
    guard end > processed else { return 0 }
    let arrivals = schedule.arrivals(end)
    let spikes = noted.values
    var (s, a, n, c) = (0, 0, 0, 0)
    while true {
      let sendTime = s < sending.count ? sending[s].time : .max
      let spikeTime = n < spikes.count ? spikes[n].time : .max
      let closeTime = c < closings.count ? closings[c].time : .max
      let other = min(sendTime, spikeTime, closeTime)
      // All arrivals before the next event of another kind, or at its time but after what is sent then.
      let first = a
      while a < arrivals.count && arrivals[a].time <= min(end, other) && arrivals[a].time < sendTime { a += 1 }
      if a > first {
        rule.arrive(UnsafeBufferPointer(rebasing: arrivals[first..<a]), all)
        if !isWatched.isEmpty { for arrival in arrivals[first..<a] { note(arrival.place, all, arrival.time) } }
      }
      guard other <= end else { return c }
      if sendTime == other {
        send(Int(sending[s].neuron), at: sendTime)
        s += 1
      } else if spikeTime == other {
        let neuron = Int(spikes[n].neuron)
        if rule.window != nil && all.isOpen(neuron) { rule.close(neuron, all) }
        rule.spike(neuron, at: spikeTime, all)
        noteColumn(neuron, all, spikeTime)
        n += 1
      } else {
        let neuron = Int(closings[c].neuron)
        if all.isOpen(neuron, since: closeTime - all.window) {
          rule.close(neuron, all)
          noteColumn(neuron, all, closeTime)
        }
        c += 1
      }
    }
  }

  func watch(_ places: [Int]) {
    if isWatched.isEmpty { isWatched = Array(repeating: false, count: table.count) }
    for place in places { isWatched[place] = true }
  }

  private func note(_ place: UInt32, _ all: DelaySynapses, _ time: Int64) {
    guard isWatched[Int(place)] else { return }
    let synapse = all[Int(place)]
    changes.append(DelayChange(time: time, place: place, weight: synapse.weight, delay: synapse.delay))
  }

  private func noteColumn(_ neuron: Int, _ all: DelaySynapses, _ time: Int64) {
    guard !isWatched.isEmpty else { return }
    for place in all.column(neuron) { note(place, all, time) }
  }

  private func send(_ source: Int, at time: Int64) {
    let row = table.row(source)
    let factor = release?.spike(source, at: time) ?? 1
    for place in row {
      let synapse = synapses.pointer + place
      let arrival = time + clock.ticks(Time(milliseconds: synapse.pointee.delay))
      sent.append(
        Transmission(time: arrival, weight: synapse.pointee.weight * factor, target: UInt32(table.targets[place])))
      schedule.add(DelayedArrival(time: arrival, place: UInt32(truncatingIfNeeded: place)))
    }
  }
}

/// The short-term plasticity of the presynaptic neurons of a projection.
private final class SourceRelease: Checkpointed {
  private let rule: any ReleaseRule
  private let clock: TickClock
  private let states: AlignedBuffer<SIMD4<Double>>
  private let lastSpikes: AlignedBuffer<Int64>

  init(_ rule: any ReleaseRule, sources: Int, _ clock: TickClock) {
    self.rule = rule
    self.clock = clock
    states = AlignedBuffer(count: sources)
    lastSpikes = AlignedBuffer(count: sources)
    for source in 0..<sources {
      states[source] = rule.initialState
      lastSpikes[source] = PresynapticNeuron.never
    }
  }

  func pass(through state: StateTransfer) throws {
    try states.pass(through: state)
    try lastSpikes.pass(through: state)
  }

  /// The part of its weights that a spike of `source` transmits.
  func spike(_ source: Int, at time: Int64) -> Double {
    let last = lastSpikes[source]
    lastSpikes[source] = time
    let interval = last == PresynapticNeuron.never ? .infinity : Double(time - last) * clock.tick
    return rule.spike(&states.pointer[source], interval: interval)
  }

  var byteCount: Int { states.byteCount + lastSpikes.byteCount }
  static var bytesPerSource: Int { MemoryLayout<SIMD4<Double>>.stride + MemoryLayout<Int64>.stride }
}
