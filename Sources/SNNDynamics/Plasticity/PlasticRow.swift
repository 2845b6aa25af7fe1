import CPrimitives

/// A spike of a postsynaptic neuron with its traces just before it.
public struct PostsynapticSpike: BitwiseCopyable, Sendable {
  /// In ticks, at the soma.
  public var time: Int64
  public var before: SIMD2<Double>
  @inlinable public init(time: Int64, before: SIMD2<Double>) {
    self.time = time
    self.before = before
  }
}

/// The latest spikes of the neurons of a chunk: per neuron a ring of a power of two of places.
public struct PostsynapticSpikes: BitwiseCopyable {
  @usableFromInline let records: UnsafePointer<PostsynapticSpike>
  /// How many spikes each neuron has had, and how many of them are forgotten.
  @usableFromInline let counts: UnsafePointer<UInt32>
  @usableFromInline let forgotten: UnsafePointer<UInt32>
  @usableFromInline let mask: UInt32
  @usableFromInline let shift: Int

  public init(
    records: UnsafePointer<PostsynapticSpike>, counts: UnsafePointer<UInt32>, forgotten: UnsafePointer<UInt32>, shift: Int
  ) {
    self.records = records
    self.counts = counts
    self.forgotten = forgotten
    mask = 1 << UInt32(shift) - 1
    self.shift = shift
  }

  /// Spike number `n` of `neuron`.
  @inlinable @inline(__always)
  func record(_ neuron: Int, _ n: UInt32) -> UnsafePointer<PostsynapticSpike> {
    records + (neuron &<< shift &+ Int(n & mask))
  }
}

/// When a modulator was released: moments in ticks, with the concentration just after each.
public struct ModulatorReleases: BitwiseCopyable {
  @usableFromInline let times: UnsafePointer<Int64>
  @usableFromInline let levels: UnsafePointer<Double>
  @usableFromInline let count: Int
  @usableFromInline let decay: TraceDecay

  public init(times: UnsafePointer<Int64>, levels: UnsafePointer<Double>, count: Int, decay: TraceDecay) {
    self.times = times
    self.levels = levels
    self.count = count
    self.decay = decay
  }

  /// The number of releases until `time`.
  @inlinable @inline(__always)
  func number(until time: Int64) -> Int {
    var n = count
    while n > 0 && times[n &- 1] > time { n &-= 1 }
    return n
  }
  /// The concentration at `time`, release number `n − 1` being the latest.
  @inlinable @inline(__always)
  func level(at time: Int64, after n: Int) -> Double {
    n == 0 ? 0 : levels[n &- 1] * decay(time &- times[n &- 1]).x
  }
}

/// The work order of ``LearningRule/replay(_:)``: the synapses of one presynaptic neuron onto one chunk, and the moment up to
/// which they are to be brought.
public struct PlasticRow<Synapse: BitwiseCopyable> {
  public var count: Int
  /// Target neuron within the chunk, of each synapse.
  public var targets: UnsafePointer<UInt16>
  public var synapses: UnsafePointer<Synapse>
  /// Where the results go: the same memory, or a copy.
  public var results: UnsafeMutablePointer<Synapse>
  /// Where the weights go that a presynaptic spike meets; nil when there is none at `now`.
  public var transmitted: UnsafeMutablePointer<Double>?
  /// Dendritic delays in ticks: one (stride 0) or one per synapse (1).
  public var delays: UnsafePointer<Int64>
  public var delayStride: Int
  /// Everything until here is to happen, postsynaptic spikes at this very moment and the presynaptic one included.
  public var now: Int64
  /// Everything until here has happened.
  public var processed: Int64
  /// When the presynaptic neuron last spiked, and its traces just after.
  public var lastSpike: Int64
  public var lastTraces: SIMD2<Double>
  public var preDecay: TraceDecay
  public var post: PostsynapticSpikes
  public var postKept: SIMD2<Double>
  public var postDecay: TraceDecay
  public var modulator: ModulatorReleases
  /// ms.
  public var tick: Double

  public init(
    count: Int, targets: UnsafePointer<UInt16>, synapses: UnsafePointer<Synapse>, results: UnsafeMutablePointer<Synapse>,
    transmitted: UnsafeMutablePointer<Double>?, delays: UnsafePointer<Int64>, delayStride: Int, now: Int64, processed: Int64,
    lastSpike: Int64, lastTraces: SIMD2<Double>, preDecay: TraceDecay, post: PostsynapticSpikes, postKept: SIMD2<Double>,
    postDecay: TraceDecay, modulator: ModulatorReleases, tick: Double
  ) {
    self.count = count
    self.targets = targets
    self.synapses = synapses
    self.results = results
    self.transmitted = transmitted
    self.delays = delays
    self.delayStride = delayStride
    self.now = now
    self.processed = processed
    self.lastSpike = lastSpike
    self.lastTraces = lastTraces
    self.preDecay = preDecay
    self.post = post
    self.postKept = postKept
    self.postDecay = postDecay
    self.modulator = modulator
    self.tick = tick
  }

  /// The presynaptic traces at `time`, after the last spike.
  @inlinable @inline(__always)
  func traces(at time: Int64) -> SIMD2<Double> { lastTraces * preDecay(time &- lastSpike) }

  /// The postsynaptic traces of `neuron` at `time`, spike number `n − 1` being the latest.
  @inlinable @inline(__always)
  func traces(of neuron: Int, at time: Int64, after n: UInt32) -> SIMD2<Double> {
    guard n != post.forgotten[neuron] else { return SIMD2() }
    let last = post.record(neuron, n &- 1)
    return (last.pointee.before * postKept + 1) * postDecay(time &- last.pointee.time)
  }
}

extension LearningRule {
  @inlinable
  public func replay(_ row: PlasticRow<Synapse>) {
    let preNow = row.transmitted == nil ? SIMD2() : row.traces(at: row.now)
    for p in 0..<row.count {
      let neuron = Int(row.targets[p])
      let delay = row.delays[p &* row.delayStride]
      var s = row.synapses[p]
      // Its postsynaptic spikes in (processed, now], in the synapse's time.
      let forgotten = row.post.forgotten[neuron]
      var last = row.post.counts[neuron]
      while last != forgotten && row.post.record(neuron, last &- 1).pointee.time &+ delay > row.now { last &-= 1 }
      var next = last
      while next != forgotten && row.post.record(neuron, next &- 1).pointee.time &+ delay > row.processed { next &-= 1 }
      if Self.evolves {
        replay(row, &s, neuron, delay, next, last)
      } else {
        while next != last {
          let spike = row.post.record(neuron, next).pointee
          postsynapticSpike(&s, TraceValues(pre: row.traces(at: spike.time &+ delay), post: spike.before))
          next &+= 1
        }
      }
      if let transmitted = row.transmitted {
        // A postsynaptic spike at this very moment has yet to reach the trace.
        var latest = last
        if latest != forgotten && row.post.record(neuron, latest &- 1).pointee.time &+ delay == row.now { latest &-= 1 }
        presynapticSpike(&s, TraceValues(pre: preNow, post: row.traces(of: neuron, at: row.now &- delay, after: latest)))
        transmitted[p] = s.weight
      }
      row.results[p] = s
    }
  }

  /// The same for a synapse that also changes between events: postsynaptic spikes and releases in the order of time, releases
  /// first where they meet.
  @inlinable @inline(__always)
  func replay(
    _ row: PlasticRow<Synapse>, _ s: inout Synapse, _ neuron: Int, _ delay: Int64, _ first: UInt32, _ last: UInt32
  ) {
    var next = first
    var clock = row.processed
    var release = row.modulator.number(until: row.processed)
    let lastRelease = row.modulator.number(until: row.now)
    while true {
      let spikeTime = next == last ? Int64.max : row.post.record(neuron, next).pointee.time &+ delay
      let releaseTime = release == lastRelease ? Int64.max : row.modulator.times[release]
      let time = min(spikeTime, releaseTime, row.now)
      if time > clock {
        evolve(&s, Double(time &- clock) * row.tick, modulator: row.modulator.level(at: clock, after: release))
        clock = time
      }
      if releaseTime == time {
        release &+= 1
      } else if spikeTime == time {
        let spike = row.post.record(neuron, next).pointee
        postsynapticSpike(&s, TraceValues(pre: row.traces(at: time), post: spike.before))
        next &+= 1
      } else {
        return
      }
    }
  }
}
