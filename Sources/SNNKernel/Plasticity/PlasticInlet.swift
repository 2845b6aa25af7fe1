import SNNDynamics
import SNNSignals

/// Delivers spikes through the plastic synapses of one projection onto one chunk.
public final class PlasticInlet: @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  let synapses: any PlasticSynapses
  /// Spikes on their way along the axons, in the order in which they came.
  private var travelling: [(source: UInt32, arrival: Int64)] = []

  /// No synapse is slower (dendritic).
  public var maximumDelay: Time { synapses.table.maximumDelay }

  public init(_ synapses: any PlasticSynapses) { self.synapses = synapses }

  /// Spikes that reach the synapses until the end of step `start` act on the grid.
  func deliver<Sink: InputSink>(_ board: SpikeBoard, until start: Int, into sink: Sink) {
    let table = synapses.table
    let spikes = board.lateSpikes(of: synapses.source)
    forEachArrival(spikes, until: Int64(start), time: { Int64(spikes.steps[$0]) }) { source, step in
      let row = table.row(source)
      guard row.count > 0 else { return }
      let (weights, factor) = synapses.presynapticSpike(source, at: step)
      switch table.delays {
      case .sharedSteps(let steps):
        let place = sink.place(Int(step) + steps)
        for i in 0..<row.count {
          sink.add(weights[i] * factor, target: Int(table.targets[row.lowerBound &+ i]), at: place)
        }
      case .byteSteps(let steps): add(row, Int(step), steps, weights, factor, table.targets, sink)
      case .shortSteps(let steps): add(row, Int(step), steps, weights, factor, table.targets, sink)
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
    let table = synapses.table
    let spikes = board.lateSpikes(of: synapses.source)
    let kind: NeuronEvent.Kind = table.receptor == .excitatory ? .excitatory : .inhibitory
    forEachArrival(spikes, until: start.picoseconds, time: { spikes.spikes[$0].time.picoseconds }) { source, time in
      let row = table.row(source)
      guard row.count > 0 else { return }
      let (weights, factor) = synapses.presynapticSpike(source, at: time)
      for (i, place) in row.enumerated() {
        let delay: Int64 =
          switch table.delays {
          case .sharedTime(let delay): delay.picoseconds
          case .times(let counts, let shift): Int64(counts[place]) << Int64(shift)
          case .sharedSteps, .byteSteps, .shortSteps: preconditionFailure("a table with delays in steps reached an exact chunk")
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
    _ spikes: ShownSpikes, until end: Int64, time: (Int) -> Int64, _ body: (Int, Int64) -> Void
  ) {
    if synapses.axonalDelay == 0 {
      for s in 0..<spikes.count { body(Int(spikes.spikes[s].id), time(s)) }
    } else {
      for s in 0..<spikes.count { travelling.append((spikes.spikes[s].id, time(s) + synapses.axonalDelay)) }
      for (source, arrival) in travelling where arrival <= end { body(Int(source), arrival) }
      travelling.removeAll { $0.arrival <= end }
    }
    synapses.finishDelivery(until: end)
  }

  /// The row of `source` at `time`, the end of a window or before it, with the spikes of `pending` (at the soma, sorted) that
  /// have yet to be delivered. Nothing is changed.
  func withRow(
    _ source: Int, at time: Int64, pending: [Int64], _ body: (SynapseTable, Range<Int>, UnsafePointer<Double>) throws -> Void
  ) rethrows {
    let arrivals =
      travelling.filter { $0.source == source }.map(\.arrival) + pending.map { $0 + synapses.axonalDelay }
    try arrivals.withUnsafeBufferPointer { arrivals in
      try synapses.withRow(source, at: time, pending: arrivals) { weights in
        try body(synapses.table, synapses.table.row(source), weights)
      }
    }
  }
}
