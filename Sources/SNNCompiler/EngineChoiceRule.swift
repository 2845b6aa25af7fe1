import SNNDescription

/// When `auto` means the exact engine: from the file alone, so that a run never depends on the machine.
///
/// A population is sparse when its neurons are expected to receive few spikes. Sparse populations run on the exact engine
/// together or not at all: a small one that drives a large one must not have its spike times moved to the grid.
enum EngineChoiceRule {
  /// With fewer sparse neurons in the whole network, grid steps cost so little that events save nothing a user would notice.
  static let smallestSparseNetwork = 10_000
  /// Events per neuron and second below which advancing event by event is cheaper than stepping at 0.1 ms.
  static let sparseEventRate = 150.0
  /// What a source is taken to fire at, Hz, when nothing is known of it.
  static let assumedRate = 1.0

  /// Whether the populations `candidates`, which run on either engine, take the exact one where they are sparse.
  static func prefersExact(_ candidates: [PopulationPlan], in file: NetworkFile) -> Bool {
    let sparse = candidates.filter { isSparse($0, in: file) }
    return sparse.reduce(0) { $0 + $1.size } >= smallestSparseNetwork
  }

  static func isSparse(_ population: PopulationPlan, in file: NetworkFile) -> Bool {
    expectedEvents(of: population, in: file) < sparseEventRate
  }

  /// Spikes per second that a neuron of `population` is expected to receive.
  static func expectedEvents(of population: PopulationPlan, in file: NetworkFile) -> Double {
    var events = 0.0
    for input in file.inputs where input.target.contains(population.name) {
      switch input.fields["rate"] {
      case .value(.number(let rate)): events += rate
      case .value(.list(let rates)): events += (rates.max() ?? 0)
      case .value: return .infinity
      default: if input.type == "sine" || input.type == "noise" { return .infinity }
      }
    }
    for projection in file.projections where projection.target == population.name {
      // A slow current changes at every step.
      if projection.synapse == .slowCurrent { return .infinity }
      events += assumedRate * indegree(projection, in: file)
    }
    return events
  }

  /// Synapses per target neuron.
  static func indegree(_ projection: ProjectionPlan, in file: NetworkFile) -> Double {
    if let third = projection.third {
      // As many as the connections that they join, at most.
      var primary = projection
      (primary.source, primary.target, primary.third) = (third.source, third.target, nil)
      let targets = { Double(max(1, file.size(of: $0) ?? 1)) }
      return indegree(primary, in: file) * targets(third.target) / targets(projection.target)
    }
    let sources = Double(file.size(of: projection.source) ?? 0)
    let targets = Double(max(1, file.size(of: projection.target) ?? 1))
    switch (projection.rule.type, projection.rule.fields["k"], projection.rule.fields["n"], projection.rule.fields["p"]) {
    case ("fixed_indegree", .integer(let k)?, _, _): return Double(k)
    case ("fixed_outdegree", .integer(let k)?, _, _): return Double(k) * sources / targets
    case ("fixed_total_number", _, .integer(let n)?, _): return Double(n) / targets
    case ("pairwise_bernoulli", _, _, .number(let p)?): return p * sources
    case ("one_to_one", _, _, _): return 1
    case ("list", _, _, _):
      if case .ids(let pre)? = projection.rule.fields["pre"] { return Double(pre.count) / targets }
      return sources
    default: return sources
    }
  }
}

/// How large the chunks of a population are: from the file alone, never from the machine.
enum ChunkSizeRule {
  /// Chunks grow until a spike finds this many targets in each, because a short list costs a cache miss for few additions.
  static let wantedRowLength = 32.0
  /// The same where delays differ: a row is dealt to a list for each step, and a short share costs a miss each. Delivery in
  /// the microcircuit at full scale took 0.39 of the processor time of chunks of 1,024, and 0.65 with most chunks of 4,096.
  static let wantedSpreadRowLength = 2048.0
  static let largestSpread = 16_384
  static let usual = 1024
  /// A network on the grid is cut into this many parts or more, down to ``smallest`` neurons: else no two workers could share
  /// it evenly. Exact chunks cost nothing while they rest, and a spike finds more in large ones.
  static let wantedChunks = 4
  static let smallest = 256
  /// The same where synapses learn, which is most of the work: the 100 cells of Diehl and Cook's network learn 78,400 weights.
  static let smallestPlastic = 32

  static func target(of population: PopulationPlan, _ engine: Engine, in file: NetworkFile) -> Int {
    let largest = engine == .grid ? 4096 : 32_768
    var longestRow = 0.0
    for projection in file.projections where projection.target == population.name {
      let sources = Double(max(1, file.size(of: projection.source) ?? 1))
      let outdegree = EngineChoiceRule.indegree(projection, in: file) * Double(population.size) / sources
      longestRow = max(longestRow, outdegree)
    }
    var size = usual
    while size < largest, longestRow * Double(size) / Double(population.size) < wantedRowLength, longestRow > 0 { size *= 2 }
    guard engine == .grid else { return size }
    let neurons = file.populations.reduce(0) { $0 + $1.size }
    size = min(size, max(smallest, neurons / wantedChunks))
    if file.projections.contains(where: { $0.target == population.name && !$0.plasticity.isEmpty }) {
      size = min(size, max(smallestPlastic, population.size / wantedChunks))
    }
    guard hasSpreadDelays(population, in: file) else { return size }
    while size < largestSpread, 2 * size * wantedChunks <= neurons,
      longestRow * Double(size) / Double(population.size) < wantedSpreadRowLength
    {
      size *= 2
    }
    return size
  }

  private static func hasSpreadDelays(_ population: PopulationPlan, in file: NetworkFile) -> Bool {
    file.projections.contains { projection in
      if projection.target != population.name { return false }
      if case .distribution = projection.delay { return true }
      return false
    }
  }
}
