/// A learning rule that goes by one trace of either side and by the weight, written for eight synapses at once.
///
/// What it offers over ``LearningRule`` is speed: powers and bounds cost an eighth.
public protocol PairRule: LearningRule where Synapse == PlasticWeight {
  /// Weights after a postsynaptic spike that meets these presynaptic traces. A trace of 0 must leave the weight as it is.
  func afterPostsynapticSpike(_ weights: Lanes, _ preTraces: Lanes) -> Lanes
  /// Weights after a presynaptic spike that meets these postsynaptic traces.
  func afterPresynapticSpike(_ weights: Lanes, _ postTraces: Lanes) -> Lanes
}

extension PairRule {
  @inlinable
  public func postsynapticSpike(_ s: inout PlasticWeight, _ traces: TraceValues) {
    s.weight = afterPostsynapticSpike(Lanes(repeating: s.weight), Lanes(repeating: traces.pre.x))[0]
  }
  @inlinable
  public func presynapticSpike(_ s: inout PlasticWeight, _ traces: TraceValues) {
    s.weight = afterPresynapticSpike(Lanes(repeating: s.weight), Lanes(repeating: traces.post.x))[0]
  }

  @inlinable
  public func replay(_ row: PlasticRow<PlasticWeight>) {
    var first = 0
    while first < row.count {
      let count = min(PairScratch.synapses, row.count &- first)
      var waiting = row.findTraces(first, count)
      var p = 0
      while p < count {
        let weights = row.synapses + (first &+ p)
        let isWhole = count &- p >= 8
        var w = Lanes()
        if isWhole {
          w = UnsafeRawPointer(weights).loadUnaligned(as: Lanes.self)
        } else {
          for i in 0..<(count &- p) { w[i] = weights[i].weight }
        }
        w = afterPostsynapticSpike(w, row.scratch.pre(p))
        while waiting & 255 != 0 {
          w = afterPostsynapticSpike(w, row.nextTraces(first, p, &waiting))
        }
        if row.transmitted != nil { w = afterPresynapticSpike(w, row.scratch.post(p)) }
        if isWhole {
          UnsafeMutableRawPointer(weights).storeBytes(of: w, as: Lanes.self)
          if let transmitted = row.transmitted {
            UnsafeMutableRawPointer(transmitted + (first &+ p)).storeBytes(of: w, as: Lanes.self)
          }
        } else {
          for i in 0..<(count &- p) {
            weights[i].weight = w[i]
            if let transmitted = row.transmitted { transmitted[first &+ p &+ i] = w[i] }
          }
        }
        p &+= 8
        waiting &>>= 8
      }
      first &+= count
    }
  }
}

/// The traces that some synapses of a row meet: written one by one, read eight at a time.
public struct PairScratch: BitwiseCopyable {
  @usableFromInline let traces: UnsafeMutablePointer<Double>
  @usableFromInline let spikes: UnsafeMutablePointer<UInt32>

  /// Synapses at a time: the bits of a word.
  @inlinable public static var synapses: Int { 64 }

  /// - Parameters:
  ///   - traces: `2 * synapses` places, aligned to lanes.
  ///   - spikes: as many.
  public init(traces: UnsafeMutablePointer<Double>, spikes: UnsafeMutablePointer<UInt32>) {
    self.traces = traces
    self.spikes = spikes
  }

  @inlinable @inline(__always)
  func pre(_ place: Int) -> Lanes { UnsafeRawPointer(traces + place).load(as: Lanes.self) }
  @inlinable @inline(__always)
  func post(_ place: Int) -> Lanes { UnsafeRawPointer(traces + (Self.synapses &+ place)).load(as: Lanes.self) }
}

extension PlasticRow {
  /// Writes down, for `count` synapses from the first on: the presynaptic trace at the postsynaptic spike since the row was last
  /// brought up to date (0 where there was none or several), and the postsynaptic trace now. Returns where there were several.
  @inlinable @inline(__always)
  func findTraces(_ first: Int, _ count: Int) -> UInt64 {
    let (traces, spikes) = (scratch.traces, scratch.spikes)
    let (targets, delays, delayStride, heads) = (targets + first, delays, delayStride, post.heads)
    let (now, processed, lastSpike, lastTrace, kept) = (now, processed, lastSpike, lastTraces.x, postKept.x)
    let (preDecay, postDecay) = (preDecay, postDecay)
    var several: UInt64 = 0
    for i in 0..<count {
      let neuron = Int(targets[i])
      let delay = delays[(first &+ i) &* delayStride]
      let head = heads + neuron
      var latest = head.pointee.latest
      var pre = 0.0
      if latest.time &+ delay >= now || head.pointee.previousTime &+ delay > processed {
        let found = self.spikes(of: neuron, delay)
        spikes[i] = found.first
        spikes[i &+ PairScratch.synapses] = found.end
        if found.first != found.end { several |= 1 &<< UInt64(i) }
        latest = found.latest
      } else if latest.time &+ delay > processed {
        pre = lastTrace * preDecay(latest.time &+ delay &- lastSpike).x
      }
      traces[i] = pre
      traces[i &+ PairScratch.synapses] = (latest.before.x * kept + 1) * postDecay(now &- delay &- latest.time).x
    }
    return several
  }

  /// The presynaptic traces at the next postsynaptic spikes of those synapses, eight from `first + place` on, that the lowest
  /// bits of `waiting` name; clears the bits of those for which it is the last.
  @inlinable @inline(never)
  func nextTraces(_ first: Int, _ place: Int, _ waiting: inout UInt64) -> Lanes {
    var pre = Lanes()
    var lanes = waiting & 255
    while lanes != 0 {
      let i = lanes.trailingZeroBitCount
      lanes &= lanes &- 1
      let synapse = first &+ place &+ i
      let spike = scratch.spikes[place &+ i]
      pre[i] = traces(at: post.record(Int(targets[synapse]), spike).pointee.time &+ delays[synapse &* delayStride]).x
      scratch.spikes[place &+ i] = spike &+ 1
      if spike &+ 1 == scratch.spikes[place &+ i &+ PairScratch.synapses] { waiting &= ~(1 &<< UInt64(i)) }
    }
    return pre
  }
}
