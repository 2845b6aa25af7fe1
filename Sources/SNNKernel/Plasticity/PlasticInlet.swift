import SNNDynamics
import SNNSignals

/// Delivers spikes through the plastic synapses of one projection onto one chunk.
public final class PlasticInlet: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  enum Synapses {
    case weights(any PlasticSynapses)
    case delays(any LearnedDelays)
  }
  let synapses: Synapses
  let table: SynapseTable
  /// Index among the network's populations.
  private let source: Int
  private var observed: ObservedProbes?
  /// Spikes on their way along the axons, in the order in which they came.
  private var travelling: [TravellingSpike] = []

  /// No synapse is slower (dendritic).
  public let maximumDelay: Time
  /// Whether delays differ from synapse to synapse.
  let hasOwnDelays: Bool

  init(_ synapses: Synapses) {
    self.synapses = synapses
    switch synapses {
    case .weights(let synapses):
      (table, source, maximumDelay) = (synapses.table, synapses.source, synapses.table.maximumDelay)
      hasOwnDelays = synapses.table.hasOwnDelays
    case .delays(let synapses):
      (table, source, maximumDelay) = (synapses.table, synapses.source, synapses.maximumDelay)
      hasOwnDelays = true
    }
  }

  var byteCount: Int {
    switch synapses {
    case .weights(let synapses): synapses.byteCount
    case .delays(let synapses): synapses.byteCount
    }
  }

  /// Index among the network's populations of the one that releases the rule's modulator; nil without one.
  var modulator: Int? { if case .weights(let synapses) = synapses { synapses.modulator } else { nil } }

  /// Before sights: spikes of the modulator's population that have yet to be delivered.
  func beginLook(modulatorSpikes times: [Int64]) {
    if case .weights(let synapses) = synapses { synapses.beginLook(modulatorSpikes: times) }
  }
  func endLook() { if case .weights(let synapses) = synapses { synapses.endLook() } }

  /// Lets a rule that reads states find them: in one probe of every step for each of its observables, nil for those that the
  /// model lacks. The chunk's neurons are columns from `firstColumn` on.
  public func observe(_ probes: [StateProbe?], firstColumn: Int) {
    observed = ObservedProbes(probes: probes, firstColumn: firstColumn)
  }

  /// What the chunk's neurons have just been through.
  func observe() {
    if let observed, case .weights(let synapses) = synapses { synapses.observe(observed) }
  }

  /// What the chunk has just emitted.
  func postsynapticSpikes(_ packet: borrowing SpikePacket) {
    switch synapses {
    case .weights(let synapses): synapses.postsynapticSpikes(packet)
    case .delays(let synapses): synapses.postsynapticSpikes(packet)
    }
  }

  /// Spikes that reach the synapses until the end of step `start` act on the grid.
  func deliver<Sink: InputSink>(_ board: SpikeBoard, until start: Int, into sink: Sink) {
    switch synapses {
    case .weights(let synapses): deliver(board, through: synapses, until: start, into: sink)
    case .delays(let synapses):
      for input in synapses.send(board.lateSpikes(of: source), until: Int64(start)) {
        sink.add(input.weight, target: Int(input.target), at: sink.place(Int(input.time)))
      }
    }
  }

  private func deliver<Sink: InputSink>(
    _ board: SpikeBoard, through synapses: any PlasticSynapses, until start: Int, into sink: Sink
  ) {
    forEachArrival(board, at: synapses, until: Int64(start), time: { Int64($0.steps[$1]) }) { source, step in
      let row = table.row(source)
      guard row.count > 0 || synapses.rewires else { return }
      let (weights, factor) = synapses.presynapticSpike(source, at: step)
      switch table.delays {
      case .sharedSteps(let steps):
        let place = sink.place(Int(step) + steps)
        for i in 0..<row.count {
          sink.add(weights[i] * factor, target: Int(table.targets[row.lowerBound &+ i]), at: place)
        }
      case .byteSteps(let steps): add(row, Int(step), steps, weights, factor, table.targets, sink)
      case .shortSteps(let steps): add(row, Int(step), steps, weights, factor, table.targets, sink)
      case .groups: preconditionFailure("rows sorted by delay do not learn")
      case .sharedTime, .times: preconditionFailure("a table with delays in picoseconds reached a grid chunk")
      }
    }
  }

  @inline(__always)
  private func add<Count: FixedWidthInteger, Sink: InputSink>(
    _ row: Range<Int>, _ step: Int, _ delays: UnsafePointer<Count>, _ weights: UnsafePointer<Double>, _ factor: Double,
    _ targets: UnsafePointer<UInt16>, _ sink: Sink
  ) {
    for i in 0..<row.count {
      let place = row.lowerBound &+ i
      sink.add(weights[i] * factor, target: Int(targets[place]), at: sink.place(step &+ Int(delays[place])))
    }
  }

  /// The same on the exact engine.
  func deliver(_ board: SpikeBoard, until start: Time, into buckets: EventBuckets) {
    let kind: NeuronEvent.Kind = table.receptor == .excitatory ? .excitatory : .inhibitory
    switch synapses {
    case .weights(let synapses): deliver(board, through: synapses, until: start, kind, into: buckets)
    case .delays(let synapses):
      for input in synapses.send(board.lateSpikes(of: source), until: start.picoseconds) {
        buckets.append(
          NeuronEvent(time: Time(picoseconds: input.time), value: input.weight, index: input.target, kind: kind))
      }
    }
  }

  private func deliver(
    _ board: SpikeBoard, through synapses: any PlasticSynapses, until start: Time, _ kind: NeuronEvent.Kind,
    into buckets: EventBuckets
  ) {
    forEachArrival(
      board, at: synapses, until: start.picoseconds, time: { $0.spikes[$1].time.picoseconds }
    ) { source, time in
      let row = table.row(source)
      guard row.count > 0 || synapses.rewires else { return }
      let (weights, factor) = synapses.presynapticSpike(source, at: time)
      for (i, place) in row.enumerated() {
        let delay: Int64 =
          switch table.delays {
          case .sharedTime(let delay): delay.picoseconds
          case .times(let counts, let shift): Int64(counts[place]) << Int64(shift)
          case .sharedSteps, .byteSteps, .shortSteps, .groups:
            preconditionFailure("a table with delays in steps reached an exact chunk")
          }
        buckets.append(
          NeuronEvent(
            time: Time(picoseconds: time + delay), value: weights[i] * factor, index: UInt32(table.targets[place]), kind: kind))
      }
    }
  }

  /// Each spike that reaches the synapses until `end`, with its source and the moment.
  @inline(__always)
  private func forEachArrival(
    _ board: SpikeBoard, at synapses: any PlasticSynapses, until end: Int64, time: (ShownSpikes, Int) -> Int64,
    _ body: (Int, Int64) -> Void
  ) {
    synapses.beginDelivery()
    if let modulator = synapses.modulator {
      let releases = board.lateSpikes(of: modulator)
      if releases.count > 0 { synapses.modulatorSpikes((0..<releases.count).map { time(releases, $0) }) }
    }
    let spikes = board.lateSpikes(of: synapses.source)
    if synapses.axonalDelay == 0 {
      for s in 0..<spikes.count { body(Int(spikes.spikes[s].id), time(spikes, s)) }
    } else {
      for s in 0..<spikes.count {
        travelling.append(TravellingSpike(source: spikes.spikes[s].id, arrival: time(spikes, s) + synapses.axonalDelay))
      }
      for spike in travelling where spike.arrival <= end { body(Int(spike.source), spike.arrival) }
      travelling.removeAll { $0.arrival <= end }
    }
    synapses.finishDelivery(until: end)
  }

  /// When spikes of `source` reach its synapses that have not yet done so: those on their way and those of `pending`, at the soma.
  func arrivals(of source: Int, _ synapses: any PlasticSynapses, pending: [Int64]) -> [Int64] {
    (travelling.isEmpty ? [] : travelling.filter { $0.source == source }.map(\.arrival))
      + pending.map { $0 + synapses.axonalDelay }
  }

  public func pass(through state: StateTransfer) throws {
    try state.list(&travelling)
    try state.require(travelling.allSatisfy { $0.source < table.sources }, "has a spike of a neuron that there is not")
    switch synapses {
    case .weights(let synapses): try synapses.pass(through: state)
    case .delays(let synapses): try synapses.pass(through: state)
    }
  }

  /// The synapses as they are at a moment.
  struct Sight {
    fileprivate let inlet: PlasticInlet
    fileprivate let time: Int64
    fileprivate let step: Time
    /// What is learned of delays, by place.
    fileprivate let delays: UnsafePointer<DelaySynapse>?
  }

  /// A sight of the synapses at `time`, the end of a window or before it; valid until the next. Nothing is changed.
  func sight(at time: Int64, step: Time) -> Sight {
    if case .delays(let synapses) = synapses {
      Sight(inlet: self, time: time, step: step, delays: synapses.look(at: time))
    } else {
      Sight(inlet: self, time: time, step: step, delays: nil)
    }
  }
}

/// A spike on its way along an axon.
private struct TravellingSpike: BitwiseCopyable {
  var source: UInt32
  /// Ticks.
  var arrival: Int64
}

extension PlasticInlet.Sight {
  /// The row of `source`: the place, weight and delay (ms) of each synapse.
  /// - Parameter pending: spikes of `source` (at the soma, sorted) that have yet to be delivered.
  func forEach(_ source: Int, pending: [Int64], _ body: (Int, Double, Double) throws -> Void) rethrows {
    let table = inlet.table
    let row = table.row(source)
    switch inlet.synapses {
    case .weights(let synapses):
      let arrivals = inlet.arrivals(of: source, synapses, pending: pending)
      try arrivals.withUnsafeBufferPointer { arrivals in
        try synapses.withRow(source, at: time, pending: arrivals) { weights in
          for (i, place) in row.enumerated() { try body(place, weights[i], table.delay(place, step: step).milliseconds) }
        }
      }
    case .delays:
      for place in row { try body(place, delays![place].weight, delays![place].delay) }
    }
  }
}
