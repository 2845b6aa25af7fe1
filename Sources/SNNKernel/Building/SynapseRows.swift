import SNNDynamics
import SNNSignals

/// A table under construction: who connects to whom, with weights and delays where synapses have their own.
struct SynapseRows: ~Copyable {
  let sources: Int
  let count: Int
  let rows: AlignedBlock
  let targets: AlignedBlock
  /// Signed.
  var weights: AlignedBlock?
  var delays: AlignedBlock?
  /// Where the delays are written; nil when all synapses share one.
  let delayCells: DelayCells?

  /// Room for the synapses whose rows start at `rows`.
  init(_ blueprint: ProjectionBlueprint, count: Int, rows: consuming AlignedBlock) {
    sources = blueprint.shape.sources
    self.count = count
    self.rows = rows
    targets = AlignedBlock(count, of: UInt16.self)
    weights = blueprint.sharesWeight ? nil : AlignedBlock(count, of: Float.self)
    delays = blueprint.sharesDelay ? nil : DelayCells.makeBlock(count, blueprint)
    delayCells = (delays?.base).map { DelayCells(blueprint, $0) }
  }

  /// Turns the lengths of rows into where they start, and returns the number of synapses.
  static func addUp(_ blueprint: ProjectionBlueprint, _ rows: borrowing AlignedBlock) throws(SynapseBuildingError) -> Int {
    let starts = rows.elements(of: UInt32.self)
    var total = 0
    for s in 0..<blueprint.shape.sources {
      let n = Int(starts[s])
      starts[s] = UInt32(truncatingIfNeeded: total)
      total += n
    }
    guard total <= UInt32.max else {
      throw SynapseBuildingError(projection: blueprint.name, problem: .tooManySynapses(total))
    }
    starts[blueprint.shape.sources] = UInt32(total)
    return total
  }

  /// How many synapses have a negative weight.
  var negativeWeights: Int {
    guard let weights = weights?.elements(of: Float.self) else { return 0 }
    var negative = 0
    for place in 0..<count { negative += weights[place] < 0 ? 1 : 0 }
    return negative
  }

  /// The synapses whose weight is negative, or all others, in the same order.
  func selecting(_ blueprint: ProjectionBlueprint, negative: Bool) -> SynapseRows {
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
    let part = SynapseRows(blueprint, count: total, rows: newRows)
    let oldTargets = targets.elements(of: UInt16.self)
    let newTargets = part.targets.elements(of: UInt16.self)
    let newDelays = part.delayCells
    guard let newWeights = part.weights?.elements(of: Float.self) else { preconditionFailure("a table without its weights") }
    var next = 0
    for place in 0..<count where (weights[place] < 0) == negative {
      newTargets[next] = oldTargets[place]
      newWeights[next] = weights[place]
      if let delayCells, let newDelays { newDelays[next] = delayCells[place] }
      next += 1
    }
    return part
  }
}
