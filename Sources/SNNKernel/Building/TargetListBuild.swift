import SNNDynamics
import SNNSignals

extension SynapseRows {
  /// Lists the synapses of `blueprint` onto `range` target by target: counts each row, adds up, puts each synapse into its
  /// place, and finds weights and delays by the numbers that the list gave.
  static func listed(
    _ blueprint: ProjectionBlueprint, _ lists: any TargetLists, targets range: Range<Int>
  ) throws(SynapseBuildingError) -> SynapseRows {
    let sources = blueprint.shape.sources
    let rows = AlignedBlock(sources + 1, of: UInt32.self)
    let starts = rows.elements(of: UInt32.self)
    starts.update(repeating: 0, count: sources + 1)
    lists.count(blueprint.shape, targets: range, into: RowCounter(counts: starts))
    let total = try addUp(blueprint, rows)
    let cursors = AlignedBlock(sources, of: UInt32.self)
    cursors.elements(of: UInt32.self).update(from: starts, count: sources)
    let found = SynapseRows(blueprint, count: total, rows: rows)
    let numbers = blueprint.sharesWeight && blueprint.sharesDelay ? nil : AlignedBlock(total, of: UInt32.self)
    let filler = RowFiller(
      cursors: cursors.elements(of: UInt32.self), targets: found.targets.elements(of: UInt16.self), firstTarget: range.lowerBound,
      numbers: numbers?.elements(of: UInt32.self))
    lists.fill(blueprint.shape, targets: range, into: filler)
    if let numbers = numbers?.elements(of: UInt32.self) {
      try found.findValues(blueprint, numbers, firstTarget: range.lowerBound)
    }
    return found
  }

  /// Places whose values are found at a time.
  private static var piece: Int { 512 }

  private func findValues(
    _ blueprint: ProjectionBlueprint, _ numbers: UnsafePointer<UInt32>, firstTarget: Int
  ) throws(SynapseBuildingError) {
    let draws = SynapseDraws(blueprint)
    let keyBlock = AlignedBlock(Self.piece, of: UInt32.self)
    let delayBlock = AlignedBlock(Self.piece, of: UInt32.self)
    let full = keyBlock.elements(of: UInt32.self)
    let found = delayBlock.elements(of: UInt32.self)
    let targets = targets.elements(of: UInt16.self)
    let shift = UInt32(truncatingIfNeeded: firstTarget)
    var first = 0
    while first < count {
      let n = min(Self.piece, count - first)
      for i in 0..<n { full[i] = shift &+ UInt32(targets[first + i]) }
      let keys = SynapseKeys(targets: full, indices: full, draws: numbers + first, count: n)
      if let weights = weights?.elements(of: Float.self) { try draws.findWeights(keys, into: weights + first) }
      if let delayCells {
        try draws.findDelays(keys, into: found)
        for i in 0..<n { delayCells[first + i] = found[i] }
      }
      first += n
    }
  }
}
