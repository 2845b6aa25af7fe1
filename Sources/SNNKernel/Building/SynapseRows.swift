import SNNDynamics
import SNNSignals

/// The first half of a table under construction: who connects to whom, and the number of each synapse while its weight and
/// delay are still to be found.
struct SynapseRows: ~Copyable {
  let sources: Int
  let count: Int
  let rows: AlignedBlock
  let targets: AlignedBlock
  let numbers: AlignedBlock?
  /// Signed, once found; nil while all synapses share one.
  var weights: AlignedBlock?

  init(sources: Int, count: Int, rows: consuming AlignedBlock, numbered: Bool) {
    self.sources = sources
    self.count = count
    self.rows = rows
    targets = AlignedBlock(count, of: UInt16.self)
    numbers = numbered ? AlignedBlock(count, of: UInt32.self) : nil
    weights = nil
  }

  /// Lists the synapses of `blueprint` onto `targets`: counts each row, adds up, puts each synapse into its place.
  init(_ blueprint: ProjectionBlueprint, targets range: Range<Int>) throws(SynapseBuildingError) {
    let sources = blueprint.shape.sources
    let rows = AlignedBlock(sources + 1, of: UInt32.self)
    let starts = rows.elements(of: UInt32.self)
    starts.update(repeating: 0, count: sources + 1)
    blueprint.connectivity.count(blueprint.shape, targets: range, into: RowCounter(counts: starts))
    var total = 0
    for s in 0..<sources {
      let n = Int(starts[s])
      starts[s] = UInt32(truncatingIfNeeded: total)
      total += n
    }
    guard total <= UInt32.max else {
      throw SynapseBuildingError(projection: blueprint.name, problem: .tooManySynapses(total))
    }
    starts[sources] = UInt32(total)
    let cursors = AlignedBlock(sources, of: UInt32.self)
    cursors.elements(of: UInt32.self).update(from: starts, count: sources)
    self.init(sources: sources, count: total, rows: rows, numbered: blueprint.needsNumbers)
    let filler = RowFiller(
      cursors: cursors.elements(of: UInt32.self), targets: targets.elements(of: UInt16.self), firstTarget: range.lowerBound,
      numbers: numbers?.elements(of: UInt32.self))
    blueprint.connectivity.fill(blueprint.shape, targets: range, into: filler)
  }

  /// The synapses whose weight is negative, or all others, in the same order.
  func selecting(negative: Bool) -> SynapseRows {
    guard let weights = weights?.elements(of: Float.self) else { preconditionFailure("shared weights have one sign") }
    let oldStarts = rows.elements(of: UInt32.self)
    let newRows = AlignedBlock(sources + 1, of: UInt32.self)
    let starts = newRows.elements(of: UInt32.self)
    var total = 0
    for s in 0..<sources {
      starts[s] = UInt32(total)
      for place in Int(oldStarts[s])..<Int(oldStarts[s + 1]) where (weights[place] < 0) == negative { total += 1 }
    }
    starts[sources] = UInt32(total)
    var part = SynapseRows(sources: sources, count: total, rows: newRows, numbered: numbers != nil)
    let partWeights = AlignedBlock(total, of: Float.self)
    let newWeights = partWeights.elements(of: Float.self)
    let oldTargets = targets.elements(of: UInt16.self)
    let newTargets = part.targets.elements(of: UInt16.self)
    let oldNumbers = numbers?.elements(of: UInt32.self)
    let newNumbers = part.numbers?.elements(of: UInt32.self)
    var next = 0
    for place in 0..<count where (weights[place] < 0) == negative {
      newTargets[next] = oldTargets[place]
      newWeights[next] = weights[place]
      if let oldNumbers, let newNumbers { newNumbers[next] = oldNumbers[place] }
      next += 1
    }
    part.weights = consume partWeights
    return part
  }
}

extension ProjectionBlueprint {
  /// Whether weights or delays differ from synapse to synapse.
  var needsNumbers: Bool {
    if case .shared = weight, case .shared = delay { return false }
    return true
  }
}
