import SNNDynamics
import SNNSignals

/// The synapses of one rule, brought up to date row by row when their presynaptic neuron spikes.
final class PlasticTable<Rule: LearningRule>: PlasticSynapses, @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  let table: SynapseTable
  let source: Int
  let sign: Double
  let axonalDelay: Int64
  let modulator: Int?
  private let modulatorDelay: Int64
  private let rule: Rule
  private let release: (any ReleaseRule)?
  private let clock: TickClock
  private let preTraces: Traces
  private let postTraces: Traces
  private let preDecay: TraceDecay
  private let postDecay: TraceDecay
  private let decayTables: AlignedBuffer<SIMD2<Double>>
  private let synapses: AlignedBuffer<Rule.Synapse>
  private let sources: AlignedBuffer<PresynapticNeuron>
  private let history: PostsynapticHistory
  private let releases: ReleaseHistory
  private let observed: ObservedNeurons?
  private let astrocytes: AstrocyteHistory?
  private let delays: RowDelays
  private let transmitted: AlignedBuffer<Double>
  private let scratch = AlignedBuffer<UInt8>(count: PairScratch.byteCount)
  /// For a look at a row that changes nothing.
  private let copy: AlignedBuffer<Rule.Synapse>
  private var nextTick: Int64
  private var lastTick = PresynapticNeuron.never
  private let learningEnd: Int64
  private let rewiring: Rewiring?
  private var nextRewiring: Int64
  private let rewiringEnd: Int64

  init(
    _ rule: Rule, _ plasticity: Plasticity, _ table: SynapseTable, source: Int, _ clock: TickClock, step: Time,
    windowLength: Time, astrocytes: AstrocyteHistory?
  ) {
    self.rule = rule
    release = plasticity.release
    modulator = plasticity.modulator?.population
    modulatorDelay = plasticity.modulator.map { clock.ticks($0.delay) } ?? 0
    self.table = table
    self.source = source
    self.clock = clock
    self.astrocytes = astrocytes
    axonalDelay = clock.ticks(plasticity.axonalDelay)
    preTraces = rule.presynapticTraces
    postTraces = rule.postsynapticTraces
    let tick = clock.tick
    var isGrid = false
    if case .steps = clock { isGrid = true }
    let entries = 2 * TraceDecay.entries
    decayTables = AlignedBuffer(count: isGrid ? 3 * entries : 0)
    preDecay = TraceDecay(preTraces.tau, tick: tick, tables: isGrid ? decayTables.pointer : nil)
    postDecay = TraceDecay(postTraces.tau, tick: tick, tables: isGrid ? decayTables.pointer + entries : nil)
    releases = ReleaseHistory(
      TraceDecay(
        SIMD2(rule.modulatorTau ?? .infinity, .infinity), tick: tick,
        tables: isGrid ? decayTables.pointer + 2 * entries : nil))
    history = PostsynapticHistory(neurons: table.targetRange.count, postTraces, postDecay, places: Self.places)
    synapses = AlignedBuffer(count: table.count)
    var isNegative = false
    for place in 0..<table.count {
      let weight = table.weight(place)
      isNegative = isNegative || weight < 0
      synapses[place] = Rule.Synapse(weight: min(abs(weight), rule.largestWeight))
    }
    sign = isNegative ? -1 : 1
    table.forgetWeights()
    sources = AlignedBuffer(count: table.sources)
    var longest = 0
    for s in 0..<table.sources {
      sources[s] = PresynapticNeuron()
      if let release = plasticity.release { sources[s].release = release.initialState }
      longest = max(longest, table.row(s).count)
    }
    rewiring = plasticity.rewiring
    nextRewiring = rewiring.map { clock.ticks($0.interval) } ?? .max
    rewiringEnd = rewiring?.until.map { clock.moment($0) } ?? .max
    // A row grows by one synapse onto each neuron at most: new partners are partners once.
    if plasticity.rewiring != nil { longest = min(table.count, longest + table.targetRange.count) }
    delays = RowDelays(table, longest: longest)
    observed =
      Rule.observes
      ? ObservedNeurons(
        neurons: table.targetRange.count, step: step, clock, delay: rule.observationDelay,
        reach: delays.longest + 2 * clock.ticks(windowLength)) : nil
    transmitted = AlignedBuffer(count: longest)
    copy = AlignedBuffer(count: longest)
    learningEnd = plasticity.until.map { clock.moment($0) } ?? .max
    nextTick = rule.tickInterval.map { clock.ticks(Time(milliseconds: $0)) } ?? .max
  }

  /// Of each neuron's history, as a power of two: events of a rule that reads states come step by step.
  private static var places: Int { Rule.observes ? 7 : 3 }

  var byteCount: Int {
    table.byteCount + synapses.byteCount + sources.byteCount + history.byteCount + transmitted.byteCount + copy.byteCount
      + (observed?.byteCount ?? 0) + (astrocytes?.byteCount ?? 0)
  }

  var rewires: Bool { rewiring != nil }

  func pass(through state: StateTransfer) throws {
    if rewires {
      try table.passRows(through: state)
      let longest = copy.count
      try state.require((0..<table.sources).allSatisfy { table.row($0).count <= longest }, "has a row that is too long")
    }
    try synapses.pass(through: state)
    try sources.pass(through: state)
    try history.pass(through: state)
    try releases.pass(through: state)
    try observed?.pass(through: state)
    try astrocytes?.pass(through: state)
    try state.value(&nextTick)
    try state.value(&lastTick)
    try state.value(&nextRewiring)
    try state.require(nextTick >= 0 && nextRewiring >= 0, "has something to do before the run")
  }

  /// What all tables of a projection keep beside rows and synapses before any spike, with rows as long as they are on average.
  static func neuronBytes(_ rule: Rule, _ prospect: PlasticProspect) -> Int {
    let row = (MemoryLayout<Rule.Synapse>.stride + MemoryLayout<Double>.stride) * prospect.synapses / max(1, prospect.sources)
    let observed =
      Rule.observes
      ? ObservedNeurons.bytes(
        neurons: prospect.targets, step: prospect.step, prospect.clock, delay: rule.observationDelay,
        reach: prospect.clock.ticks(prospect.longestDelay) + 2 * prospect.clock.ticks(prospect.windowLength)) : 0
    return MemoryLayout<PresynapticNeuron>.stride * prospect.sources * prospect.chunks
      + PostsynapticHistory.bytes(neurons: prospect.targets, places: places) + row + observed
  }

  func presynapticSpike(_ source: Int, at time: Int64) -> (weights: UnsafePointer<Double>, factor: Double) {
    let neuron = sources.pointer + source
    let row = table.row(source)
    replay(source, row, &neuron.pointee, until: time, isSpike: true, synapses.pointer + row.lowerBound)
    let factor = advance(&neuron.pointee, to: time)
    return (UnsafePointer(transmitted.pointer), factor)
  }

  /// Notes a spike of a presynaptic neuron. Returns the part of the weights that it releases.
  private func advance(_ neuron: inout PresynapticNeuron, to time: Int64) -> Double {
    var factor = sign
    if let release {
      let interval =
        neuron.lastSpike == PresynapticNeuron.never ? .infinity : Double(time - neuron.lastSpike) * clock.tick
      factor *= release.spike(&neuron.release, interval: interval)
    }
    neuron.traces = neuron.traces * preDecay(time - neuron.lastSpike) * preTraces.kept + 1
    neuron.lastSpike = time
    neuron.processed = time
    return factor
  }

  /// Brings the synapses of a row up to date, or to the end of learning.
  private func replay(
    _ source: Int, _ row: Range<Int>, _ neuron: inout PresynapticNeuron, until time: Int64, isSpike: Bool,
    _ first: UnsafeMutablePointer<Rule.Synapse>
  ) {
    guard time > learningEnd else {
      rule.replay(order(source, row, neuron, until: time, isSpike: isSpike, first))
      return
    }
    if neuron.processed < learningEnd {
      rule.replay(order(source, row, neuron, until: learningEnd, isSpike: false, first))
      neuron.processed = learningEnd
    }
    if isSpike { for i in 0..<row.count { transmitted[i] = first[i].weight } }
  }

  private func order(
    _ source: Int, _ row: Range<Int>, _ neuron: PresynapticNeuron, until time: Int64, isSpike: Bool,
    _ first: UnsafeMutablePointer<Rule.Synapse>
  ) -> PlasticRow<Rule.Synapse> {
    PlasticRow(
      count: row.count, targets: table.targets + row.lowerBound,
      synapses: first, transmitted: isSpike ? transmitted.pointer : nil, delays: delays.row(row), delayStride: delays.stride,
      now: time,
      processed: neuron.processed, lastSpike: neuron.lastSpike, lastTraces: neuron.traces, preDecay: preDecay,
      post: history.view, postKept: postTraces.kept, postDecay: postDecay, modulator: releases.view,
      observed: observed?.view ?? .none,
      astrocytes: astrocytes?.view ?? .none,
      scratch: PairScratch(scratch.pointer), tick: clock.tick)
  }

  func observe(_ probes: ObservedProbes) { observed?.observe(probes, rule, into: history) }

  func postsynapticSpikes(_ packet: borrowing SpikePacket) {
    guard !Rule.observes else { return }
    let first = UInt32(table.targetRange.lowerBound)
    let (spikes, steps) = (packet.spikes, packet.steps)
    switch clock {
    case .steps:
      for i in 0..<spikes.count { history.append(Int(spikes[i].id - first), at: Int64(steps[i])) }
    case .picoseconds:
      for spike in spikes { history.append(Int(spike.id - first), at: spike.time.picoseconds) }
    }
  }

  func modulatorSpikes(_ times: [Int64]) { releases.append(times.map { $0 + modulatorDelay }.sorted()) }
  func beginLook(modulatorSpikes times: [Int64]) { releases.expect(times.map { $0 + modulatorDelay }.sorted()) }
  func endLook() { releases.forgetExpected() }

  func finishDelivery(until time: Int64) {
    if time >= nextTick { tick(at: time) }
    if let rewiring, time >= nextRewiring { rewire(rewiring, at: time) }
    // When a neuron has had many spikes or there were many releases or samples since, rows that nothing has called for are
    // brought up to date.
    if history.isCrowded || releases.isCrowded || astrocytes?.isCrowded ?? false { catchUp(until: time) }
  }

  func beginDelivery() { astrocytes?.take() }

  private func catchUp(until time: Int64) {
    for source in 0..<table.sources {
      let row = table.row(source)
      guard row.count > 0 else { continue }
      let neuron = sources.pointer + source
      replay(source, row, &neuron.pointee, until: time, isSpike: false, synapses.pointer + row.lowerBound)
      neuron.pointee.processed = max(neuron.pointee.processed, time)
    }
    history.forget(until: time - delays.longest)
    releases.forget(until: time)
    astrocytes?.forget(until: time)
  }

  /// Brings all synapses up to date and lets the rule act on each.
  private func tick(at time: Int64) {
    let interval = clock.ticks(Time(milliseconds: rule.tickInterval!))
    while nextTick <= time { nextTick += interval }
    guard time <= learningEnd else { return }
    lastTick = time
    catchUp(until: time)
    var onto = [SynapsesOntoNeuron](
      repeating: SynapsesOntoNeuron(count: 0, totalWeight: 0), count: table.targetRange.count)
    for place in 0..<table.count {
      onto[Int(table.targets[place])].count += 1
      onto[Int(table.targets[place])].totalWeight += synapses[place].weight
    }
    let post = onto.indices.map { history.traces(of: $0, at: time) }
    for source in 0..<table.sources {
      let neuron = sources[source]
      let pre = neuron.traces * preDecay(time - neuron.lastSpike)
      for place in table.row(source) {
        let target = Int(table.targets[place])
        rule.tick(&synapses.pointer[place], TraceValues(pre: pre, post: post[target]), onto[target])
      }
    }
  }

  /// Brings all synapses up to date, prunes and grows.
  private func rewire(_ rewiring: Rewiring, at time: Int64) {
    let interval = clock.ticks(rewiring.interval)
    let number = time / interval
    nextRewiring = (number + 1) * interval
    guard time <= rewiringEnd else { return }
    catchUp(until: time)
    let columns = SynapseColumnIndex(table)
    guard let rewired = rewiring.decide(table, columns, number: number, weight: { synapses[$0].weight }) else { return }
    let order = table.rewire(rewired, columns)
    let old = AlignedBuffer<Rule.Synapse>(count: table.count)
    old.pointer.update(from: synapses.pointer, count: table.count)
    for place in 0..<table.count {
      let before = Int(order[place])
      synapses[place] = rewired.isNew[before] ? Rule.Synapse(weight: rewiring.newWeight) : old[before]
    }
    // Sources that had no synapses may have some now.
    for source in 0..<table.sources { sources.pointer[source].processed = max(sources[source].processed, time) }
  }

  func forEachChange(
    of place: Int, _ source: Int, arrivals: [Int64], after start: Int64, until end: Int64, _ body: (Int64, Double) -> Void
  ) {
    let row = place..<place + 1
    let delay = delays.row(row).pointee
    var moments = history.times(of: Int(table.targets[place]), after: start - delay, until: end - delay).map { $0 + delay }
    guard !moments.isEmpty || !arrivals.isEmpty || lastTick == start else { return }
    moments += arrivals.filter { $0 > start && $0 <= end }
    if lastTick == start { moments.append(start) }
    moments.sort()
    let seen = astrocytes?.lookAhead()
    defer { if let seen { astrocytes?.restore(seen) } }
    var neuron = sources[source]
    var next = arrivals.startIndex
    copy[0] = synapses[place]
    func replay(until time: Int64, isSpike: Bool) {
      rule.replay(order(source, row, neuron, until: time, isSpike: isSpike, copy.pointer))
      if isSpike { _ = advance(&neuron, to: time) } else { neuron.processed = time }
    }
    for moment in moments {
      while next < arrivals.endIndex && arrivals[next] <= moment {
        replay(until: arrivals[next], isSpike: true)
        next += 1
      }
      if neuron.processed < moment { replay(until: moment, isSpike: false) }
      body(moment, sign * copy[0].weight)
    }
  }

  func withRow(
    _ source: Int, at time: Int64, pending: UnsafeBufferPointer<Int64>, _ body: (UnsafePointer<Double>) throws -> Void
  ) rethrows {
    let row = table.row(source)
    guard row.count > 0 else { return }
    let seen = astrocytes?.lookAhead()
    defer { if let seen { astrocytes?.restore(seen) } }
    var neuron = sources[source]
    copy.pointer.update(from: synapses.pointer + row.lowerBound, count: row.count)
    for spike in pending where spike <= time {
      replay(source, row, &neuron, until: spike, isSpike: true, copy.pointer)
      _ = advance(&neuron, to: spike)
    }
    replay(source, row, &neuron, until: time, isSpike: false, copy.pointer)
    for i in 0..<row.count { transmitted[i] = sign * copy[i].weight }
    try body(UnsafePointer(transmitted.pointer))
  }
}

/// The dendritic delays of the rows of a table, in ticks.
private final class RowDelays {
  let stride: Int
  /// Of all rows.
  let longest: Int64
  private let table: SynapseTable
  private let room: AlignedBuffer<Int64>

  init(_ table: SynapseTable, longest row: Int) {
    self.table = table
    stride = table.hasOwnDelays ? 1 : 0
    room = AlignedBuffer(count: max(1, row))
    switch table.delays {
    case .sharedSteps(let steps): room[0] = Int64(steps)
    case .sharedTime(let time): room[0] = time.picoseconds
    case .byteSteps, .shortSteps, .groups, .times: break
    }
    var most = room[0]
    for place in 0..<(table.hasOwnDelays ? table.count : 0) { most = max(most, Self.delay(table, place)) }
    longest = most
  }

  private static func delay(_ table: SynapseTable, _ place: Int) -> Int64 {
    switch table.delays {
    case .sharedSteps(let steps): Int64(steps)
    case .sharedTime(let time): time.picoseconds
    case .byteSteps(let steps): Int64(steps[place])
    case .shortSteps(let steps): Int64(steps[place])
    case .groups: preconditionFailure("rows sorted by delay do not learn")
    case .times(let counts, let shift): Int64(counts[place]) << Int64(shift)
    }
  }

  func row(_ row: Range<Int>) -> UnsafePointer<Int64> {
    if stride == 1 { for (i, place) in row.enumerated() { room[i] = Self.delay(table, place) } }
    return UnsafePointer(room.pointer)
  }
}
