import CPrimitives
import SNNDynamics
import SNNSignals

extension SynapseTable {
  /// Appends an event for each synapse of the spiking sources. One loop is compiled for each way to keep weights and delays.
  func deliver(_ spikes: ShownSpikes, into buckets: EventBuckets) {
    switch (delays, weights) {
    case (.sharedTime(let delay), .shared(let weight)): append(spikes, buckets, delay) { _ in weight }
    case (.sharedTime(let delay), .individual(let values)): append(spikes, buckets, delay) { Double(values[$0]) }
    case (.times(let counts, let shift), .shared(let weight)): append(spikes, buckets, counts, shift) { _ in weight }
    case (.times(let counts, let shift), .individual(let values)):
      append(spikes, buckets, counts, shift) { Double(values[$0]) }
    case (.sharedSteps, _), (.byteSteps, _), (.shortSteps, _), (.groups, _), (_, .grouped):
      preconditionFailure("a table with delays in steps reached an exact chunk")
    }
  }

  private var kind: NeuronEvent.Kind { receptor == .excitatory ? .excitatory : .inhibitory }

  /// With one delay, all events of a spike go into one list.
  @inline(__always)
  private func append(_ spikes: ShownSpikes, _ buckets: EventBuckets, _ delay: Time, weight: (Int) -> Double) {
    let (targets, kind) = (targets, kind)
    forEachRow(of: spikes) { (spike, places) in
      let time = spike.time + delay
      let events = buckets.list(at: time).pointee.extend(by: places.count) - places.lowerBound
      for place in places {
        events[place] = NeuronEvent(time: time, value: weight(place), index: UInt32(targets[place]), kind: kind)
      }
    }
  }

  @inline(__always)
  private func append(
    _ spikes: ShownSpikes, _ buckets: EventBuckets, _ counts: UnsafePointer<UInt32>, _ shift: Int, weight: (Int) -> Double
  ) {
    let (targets, kind) = (targets, kind)
    forEachRow(of: spikes, delays: counts) { (spike, places) in
      for place in places {
        let time = Time(picoseconds: spike.time.picoseconds &+ Int64(counts[place]) &<< Int64(shift))
        buckets.append(NeuronEvent(time: time, value: weight(place), index: UInt32(targets[place]), kind: kind))
      }
    }
  }

  /// Spikes looked ahead for prefetching: the row bounds of one, the targets and delays of a nearer one.
  private static var boundsAhead: Int { 16 }
  private static var rowsAhead: Int { 6 }

  /// Each spike with the places of its row, while the rows of later ones are on their way into the cache.
  @inline(__always)
  private func forEachRow(
    of shown: ShownSpikes, delays: UnsafePointer<UInt32>? = nil, _ body: (Spike, Range<Int>) -> Void
  ) {
    let spikes = UnsafeBufferPointer(start: shown.spikes, count: shown.count)
    for s in 0..<min(Self.boundsAhead, spikes.count) { primitive_prefetch(rowStarts + Int(spikes[s].id)) }
    for s in 0..<min(Self.rowsAhead, spikes.count) { prefetchRow(Int(spikes[s].id), delays) }
    for s in 0..<spikes.count {
      if s &+ Self.boundsAhead < spikes.count { primitive_prefetch(rowStarts + Int(spikes[s &+ Self.boundsAhead].id)) }
      if s &+ Self.rowsAhead < spikes.count { prefetchRow(Int(spikes[s &+ Self.rowsAhead].id), delays) }
      body(spikes[s], row(Int(spikes[s].id)))
    }
  }

  @inline(__always)
  private func prefetchRow(_ source: Int, _ delays: UnsafePointer<UInt32>?) {
    let row = row(source)
    for place in stride(from: row.lowerBound, to: row.upperBound, by: 32) {
      primitive_prefetch(targets + place)
      if let delays {
        primitive_prefetch(delays + place)
        primitive_prefetch(delays + place + 16)
      }
    }
  }
}
