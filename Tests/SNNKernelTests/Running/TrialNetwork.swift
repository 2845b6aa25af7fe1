import SNNDynamics
import SNNKernel
import SNNModels
import SNNSignals
import SNNTestSupport

/// A small network described once and made twice: for the kernel, in chunks of any size, and for the brute-force reference.
struct TrialNetwork {
  struct Population {
    var name: String
    var onGrid: Bool
    var neurons: [BruteForceNeuron]
    var shape: BruteForceNeuron.Shape { neurons[0].shape }
  }
  struct Projection {
    var name: String
    var source: Int
    var target: Int
    var rule: any ConnectionRule
    var weight: SynapseValue
    var delay: SynapseValue
    var receptor: Receptor?
  }
  /// Listed spikes, train i onto neuron i of the target.
  struct Trains {
    var target: Int
    var spikes: [Spike]
    var weight: Double
    var delay: Double
  }
  var step = Time(milliseconds: 0.1)
  var populations: [Population]
  var projections: [Projection]
  var trains: [Trains]
  /// Whether the kernel may sort rows by delay.
  var groupsDelays = false

  private func offset(_ population: Int) -> Int { populations[..<population].reduce(0) { $0 + $1.neurons.count } }

  private func blueprint(_ p: Projection) -> ProjectionBlueprint {
    let (source, target) = (populations[p.source].neurons.count, populations[p.target].neurons.count)
    let random = RandomStream(seed: 5, purpose: .connectivity, entity: entityHash(p.name))
    return blueprint(
      p.name, p.rule, ProjectionShape(sources: source, targets: target, isRecurrent: p.source == p.target, random: random),
      p.target, p.weight, p.delay, p.receptor)
  }

  private func blueprint(
    _ name: String, _ rule: any ConnectionRule, _ shape: ProjectionShape, _ target: Int, _ weight: SynapseValue,
    _ delay: SynapseValue, _ receptor: Receptor?
  ) -> ProjectionBlueprint {
    ProjectionBlueprint(
      name: name, shape: shape, connectivity: rule.connectivity(shape), weight: weight, delay: delay, receptor: receptor,
      weightKind: populations[target].shape == .delta ? .potential : .current,
      engine: populations[target].onGrid ? .grid(step: step) : .exact)
  }

  // MARK: For the reference

  /// The spikes of the reference per population, up to `end`.
  func referenceSpikes(until end: Time) throws -> [[Spike]] {
    var synapses: [BruteForceNetwork.Synapse] = []
    for p in projections {
      // Drawn values are those of the table; that tables hold what they should is the subject of other suites.
      for s in try blueprint(p).built() {
        synapses.append(
          .init(
            source: offset(p.source) + s.source, target: offset(p.target) + s.target, weight: s.weight, delay: s.delay))
      }
    }
    var network = BruteForceNetwork(
      populations.flatMap(\.neurons), onGrid: populations.flatMap { p in p.neurons.map { _ in p.onGrid } },
      synapses: synapses, step: step.picoseconds)
    for input in trains {
      for spike in input.spikes {
        network.add(
          at: spike.time.picoseconds + Time(milliseconds: input.delay).picoseconds,
          target: offset(input.target) + Int(spike.id), weight: input.weight)
      }
    }
    var perPopulation = populations.map { _ in [Spike]() }
    for spike in network.run(until: end.picoseconds) {
      let p = populations.indices.last { offset($0) <= spike.neuron }!
      perPopulation[p].append(
        Spike(time: Time(picoseconds: spike.time), id: UInt32(spike.neuron - offset(p))))
    }
    return perPopulation
  }

  // MARK: For the kernel

  /// The network in chunks of at most `chunkSize` neurons, with windows of the shortest delay or of `window`.
  func compiled(chunkSize: Int, window: Time? = nil) throws -> CompiledNetwork {
    var layouts: [PopulationLayout] = []
    var ranges: [[Range<Int>]] = []
    var next = 0
    for p in populations {
      let cut = Partition.ranges(size: p.neurons.count, target: chunkSize)
      layouts.append(
        PopulationLayout(name: p.name, size: p.neurons.count, chunks: next..<next + cut.count, isSource: false))
      ranges.append(cut)
      next += cut.count
    }
    for t in trains.indices {
      layouts.append(
        PopulationLayout(
          name: "trains\(t)", size: populations[trains[t].target].neurons.count, chunks: next..<next + 1, isSource: true))
      next += 1
    }
    var connections = projections.map { (blueprint: blueprint($0), source: $0.source, target: $0.target) }
    for c in connections.indices where populations[connections[c].target].onGrid {
      connections[c].blueprint.groupsDelays = groupsDelays
    }
    for (t, input) in trains.enumerated() {
      let size = populations[input.target].neurons.count
      let random = RandomStream(seed: 5, purpose: .connectivity, entity: 0)
      let shape = ProjectionShape(sources: size, targets: size, isRecurrent: false, random: random)
      let plan = blueprint(
        "trains", OneToOne(), shape, input.target, .shared(input.weight), .shared(input.delay), nil)
      connections.append((plan, populations.count + t, input.target))
    }
    let tables = try connections.map { connection in
      try ranges[connection.target].map { try SynapseTable.build(connection.blueprint, targets: $0) }
    }
    let shortest = tables[..<projections.count].joined().joined().map(\.minimumDelay).min() ?? step
    let windowLength = window ?? step * max(1, shortest.stepsFloor(step))
    var chunks: [any Chunk] = []
    for (p, population) in populations.enumerated() {
      for (c, range) in ranges[p].enumerated() {
        var plan = ChunkPlan(neurons: range, windowLength: windowLength)
        for (n, connection) in connections.enumerated() where connection.target == p {
          for table in tables[n][c] {
            plan.inlets.append(Inlet(table: table, source: connection.source, isAhead: layouts[connection.source].isSource))
            plan.longestDelay = max(plan.longestDelay, table.maximumDelay)
          }
        }
        chunks.append(population.chunk(plan, step: step))
      }
    }
    for (t, input) in trains.enumerated() {
      chunks.append(
        ChunkFactory.source(
          neurons: 0..<layouts[populations.count + t].size, trains: .listed(input.spikes.sorted()), schedule: nil, external: nil,
          step: step,
          onGrid: false))
    }
    return CompiledNetwork(
      populations: layouts, chunks: chunks, probes: [], step: step, windowLength: windowLength,
      outgoing: layouts.map { _ in [] })
  }

  /// The kernel's spikes per population.
  func kernelSpikes(
    until end: Time, chunkSize: Int, workers: Int = 1, pauses: PauseInjection? = nil, window: Time? = nil
  ) throws -> [[Spike]] {
    let pool = WorkStealingPool(workers: workers, pauses: pauses)
    defer { pool.close() }
    let collector = SpikeCollector(populations: populations.count)
    let loop = WindowLoop(try compiled(chunkSize: chunkSize, window: window), pool: pool, observers: [collector])
    _ = try loop.run(until: end)
    return collector.spikes
  }
}

/// Keeps all spikes of neurons.
final class SpikeCollector: WindowObserver {
  private(set) var spikes: [[Spike]]
  private(set) var windows = 0
  init(populations: Int) { spikes = Array(repeating: [], count: populations) }
  func take(_ window: Window, spikes all: [[Spike]], probes: [StateProbe]) {
    windows += 1
    for p in spikes.indices { spikes[p] += all[p] }
  }
}

extension TrialNetwork.Population {
  fileprivate func chunk(_ plan: ChunkPlan, step: Time) -> any Chunk {
    let initial = [InitialValues(variable: "V_m", values: neurons.map(\.v0))]
    switch shape {
    case .delta:
      let models = ModelValues.each(
        neurons.map { n in
          var m = IafPscDelta()
          (m.tauM, m.cM, m.tRef, m.eL, m.vTh, m.vReset, m.iE) = (n.tauM, n.cM, n.tRef, n.eL, n.vTh, n.vReset, n.iE)
          return m
        })
      return onGrid
        ? ChunkFactory.grid(plan, models, initial: initial, step: step)
        : ChunkFactory.exact(plan, models, initial: initial, step: step)
    case .exp:
      let models = ModelValues.each(
        neurons.map { n in
          var m = IafPscExp()
          (m.tauM, m.cM, m.tRef, m.eL, m.vTh, m.vReset, m.iE) = (n.tauM, n.cM, n.tRef, n.eL, n.vTh, n.vReset, n.iE)
          (m.tauSynEx, m.tauSynIn) = (n.tauEx, n.tauIn)
          return m
        })
      return onGrid
        ? ChunkFactory.grid(plan, models, initial: initial, step: step)
        : ChunkFactory.exact(plan, models, initial: initial, step: step)
    case .alpha:
      let models = ModelValues.each(
        neurons.map { n in
          var m = IafPscAlpha()
          (m.tauM, m.cM, m.tRef, m.eL, m.vTh, m.vReset, m.iE) = (n.tauM, n.cM, n.tRef, n.eL, n.vTh, n.vReset, n.iE)
          (m.tauSynEx, m.tauSynIn) = (n.tauEx, n.tauIn)
          return m
        })
      return onGrid
        ? ChunkFactory.grid(plan, models, initial: initial, step: step)
        : ChunkFactory.exact(plan, models, initial: initial, step: step)
    }
  }
}
