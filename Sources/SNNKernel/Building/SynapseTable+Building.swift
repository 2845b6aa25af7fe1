import SNNDynamics
import SNNSignals

extension SynapseTable {
  /// The synapses of a projection onto one chunk of its target: no table, one, or one for each receptor.
  ///
  /// A pure function: the synapses of a neuron are the same whatever the chunk and whoever builds it. Takes time proportional
  /// to the synapses (and sources). Zero and positive weights go to the excitatory receptor, negative ones to the inhibitory,
  /// unless the projection names a receptor or the model has only one.
  ///
  /// - Throws: ``SynapseBuildingError`` for a weight or delay that can't be kept, with the neuron it was found at.
  public static func build(
    _ blueprint: ProjectionBlueprint, targets range: Range<Int>
  ) throws(SynapseBuildingError) -> [SynapseTable] {
    precondition(range.count <= Int(UInt16.max) + 1, "a chunk holds at most 65,536 neurons")
    let shared = try blueprint.sharedWeight()
    var rows = try SynapseRows(blueprint, targets: range)
    guard rows.count > 0 else { return [] }
    var receptor = blueprint.commonReceptor
    if let shared {
      receptor = receptor ?? (shared < 0 ? .inhibitory : .excitatory)
    } else {
      let negative = try blueprint.findWeights(of: &rows, firstTarget: range.lowerBound)
      if blueprint.weightKind == .conductance, blueprint.receptor == .excitatory, negative > 0 {
        throw SynapseBuildingError(projection: blueprint.name, problem: .negativeConductances(negative))
      }
      if negative == 0 { receptor = receptor ?? .excitatory }
      if negative == rows.count { receptor = receptor ?? .inhibitory }
    }
    var tables: [SynapseTable] = []
    if let receptor {
      tables.append(try table(blueprint, rows, range, receptor, sharedWeight: shared))
    } else {
      tables.append(try table(blueprint, rows.selecting(negative: false), range, .excitatory, sharedWeight: nil))
      tables.append(try table(blueprint, rows.selecting(negative: true), range, .inhibitory, sharedWeight: nil))
    }
    assert(tables.allSatisfy { $0.invariants().isEmpty }, "unsound table of \(blueprint.name)")
    return tables
  }

  private static func table(
    _ blueprint: ProjectionBlueprint, _ rows: consuming SynapseRows, _ range: Range<Int>, _ receptor: Receptor,
    sharedWeight: Double?
  ) throws(SynapseBuildingError) -> SynapseTable {
    let isMagnitude = blueprint.weightKind == .conductance
    let delays = try DelayColumn(blueprint, rows, firstTarget: range.lowerBound)
    if let sharedWeight {
      let weights = WeightColumn(shared: isMagnitude ? abs(sharedWeight) : sharedWeight)
      return SynapseTable(rows, targetRange: range, receptor: receptor, weights: weights, delays: delays)
    }
    if isMagnitude, let w = rows.weights?.elements(of: Float.self) {
      for place in 0..<rows.count { w[place] = abs(w[place]) }
    }
    let weights = WeightColumn(individual: rows.weights.take()!)
    return SynapseTable(rows, targetRange: range, receptor: receptor, weights: weights, delays: delays)
  }
}
