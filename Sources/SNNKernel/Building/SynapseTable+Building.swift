import SNNDynamics
import SNNSignals

extension SynapseTable {
  /// The synapses of a projection onto one chunk of its target: no table, one, or one for each receptor.
  ///
  /// A pure function: the synapses of a neuron are the same whatever the chunk and whoever builds it. Takes time proportional
  /// to the synapses (and sources): to those onto the chunk, or to all when the rule lists the targets of each source. Zero and positive weights go to the excitatory receptor, negative ones to the inhibitory,
  /// unless the projection names a receptor or the model has only one.
  ///
  /// - Throws: ``SynapseBuildingError`` for a weight or delay that can't be kept, with the neuron it was found at.
  public static func build(
    _ blueprint: ProjectionBlueprint, targets range: Range<Int>
  ) throws(SynapseBuildingError) -> [SynapseTable] {
    switch blueprint.connectivity {
    case .byTarget(let lists): try build(blueprint, lists, targets: range)
    case .bySource(let rows):
      try SourceRowBuild(blueprint, rows, chunks: [range]).build(WorkStealingPool(workers: 1))[0]
    }
  }

  /// The tables of every projection for every chunk of its target, in parallel.
  ///
  /// - Parameter projections: Each with the chunks of its target population.
  /// - Returns: The tables by projection and chunk, or what is wrong with the first chunk that can't be built.
  public static func build(
    _ projections: [(blueprint: ProjectionBlueprint, chunks: [Range<Int>])], pool: WorkStealingPool
  ) -> [Result<[[SynapseTable]], SynapseBuildingError>] {
    var tasks: [(blueprint: ProjectionBlueprint, lists: any TargetLists, range: Range<Int>)] = []
    for (blueprint, chunks) in projections {
      if case .byTarget(let lists) = blueprint.connectivity { tasks += chunks.map { (blueprint, lists, $0) } }
    }
    let ready = tasks
    let listed = pool.map(ready.count) { t in
      Result { () throws(SynapseBuildingError) in try build(ready[t].blueprint, ready[t].lists, targets: ready[t].range) }
    }
    var next = 0
    return projections.map { blueprint, chunks in
      Result { () throws(SynapseBuildingError) in
        if case .bySource(let rows) = blueprint.connectivity {
          return try SourceRowBuild(blueprint, rows, chunks: chunks).build(pool)
        }
        defer { next += chunks.count }
        return try listed[next..<next + chunks.count].map { result throws(SynapseBuildingError) in try result.get() }
      }
    }
  }

  private static func build(
    _ blueprint: ProjectionBlueprint, _ lists: any TargetLists, targets range: Range<Int>
  ) throws(SynapseBuildingError) -> [SynapseTable] {
    try tables(blueprint, SynapseRows.listed(blueprint, lists, targets: range), range)
  }

  /// The tables of finished rows.
  static func tables(
    _ blueprint: ProjectionBlueprint, _ rows: consuming SynapseRows, _ range: Range<Int>
  ) throws(SynapseBuildingError) -> [SynapseTable] {
    precondition(range.count <= Int(UInt16.max) + 1, "a chunk holds at most 65,536 neurons")
    let shared = try blueprint.sharedWeight()
    guard rows.count > 0 else { return [] }
    var receptor = blueprint.commonReceptor
    if let shared {
      receptor = receptor ?? (shared < 0 ? .inhibitory : .excitatory)
    } else {
      let negative = rows.negativeWeights
      if blueprint.refusesNegative, negative > 0 {
        throw SynapseBuildingError(projection: blueprint.name, problem: .negativeWeights(negative))
      }
      if negative == 0 { receptor = receptor ?? .excitatory }
      if negative == rows.count { receptor = receptor ?? .inhibitory }
    }
    var tables: [SynapseTable] = []
    if let receptor {
      tables.append(try table(blueprint, rows, range, receptor, sharedWeight: shared))
    } else {
      tables.append(try table(blueprint, rows.selecting(blueprint, negative: false), range, .excitatory, sharedWeight: nil))
      tables.append(try table(blueprint, rows.selecting(blueprint, negative: true), range, .inhibitory, sharedWeight: nil))
    }
    assert(tables.allSatisfy { $0.invariants().isEmpty }, "unsound table of \(blueprint.name)")
    return tables
  }

  private static func table(
    _ blueprint: ProjectionBlueprint, _ rows: consuming SynapseRows, _ range: Range<Int>, _ receptor: Receptor,
    sharedWeight: Double?
  ) throws(SynapseBuildingError) -> SynapseTable {
    let isMagnitude = blueprint.weightKind == .conductance
    let count = rows.count
    if isMagnitude, let w = rows.weights?.elements(of: Float.self) {
      for place in 0..<count { w[place] = abs(w[place]) }
    }
    let shared = sharedWeight.map { isMagnitude ? abs($0) : $0 }
    if blueprint.groupsDelays, let groups = rows.groupedByDelay(blueprint) {
      return SynapseTable(rows, groups, targetRange: range, receptor: receptor, sharedWeight: shared)
    }
    let delays =
      if let cells = rows.delayCells {
        cells.column(count: count, blueprint, block: rows.delays.take()!)
      } else {
        try blueprint.sharedDelay()
      }
    if let shared {
      let weights = WeightColumn(shared: shared)
      return SynapseTable(rows, targetRange: range, receptor: receptor, weights: weights, delays: delays)
    }
    let weights = WeightColumn(individual: rows.weights.take()!)
    return SynapseTable(rows, targetRange: range, receptor: receptor, weights: weights, delays: delays)
  }
}
