import CPrimitives
import SNNSignals

/// How a delivery loop reads weights; one loop is compiled for each.
private protocol WeightReader {
  func weight(_ place: Int) -> Double
  func prefetch(_ row: Range<Int>)
}
private struct SharedWeight: WeightReader {
  let value: Double
  @inline(__always) func weight(_ place: Int) -> Double { value }
  @inline(__always) func prefetch(_ row: Range<Int>) {}
}
private struct OwnWeights: WeightReader {
  let values: UnsafePointer<Float>
  @inline(__always) func weight(_ place: Int) -> Double { Double(values[place]) }
  @inline(__always) func prefetch(_ row: Range<Int>) { prefetchLines(of: values, row) }
}

/// How a delivery loop reads delays in steps; one loop is compiled for each.
private protocol StepReader {
  static var isShared: Bool { get }
  func steps(_ place: Int) -> Int
  func prefetch(_ row: Range<Int>)
}
private struct SharedSteps: StepReader {
  static var isShared: Bool { true }
  let value: Int
  @inline(__always) func steps(_ place: Int) -> Int { value }
  @inline(__always) func prefetch(_ row: Range<Int>) {}
}
private struct OwnSteps<Count: FixedWidthInteger & UnsignedInteger>: StepReader {
  static var isShared: Bool { false }
  let values: UnsafePointer<Count>
  @inline(__always) func steps(_ place: Int) -> Int { Int(truncatingIfNeeded: values[place]) }
  @inline(__always) func prefetch(_ row: Range<Int>) { prefetchLines(of: values, row) }
}

/// Hints at every cache line of a row of one column.
@inline(__always)
func prefetchLines<Value>(of column: UnsafePointer<Value>, _ row: Range<Int>) {
  var place = row.lowerBound
  repeat {
    primitive_prefetch(column + place)
    place &+= 64 / MemoryLayout<Value>.stride
  } while place < row.upperBound
}

/// A synapse table as a delivery loop reads it: plain pointers, so that looking at a table counts no references.
struct SynapseColumns: BitwiseCopyable {
  let rowStarts: UnsafePointer<UInt32>
  let targets: UnsafePointer<UInt16>
  let weights: SynapseTable.Weights
  let delays: SynapseTable.Delays

  init(_ table: SynapseTable) {
    rowStarts = table.rowStarts
    targets = table.targets
    weights = table.weights
    delays = table.delays
  }

  @inline(__always)
  private func row(_ source: UInt32) -> Range<Int> { Int(rowStarts[Int(source)])..<Int(rowStarts[Int(source) &+ 1]) }

  /// Adds the weights of all synapses of the spiking sources to the steps in which they act.
  @inline(__always)
  func deliver<Sink: InputSink>(_ spikes: ShownSpikes, into sink: Sink) {
    switch weights {
    case .shared(let value): deliver(spikes, SharedWeight(value: value), sink)
    case .individual(let values): deliver(spikes, OwnWeights(values: values), sink)
    case .grouped:
      guard case .groups(let groups) = delays else { preconditionFailure("weights in groups that are not there") }
      add(spikes, groups, sink, sharedWeight: nil)
    }
  }

  @inline(__always)
  private func deliver<W: WeightReader, Sink: InputSink>(_ spikes: ShownSpikes, _ weights: W, _ sink: Sink) {
    switch delays {
    case .sharedSteps(let value): add(spikes, weights, SharedSteps(value: value), sink)
    case .byteSteps(let values): add(spikes, weights, OwnSteps(values: values), sink)
    case .shortSteps(let values): add(spikes, weights, OwnSteps(values: values), sink)
    case .groups(let groups): add(spikes, groups, sink, sharedWeight: weights.weight(0))
    case .sharedTime, .times: preconditionFailure("a table with delays in picoseconds reached a grid chunk")
    }
  }

  /// Spikes looked ahead for prefetching: the row bounds of one, the rows of a nearer one. 16 and 6 with whole
  /// rows took 0.76 of the time of 8 and 4 with first lines in the whole Brunel run (one thread, medians of 5 pairs).
  private static var boundsAhead: Int { 16 }
  private static var rowsAhead: Int { 6 }

  /// Hints at the row bounds of the first spikes: those that ``deliver(_:into:)`` has no time to look ahead for.
  @inline(__always)
  func prefetchFirstBounds(_ spikes: ShownSpikes) {
    for s in 0..<min(Self.boundsAhead, spikes.count) { primitive_prefetch(rowStarts + Int(spikes.spikes[s].id)) }
    guard case .groups(let groups) = delays else { return }
    for s in 0..<min(Self.boundsAhead, spikes.count) { groups.prefetchBounds(spikes.spikes[s].id) }
  }

  /// Hints at the rows of the first spikes, some time after their bounds.
  @inline(__always)
  func prefetchFirstRows(_ spikes: ShownSpikes) {
    for s in 0..<min(Self.rowsAhead, spikes.count) {
      if case .groups(let groups) = delays {
        groups.prefetchGroups(spikes.spikes[s].id)
        continue
      }
      let coming = row(spikes.spikes[s].id)
      prefetchLines(of: targets, coming)
      if case .individual(let values) = weights { prefetchLines(of: values, coming) }
      switch delays {
      case .byteSteps(let values): prefetchLines(of: values, coming)
      case .shortSteps(let values): prefetchLines(of: values, coming)
      case .groups, .sharedSteps, .sharedTime, .times: break
      }
    }
  }

  @inline(__always)
  private func add<W: WeightReader, D: StepReader, Sink: InputSink>(
    _ spikes: ShownSpikes, _ weights: W, _ delays: D, _ sink: Sink
  ) {
    for s in 0..<spikes.count {
      if s &+ Self.boundsAhead < spikes.count {
        primitive_prefetch(rowStarts + Int(spikes.spikes[s &+ Self.boundsAhead].id))
      }
      if s &+ Self.rowsAhead < spikes.count {
        let coming = row(spikes.spikes[s &+ Self.rowsAhead].id)
        prefetchLines(of: targets, coming)
        weights.prefetch(coming)
        delays.prefetch(coming)
      }
      let places = row(spikes.spikes[s].id)
      let step = Int(spikes.steps[s])
      if D.isShared {
        let place = sink.place(step &+ delays.steps(0))
        for i in places { sink.add(weights.weight(i), target: Int(targets[i]), at: place) }
      } else {
        for i in places {
          sink.add(weights.weight(i), target: Int(targets[i]), at: sink.place(step &+ delays.steps(i)))
        }
      }
    }
  }

  /// Spikes looked ahead for the records of their groups, which are longer.
  private static var recordsAhead: Int { 2 }

  /// The same with rows sorted by delay, where the step is looked up once for each group.
  @inline(__always)
  private func add<Sink: InputSink>(_ spikes: ShownSpikes, _ groups: DelayGroups, _ sink: Sink, sharedWeight: Double?) {
    for s in 0..<spikes.count {
      if s &+ Self.boundsAhead < spikes.count { groups.prefetchBounds(spikes.spikes[s &+ Self.boundsAhead].id) }
      if s &+ Self.rowsAhead < spikes.count { groups.prefetchGroups(spikes.spikes[s &+ Self.rowsAhead].id) }
      if s &+ Self.recordsAhead < spikes.count { groups.prefetchRecords(spikes.spikes[s &+ Self.recordsAhead].id) }
      let step = Int(spikes.steps[s])
      groups.forEach(spikes.spikes[s].id) { group, unit in
        let (targets, count) = (groups.targets(unit), Int(group.count))
        let place = sink.place(step &+ Int(group.steps))
        if let sharedWeight {
          for i in 0..<count { sink.add(sharedWeight, target: Int(targets[i]), at: place) }
        } else {
          sink.add(groups.weights(unit, count), targets: targets, count: count, at: place)
        }
      }
    }
  }
}
