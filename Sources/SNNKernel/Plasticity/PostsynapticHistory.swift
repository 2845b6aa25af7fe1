import SNNDynamics

/// The spikes of a chunk's neurons that some plastic synapse has yet to meet, with the traces of one rule.
final class PostsynapticHistory: @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  private let neurons: Int
  private var shift = 3
  private var records: AlignedBuffer<PostsynapticSpike>
  private let counts: AlignedBuffer<UInt32>
  private let forgotten: AlignedBuffer<UInt32>
  private let kept: SIMD2<Double>
  private let decay: TraceDecay
  /// Whether some neuron has half its places full of spikes that are not forgotten.
  private(set) var isCrowded = false

  init(neurons: Int, _ traces: Traces, _ decay: TraceDecay) {
    self.neurons = neurons
    kept = traces.kept
    self.decay = decay
    records = AlignedBuffer(count: neurons << shift)
    counts = AlignedBuffer(count: neurons)
    forgotten = AlignedBuffer(count: neurons)
  }

  var byteCount: Int { records.byteCount + counts.byteCount + forgotten.byteCount }
  var view: PostsynapticSpikes {
    PostsynapticSpikes(
      records: UnsafePointer(records.pointer), counts: UnsafePointer(counts.pointer),
      forgotten: UnsafePointer(forgotten.pointer), shift: shift)
  }

  private func place(_ neuron: Int, _ n: UInt32) -> Int { neuron << shift + Int(n) & (1 << shift - 1) }

  func append(_ neuron: Int, at time: Int64) {
    let n = counts[neuron]
    let waiting = Int(n &- forgotten[neuron])
    if waiting == 1 << shift { grow() }
    if waiting >= 1 << (shift - 1) { isCrowded = true }
    var before = SIMD2<Double>()
    if waiting > 0 {
      let last = records[place(neuron, n &- 1)]
      before = (last.before * kept + 1) * decay(time - last.time)
    }
    records[place(neuron, n)] = PostsynapticSpike(time: time, before: before)
    counts[neuron] = n &+ 1
  }

  /// The traces of `neuron` at `time`, when all its spikes are earlier or at `time`.
  func traces(of neuron: Int, at time: Int64) -> SIMD2<Double> {
    let n = counts[neuron]
    guard n != forgotten[neuron] else { return SIMD2() }
    let last = records[place(neuron, n &- 1)]
    return (last.before * kept + 1) * decay(time - last.time)
  }

  /// No synapse will ask for spikes until `time` again, but for the trace that the last of them left.
  func forget(until time: Int64) {
    isCrowded = false
    for neuron in 0..<neurons {
      let count = counts[neuron]
      var first = forgotten[neuron]
      while count &- first > 1 && records[place(neuron, first &+ 1)].time <= time { first &+= 1 }
      forgotten[neuron] = first
      if Int(count &- first) >= 1 << (shift - 1) { isCrowded = true }
    }
    // Still crowded: so many spikes come within one delay that more places are needed.
    if isCrowded {
      grow()
      isCrowded = false
    }
  }

  private func grow() {
    let old = records
    let oldShift = shift
    shift += 1
    records = AlignedBuffer(count: neurons << shift)
    for neuron in 0..<neurons {
      var n = forgotten[neuron]
      while n != counts[neuron] {
        records[place(neuron, n)] = old[neuron << oldShift + Int(n) & (1 << oldShift - 1)]
        n &+= 1
      }
    }
  }
}
