import SNNDynamics
import SNNSignals

/// The spikes of a chunk's neurons that some plastic synapse has yet to meet, with the traces of one rule.
final class PostsynapticHistory: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  private let neurons: Int
  private var shift: Int
  /// Apart, since looking for spikes of some moment reads times only.
  private var spikeTimes: AlignedBuffer<Int64>
  private var spikeTraces: AlignedBuffer<SIMD2<Double>>
  private let heads: AlignedBuffer<LatestSpikes>
  private let kept: SIMD2<Double>
  private let decay: TraceDecay
  /// Whether some neuron has half its places full of spikes that are not forgotten.
  private(set) var isCrowded = false

  /// - Parameter places: for each neuron at first, as a power of two.
  init(neurons: Int, _ traces: Traces, _ decay: TraceDecay, places shift: Int = 3) {
    self.neurons = neurons
    self.shift = shift
    kept = traces.kept
    self.decay = decay
    spikeTimes = AlignedBuffer(count: neurons << shift)
    spikeTraces = AlignedBuffer(count: neurons << shift)
    heads = AlignedBuffer(count: neurons)
    for neuron in 0..<neurons { heads[neuron] = LatestSpikes() }
  }

  var byteCount: Int { spikeTimes.byteCount + spikeTraces.byteCount + heads.byteCount }
  /// The same before it has grown.
  static func bytes(neurons: Int, places shift: Int) -> Int {
    let place = MemoryLayout<Int64>.stride + MemoryLayout<SIMD2<Double>>.stride
    return neurons * (place << shift + MemoryLayout<LatestSpikes>.stride)
  }
  var view: PostsynapticSpikes {
    PostsynapticSpikes(
      heads: UnsafePointer(heads.pointer), times: UnsafePointer(spikeTimes.pointer), traces: UnsafePointer(spikeTraces.pointer),
      shift: shift)
  }

  private func place(_ neuron: Int, _ n: UInt32) -> Int { neuron << shift + Int(n) & (1 << shift - 1) }

  func append(_ neuron: Int, at time: Int64) { append(neuron, at: time, traces(of: neuron, at: time)) }

  /// - Parameter before: what the synapses are to be shown with it.
  func append(_ neuron: Int, at time: Int64, _ before: SIMD2<Double>) {
    let head = heads.pointer + neuron
    let waiting = Int(head.pointee.count &- head.pointee.forgotten)
    if waiting == 1 << shift { grow() }
    if waiting >= 1 << (shift - 1) { isCrowded = true }
    spikeTimes[place(neuron, head.pointee.count)] = time
    spikeTraces[place(neuron, head.pointee.count)] = before
    head.pointee.previousTime = head.pointee.latest.time
    head.pointee.latest = PostsynapticSpike(time: time, before: before)
    head.pointee.count &+= 1
  }

  /// The traces of `neuron` at `time`, when all its spikes are earlier or at `time`.
  func traces(of neuron: Int, at time: Int64) -> SIMD2<Double> {
    let last = heads[neuron].latest
    return (last.before * kept + 1) * decay(time - last.time)
  }

  /// When `neuron` spiked within (start, end].
  func times(of neuron: Int, after start: Int64, until end: Int64) -> [Int64] {
    var found: [Int64] = []
    var n = heads[neuron].count
    while n != heads[neuron].forgotten {
      n &-= 1
      let time = spikeTimes[place(neuron, n)]
      if time <= start { break }
      if time <= end { found.append(time) }
    }
    return found
  }

  /// No synapse will ask for spikes until `time` again, but for the trace that the last of them left.
  func forget(until time: Int64) {
    isCrowded = false
    for neuron in 0..<neurons {
      let count = heads[neuron].count
      var first = heads[neuron].forgotten
      while count &- first > 1 && spikeTimes[place(neuron, first &+ 1)] <= time { first &+= 1 }
      heads[neuron].forgotten = first
      if Int(count &- first) >= 1 << (shift - 1) { isCrowded = true }
    }
    // Still crowded: so many spikes come within one delay that more places are needed.
    if isCrowded {
      grow()
      isCrowded = false
    }
  }

  func pass(through state: StateTransfer) throws {
    var places = shift
    try state.value(&places)
    let bytes = MemoryLayout<Int64>.stride + MemoryLayout<SIMD2<Double>>.stride
    try state.require(
      (1..<32).contains(places) && neurons <= (state.remaining / bytes) >> places, "has histories that are too long")
    if places != shift {
      shift = places
      spikeTimes = AlignedBuffer(count: neurons << shift)
      spikeTraces = AlignedBuffer(count: neurons << shift)
    }
    try spikeTimes.pass(through: state)
    try spikeTraces.pass(through: state)
    try heads.pass(through: state)
    try state.require(
      (0..<neurons).allSatisfy { heads[$0].count &- heads[$0].forgotten <= 1 << UInt32(places) }, "has more spikes than places")
    try state.flag(&isCrowded)
  }

  private func grow() {
    let (oldTimes, oldTraces, oldShift) = (spikeTimes, spikeTraces, shift)
    shift += 1
    spikeTimes = AlignedBuffer(count: neurons << shift)
    spikeTraces = AlignedBuffer(count: neurons << shift)
    for neuron in 0..<neurons {
      var n = heads[neuron].forgotten
      while n != heads[neuron].count {
        let old = neuron << oldShift + Int(n) & (1 << oldShift - 1)
        spikeTimes[place(neuron, n)] = oldTimes[old]
        spikeTraces[place(neuron, n)] = oldTraces[old]
        n &+= 1
      }
    }
  }
}
