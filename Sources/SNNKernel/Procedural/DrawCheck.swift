import SNNDynamics
import SNNSignals

/// Looks at the draws of a procedural projection before the run: they must all be possible, as for tables, and the shortest
/// delay decides the length of windows.
struct DrawCheck: Sendable {
  private let blueprint: ProjectionBlueprint
  private let rows: any SourceRows
  private let step: Time
  private let unit: DelayUnit

  /// Sources looked at before asking whether that was enough.
  private static let synapsesPerRound = 1 << 20

  init(_ blueprint: ProjectionBlueprint, _ rows: any SourceRows, step: Time) {
    self.blueprint = blueprint
    self.rows = rows
    self.step = step
    unit = DelayUnit(blueprint)
  }

  /// A shortest delay that gives the same windows as the shortest of all synapses, and a bound on the longest.
  ///
  /// Looks at sources until a delay of as many whole steps as the distribution's lower end is found, which for most is soon;
  /// at all of them when there is no such end, or when weights or delays could be drawn that can't be kept.
  func delays(_ pool: WorkStealingPool) throws(SynapseBuildingError) -> (least: Time, most: Time) {
    if blueprint.sharesDelay {
      let delay = try blueprint.sharedDelay()
      if !hasSafeWeights { _ = try extremes(pool) { _ in false } }
      return (delay.minimum, delay.maximum)
    }
    let ends = hasSafeWeights ? bounds(of: blueprint.delay) : nil
    let found = try extremes(pool) { least in
      ends.map { unit.time(least).stepsFloor(step) <= unit.time($0.least).stepsFloor(step) } ?? false
    }
    return (unit.time(found.least), unit.time(ends?.most ?? found.most))
  }

  /// The extreme delays as they are kept, or nil if one can't be.
  private func bounds(of value: SynapseValue) -> (least: UInt32, most: UInt32)? {
    guard case .drawn(let distribution, _) = value else { return nil }
    let ends = [distribution.lowerBound, distribution.upperBound]
    var kept: [UInt32] = [0, 0]
    guard unit.round(ends, count: 2, into: &kept) else { return nil }
    return (kept[0], kept[1])
  }

  /// Whether no weight can be drawn that would be refused.
  private var hasSafeWeights: Bool {
    guard case .drawn(let distribution, _) = blueprint.weight else { return true }
    let (low, high) = (distribution.lowerBound, distribution.upperBound)
    return Float(low).isFinite && Float(high).isFinite && !(blueprint.refusesNegative && low < 0)
  }

  /// Draws weights and delays, row after row, until `isEnough` of the least delay so far.
  private func extremes(
    _ pool: WorkStealingPool, isEnough: (UInt32) -> Bool
  ) throws(SynapseBuildingError) -> (least: UInt32, most: UInt32) {
    let sources = blueprint.shape.sources
    var found: (least: UInt32, most: UInt32) = (.max, 0)
    var first = 0
    while first < sources {
      let length = max(1, rows.rowLength(blueprint.shape, source: first))
      let count = min(sources - first, max(1, Self.synapsesPerRound / length))
      let (start, parts) = (first, min(count, 64))
      let results = try pool.map(parts) { p throws(SynapseBuildingError) in
        try self.extremes(of: start + count * p / parts..<start + count * (p + 1) / parts)
      }
      for result in results { found = (min(found.least, result.least), max(found.most, result.most)) }
      first += count
      if isEnough(found.least) { break }
    }
    return found
  }

  private func extremes(of sources: Range<Int>) throws(SynapseBuildingError) -> (least: UInt32, most: UInt32) {
    let draws = SynapseDraws(blueprint)
    let list = RowList()
    var least = UInt32.max
    var most: UInt32 = 0
    for source in sources {
      list.removeAll()
      rows.appendRow(blueprint.shape, source: source, to: list)
      let keys = SynapseKeys(list)
      if !blueprint.sharesWeight {
        let weights = AlignedBuffer<Float>(count: list.count)
        try draws.findWeights(keys, into: weights.pointer)
        let negative = (0..<list.count).count { weights[$0] < 0 }
        if blueprint.refusesNegative, negative > 0 {
          throw SynapseBuildingError(projection: blueprint.name, problem: .negativeWeights(negative))
        }
      }
      if !blueprint.sharesDelay {
        let delays = AlignedBuffer<UInt32>(count: list.count)
        try draws.findDelays(keys, into: delays.pointer)
        for i in 0..<list.count { (least, most) = (min(least, delays[i]), max(most, delays[i])) }
      }
    }
    return (least, most)
  }
}

extension ProjectionBlueprint {
  /// The receptors that synapses can have: one where a receptor, a shared weight or the distribution's ends decide.
  func possibleReceptors() throws(SynapseBuildingError) -> [Receptor] {
    let shared = try sharedWeight()
    if let common = commonReceptor { return [common] }
    if let shared { return [shared < 0 ? .inhibitory : .excitatory] }
    if case .drawn(let distribution, _) = weight {
      if distribution.lowerBound >= 0 { return [.excitatory] }
      if distribution.upperBound < 0 { return [.inhibitory] }
    }
    return [.excitatory, .inhibitory]
  }
}
