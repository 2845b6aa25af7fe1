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

/// A neuron as most of its synapses see it: its latest spike, and when the one before it was.
public struct LatestSpikes: BitwiseCopyable, Sendable {
  public var latest: PostsynapticSpike
  public var previousTime: Int64
  /// How many spikes the neuron has had, and how many of them are forgotten.
  public var count: UInt32
  public var forgotten: UInt32
  /// No spike yet.
  public init() {
    latest = PostsynapticSpike(time: Self.never, before: SIMD2())
    previousTime = Self.never
    count = 0
    forgotten = 0
  }

  /// Before every moment of a run, and any delay before that.
  @inlinable public static var never: Int64 { Int64.min / 4 }
}

/// The latest spikes of the neurons of a chunk: per neuron a ring of a power of two of places.
public struct PostsynapticSpikes: BitwiseCopyable {
  @usableFromInline let heads: UnsafePointer<LatestSpikes>
  @usableFromInline let times: UnsafePointer<Int64>
  @usableFromInline let traces: UnsafePointer<SIMD2<Double>>
  @usableFromInline let mask: UInt32
  @usableFromInline let shift: Int

  /// - Parameters:
  ///   - times, traces: by place; the traces are those before the spike.
  ///   - shift: places of each neuron, as a power of two.
  public init(
    heads: UnsafePointer<LatestSpikes>, times: UnsafePointer<Int64>, traces: UnsafePointer<SIMD2<Double>>, shift: Int
  ) {
    self.heads = heads
    self.times = times
    self.traces = traces
    mask = 1 << UInt32(shift) - 1
    self.shift = shift
  }

  @inlinable @inline(__always)
  func place(_ neuron: Int, _ n: UInt32) -> Int { neuron &<< shift &+ Int(n & mask) }
  /// When spike number `n` of `neuron` was.
  @inlinable @inline(__always)
  func time(_ neuron: Int, _ n: UInt32) -> Int64 { times[place(neuron, n)] }
  @inlinable @inline(__always)
  func spike(_ neuron: Int, _ n: UInt32) -> PostsynapticSpike {
    PostsynapticSpike(time: times[place(neuron, n)], before: traces[place(neuron, n)])
  }
}

/// A release of a modulator, as a synapse sees it.
public struct ModulatorRelease: BitwiseCopyable, Sendable {
  /// In ticks.
  public var time: Int64
  /// The trace of all releases, just after this one.
  public var level: Double
  @inlinable public init(time: Int64, level: Double) {
    self.time = time
    self.level = level
  }
}

/// The latest releases of a rule's modulator, in order.
public struct ModulatorReleases: BitwiseCopyable {
  @usableFromInline let releases: UnsafePointer<ModulatorRelease>
  @usableFromInline let count: Int
  @usableFromInline let decay: TraceDecay

  public init(_ releases: UnsafePointer<ModulatorRelease>, count: Int, decay: TraceDecay) {
    self.releases = releases
    self.count = count
    self.decay = decay
  }

  /// The number of releases until `time`.
  @inlinable @inline(__always)
  func number(until time: Int64) -> Int {
    var n = count
    while n > 0 && releases[n &- 1].time > time { n &-= 1 }
    return n
  }
  /// The trace at `time`, release number `n − 1` being the latest.
  @inlinable @inline(__always)
  func level(at time: Int64, after n: Int) -> Double {
    n == 0 ? 0 : releases[n &- 1].level * decay(time &- releases[n &- 1].time).x
  }
}

/// The work order of ``LearningRule/replay(_:)``: the synapses of one presynaptic neuron onto one chunk, and the moment up to
/// which they are to be brought.
public struct PlasticRow<Synapse: BitwiseCopyable> {
  public var count: Int
  /// Target neuron within the chunk, of each synapse.
  public var targets: UnsafePointer<UInt16>
  /// As they were at `processed`; then as they are at `now`.
  public var synapses: UnsafeMutablePointer<Synapse>
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
  /// Of a rule that reads states; its postsynaptic spikes are then what it made of them.
  public var observed: ObservedLevels
  public var astrocytes: AstrocyteLevels
  public var scratch: PairScratch
  /// ms.
  public var tick: Double

  public init(
    count: Int, targets: UnsafePointer<UInt16>, synapses: UnsafeMutablePointer<Synapse>,
    transmitted: UnsafeMutablePointer<Double>?, delays: UnsafePointer<Int64>, delayStride: Int, now: Int64, processed: Int64,
    lastSpike: Int64, lastTraces: SIMD2<Double>, preDecay: TraceDecay, post: PostsynapticSpikes, postKept: SIMD2<Double>,
    postDecay: TraceDecay, modulator: ModulatorReleases, observed: ObservedLevels, astrocytes: AstrocyteLevels,
    scratch: PairScratch, tick: Double
  ) {
    self.count = count
    self.targets = targets
    self.synapses = synapses
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
    self.observed = observed
    self.astrocytes = astrocytes
    self.scratch = scratch
    self.tick = tick
  }

  /// The presynaptic traces at `time`, after the last spike.
  @inlinable @inline(__always)
  func traces(at time: Int64) -> SIMD2<Double> { lastTraces * preDecay(time &- lastSpike) }

  /// The spikes of `neuron` that reach a synapse in (processed, now], and the one whose trace a presynaptic spike meets now: one
  /// that comes at the very moment has yet to reach the trace.
  @inlinable @inline(__always)
  func spikes(of neuron: Int, _ delay: Int64) -> (first: UInt32, end: UInt32, latest: PostsynapticSpike) {
    let forgotten = post.heads[neuron].forgotten
    var end = post.heads[neuron].count
    while end != forgotten && post.time(neuron, end &- 1) &+ delay > now { end &-= 1 }
    var first = end
    while first != forgotten && post.time(neuron, first &- 1) &+ delay > processed { first &-= 1 }
    var before = end
    if before != forgotten && post.time(neuron, before &- 1) &+ delay == now { before &-= 1 }
    return (first, end, before == forgotten ? LatestSpikes().latest : post.spike(neuron, before &- 1))
  }
}

extension LearningRule {
  @inlinable
  public func replay(_ row: PlasticRow<Synapse>) {
    // Held here: synapses are written through a pointer, behind which the compiler would look for all of this again.
    let (targets, synapses, transmitted) = (row.targets, row.synapses, row.transmitted)
    let (delays, delayStride, now, processed) = (row.delays, row.delayStride, row.now, row.processed)
    let (post, postKept, postDecay, preDecay) = (row.post, row.postKept, row.postDecay, row.preDecay)
    let (lastSpike, lastTraces) = (row.lastSpike, row.lastTraces)
    let preNow = transmitted == nil ? SIMD2() : lastTraces * preDecay(now &- lastSpike)
    let sample = Self.astrocyteVariable == nil ? 0 : row.astrocytes.number(until: now)
    for p in 0..<row.count {
      let neuron = Int(targets[p])
      let head = post.heads + neuron
      let delay = delays[p &* delayStride]
      var s = synapses[p]
      var latest = head.pointee.latest
      if Self.evolves || latest.time &+ delay >= now || head.pointee.previousTime &+ delay > processed {
        latest = replay(row, &s, neuron, delay)
      } else if latest.time &+ delay > processed {
        // One spike since, as mostly.
        postsynapticSpike(
          &s, TraceValues(pre: lastTraces * preDecay(latest.time &+ delay &- lastSpike), post: latest.before))
      }
      if let transmitted {
        let trace =
          Self.observes
          ? SIMD2(row.observed.level(neuron, at: now &- delay), 0)
          : (latest.before * postKept + 1) * postDecay(now &- delay &- latest.time)
        let level = Self.astrocyteVariable == nil ? 0 : row.astrocytes.level(of: neuron, after: sample)
        presynapticSpike(&s, TraceValues(pre: preNow, post: trace, astrocyte: level))
        transmitted[p] = s.transmitted
      }
      synapses[p] = s
    }
  }

  /// Everything that happens at one synapse before the presynaptic spike. Returns the postsynaptic spike whose trace that meets.
  @inlinable @inline(never)
  func replay(_ row: PlasticRow<Synapse>, _ s: inout Synapse, _ neuron: Int, _ delay: Int64) -> PostsynapticSpike {
    let found = row.spikes(of: neuron, delay)
    if Self.evolves {
      replay(row, &s, neuron, delay, found.first, found.end)
    } else {
      var next = found.first
      while next != found.end {
        let spike = row.post.spike(neuron, next)
        postsynapticSpike(&s, TraceValues(pre: row.traces(at: spike.time &+ delay), post: spike.before))
        next &+= 1
      }
    }
    return found.latest
  }

  /// The same for a synapse that also changes between events: postsynaptic spikes, releases and samples of astrocytes in the
  /// order of time; releases and samples come first where they meet.
  @inlinable @inline(__always)
  func replay(
    _ row: PlasticRow<Synapse>, _ s: inout Synapse, _ neuron: Int, _ delay: Int64, _ first: UInt32, _ last: UInt32
  ) {
    var next = first
    var clock = row.processed
    var release = row.modulator.number(until: row.processed)
    let lastRelease = row.modulator.number(until: row.now)
    let astrocytes = row.astrocytes
    var sample = Self.astrocyteVariable == nil ? 0 : astrocytes.number(until: row.processed)
    let lastSample = Self.astrocyteVariable == nil ? 0 : astrocytes.number(until: row.now)
    while true {
      let spikeTime = next == last ? Int64.max : row.post.time(neuron, next) &+ delay
      let releaseTime = release == lastRelease ? Int64.max : row.modulator.releases[release].time
      let sampleTime = sample == lastSample ? Int64.max : astrocytes.time(sample)
      let time = min(spikeTime, releaseTime, sampleTime, row.now)
      if time > clock {
        let modulator =
          Self.astrocyteVariable == nil
          ? row.modulator.level(at: clock, after: release) : astrocytes.level(of: neuron, after: sample)
        evolve(&s, Double(time &- clock) * row.tick, modulator: modulator)
        clock = time
      }
      if releaseTime == time {
        release &+= 1
      } else if sampleTime == time {
        sample &+= 1
      } else if spikeTime == time {
        let spike = row.post.spike(neuron, next)
        postsynapticSpike(&s, TraceValues(pre: row.traces(at: time), post: spike.before))
        next &+= 1
      } else {
        return
      }
    }
  }
}
