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
      let weights = row.synapses + first
      let more = row.findPairs(first, count)
      var round = 0
      while round < PairScratch.rounds, row.scratch.counts[round] > 0 {
        meetPostsynapticSpikes(weights, row.scratch, round)
        round &+= 1
      }
      if more != 0 { meetFurtherSpikes(row, first, more) }
      if let transmitted = row.transmitted { meetPresynapticSpike(weights, transmitted + first, row.scratch, count) }
      first &+= count
    }
  }

  /// One spike of each synapse that has so many.
  @inlinable @inline(__always)
  func meetPostsynapticSpikes(_ weights: UnsafeMutablePointer<PlasticWeight>, _ scratch: PairScratch, _ round: Int) {
    let count = scratch.counts[round]
    let start = round &* PairScratch.synapses
    var p = 0
    while p &+ 8 <= count {
      let places = scratch.places + (start &+ p)
      func weight(_ lane: Int) -> Double { weights[Int(places[lane])].weight }
      var w = Lanes(weight(0), weight(1), weight(2), weight(3), weight(4), weight(5), weight(6), weight(7))
      w = afterPostsynapticSpike(w, scratch.pre(start &+ p))
      for lane in 0..<8 { weights[Int(places[lane])].weight = w[lane] }
      p &+= 8
    }
    guard p < count else { return }
    var w = Lanes()
    let places = scratch.places + (start &+ p)
    for lane in 0..<(count &- p) { w[lane] = weights[Int(places[lane])].weight }
    w = afterPostsynapticSpike(w, scratch.pre(start &+ p))
    for lane in 0..<(count &- p) { weights[Int(places[lane])].weight = w[lane] }
  }

  /// The spikes of the synapses named by the bits of `more`, from the first on for which there was no round, one by one.
  @inlinable @inline(never)
  func meetFurtherSpikes(_ row: PlasticRow<PlasticWeight>, _ first: Int, _ more: UInt64) {
    for i in 0..<PairScratch.synapses where more &>> UInt64(i) & 1 != 0 {
      let synapse = first &+ i
      let neuron = Int(row.targets[synapse])
      let delay = row.delays[synapse &* row.delayStride]
      let found = row.spikes(of: neuron, delay)
      var n = found.first &+ UInt32(PairScratch.rounds)
      while n != found.end {
        let traces = TraceValues(pre: row.traces(at: row.post.time(neuron, n) &+ delay), post: SIMD2())
        postsynapticSpike(&row.synapses[synapse], traces)
        n &+= 1
      }
    }
  }

  @inlinable @inline(__always)
  func meetPresynapticSpike(
    _ weights: UnsafeMutablePointer<PlasticWeight>, _ transmitted: UnsafeMutablePointer<Double>, _ scratch: PairScratch,
    _ count: Int
  ) {
    var p = 0
    while p &+ 8 <= count {
      let place = UnsafeMutableRawPointer(weights + p)
      let w = afterPresynapticSpike(place.loadUnaligned(as: Lanes.self), scratch.post(p))
      place.storeBytes(of: w, as: Lanes.self)
      UnsafeMutableRawPointer(transmitted + p).storeBytes(of: w, as: Lanes.self)
      p &+= 8
    }
    guard p < count else { return }
    var w = Lanes()
    for lane in 0..<(count &- p) { w[lane] = weights[p &+ lane].weight }
    w = afterPresynapticSpike(w, scratch.post(p))
    for lane in 0..<(count &- p) {
      weights[p &+ lane].weight = w[lane]
      transmitted[p &+ lane] = w[lane]
    }
  }
}

/// The traces that some synapses of a row meet: written one by one, read eight at a time.
///
/// Round k holds the synapses that had more than k postsynaptic spikes, each with the presynaptic trace at spike number k: so that
/// eight spikes of different synapses, however unevenly they fell, are met together.
public struct PairScratch: BitwiseCopyable {
  @usableFromInline let traces: UnsafeMutablePointer<Double>
  @usableFromInline let counts: UnsafeMutablePointer<Int>
  @usableFromInline let places: UnsafeMutablePointer<UInt8>

  /// Synapses at a time: the bits of a word.
  @inlinable public static var synapses: Int { 64 }
  @inlinable static var rounds: Int { 8 }

  public static var byteCount: Int { (rounds + 1) * synapses * 8 + rounds * 8 + rounds * synapses }

  /// - Parameter memory: ``byteCount`` bytes, aligned to lanes.
  public init(_ memory: UnsafeMutableRawPointer) {
    let traceCount = (Self.rounds + 1) * Self.synapses
    traces = memory.bindMemory(to: Double.self, capacity: traceCount)
    counts = (memory + traceCount * 8).bindMemory(to: Int.self, capacity: Self.rounds)
    places = (memory + (traceCount + Self.rounds) * 8).bindMemory(to: UInt8.self, capacity: Self.rounds * Self.synapses)
  }

  @inlinable @inline(__always)
  func add(_ place: Int, _ trace: Double, round: Int) {
    let n = counts[round]
    traces[round &* Self.synapses &+ n] = trace
    places[round &* Self.synapses &+ n] = UInt8(truncatingIfNeeded: place)
    counts[round] = n &+ 1
  }

  @inlinable @inline(__always)
  func pre(_ number: Int) -> Lanes { UnsafeRawPointer(traces + number).load(as: Lanes.self) }
  @inlinable @inline(__always)
  var postTraces: UnsafeMutablePointer<Double> { traces + Self.rounds &* Self.synapses }
  @inlinable @inline(__always)
  func post(_ place: Int) -> Lanes { UnsafeRawPointer(postTraces + place).load(as: Lanes.self) }
}

extension PlasticRow {
  /// Writes down, for `count` synapses from the first on: the presynaptic traces at the postsynaptic spikes since the row was last
  /// brought up to date, and the postsynaptic trace now. Returns the synapses that had more spikes than there are rounds.
  @inlinable @inline(__always)
  func findPairs(_ first: Int, _ count: Int) -> UInt64 {
    let (scratch, postTraces) = (scratch, scratch.postTraces)
    let (targets, delays, delayStride, heads) = (targets + first, delays, delayStride, post.heads)
    let (now, processed, lastSpike, lastTrace, kept) = (now, processed, lastSpike, lastTraces.x, postKept.x)
    let (preDecay, postDecay) = (preDecay, postDecay)
    for round in 0..<PairScratch.rounds { scratch.counts[round] = 0 }
    var more: UInt64 = 0
    for i in 0..<count {
      let neuron = Int(targets[i])
      let delay = delays[(first &+ i) &* delayStride]
      let head = heads + neuron
      var latest = head.pointee.latest
      if latest.time &+ delay >= now || head.pointee.previousTime &+ delay > processed {
        let found = self.spikes(of: neuron, delay)
        var (n, round) = (found.first, 0)
        while n != found.end && round < PairScratch.rounds {
          scratch.add(i, lastTrace * preDecay(post.time(neuron, n) &+ delay &- lastSpike).x, round: round)
          n &+= 1
          round &+= 1
        }
        if n != found.end { more |= 1 &<< UInt64(i) }
        latest = found.latest
      } else if latest.time &+ delay > processed {
        scratch.add(i, lastTrace * preDecay(latest.time &+ delay &- lastSpike).x, round: 0)
      }
      postTraces[i] = (latest.before.x * kept + 1) * postDecay(now &- delay &- latest.time).x
    }
    return more
  }
}
