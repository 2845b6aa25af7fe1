import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals
import Synchronization

/// A built network and what its recordings read.
public struct BuiltNetwork: Sendable {
  public var network: CompiledNetwork
  /// For each recording of a state: its index among the plan's recordings, and its probe among the network's.
  public var probes: [(recording: Int, probe: Int)]
  /// For each of the network's synapse probes, and of its change probes: its index among the plan's recordings.
  public var synapseProbes: [Int]
  public var changeProbes: [Int]
  /// Sources that are fed from outside.
  public var external: [(name: String, source: ExternalSource, spikes: ExternalSpikes)]
  /// In the order of the plan's.
  public var live: [LiveValue]
}

/// The synapses of one connection.
private enum BuiltSynapses {
  /// Tables by chunk of the target.
  case stored([[SynapseTable]])
  case procedural(ProceduralProjection)

  var tables: [SynapseTable] { if case .stored(let tables) = self { Array(tables.joined()) } else { [] } }
  var procedural: ProceduralProjection? { if case .procedural(let projection) = self { projection } else { nil } }
  var minimumDelays: [Time] { procedural.map { [$0.minimumDelay] } ?? tables.map(\.minimumDelay) }
}

extension Compiler {
  /// The longest window, for networks whose delays would allow more: bounds ring memory and the wait for live output.
  static let longestWindow = Time(milliseconds: 10)

  /// Builds every (projection, chunk) pair as one task of `pool`, then the chunks.
  public func build(_ plan: NetworkPlan, pool: WorkStealingPool) throws -> BuiltNetwork {
    let synapses = try buildSynapses(plan, pool)
    let step = plan.step
    var shortest = Self.longestWindow
    for (connection, built) in zip(plan.connections, synapses) {
      let learned = connection.plasticity?.leastDelay
      for delay in learned.map({ [$0] }) ?? built.minimumDelays {
        if delay < step {
          throw DescriptionErrors([
            DescriptionError(
              connection.location,
              "a delay of \(delay.milliseconds) ms was drawn, below the resolution of \(step.milliseconds) ms",
              hint: "give the distribution a \"min\"")
          ])
        }
        // Plastic synapses meet the spikes of sources a window late too.
        if connection.source < plan.populations.count || connection.plasticity != nil { shortest = min(shortest, delay) }
      }
    }
    // What is shown next must be known a window before it begins.
    for source in plan.sources {
      if case .samples(let play, _) = source.trains { shortest = min(shortest, play.longestWindow ?? shortest) }
      if case .external(let outside) = source.trains { shortest = min(shortest, outside.longestWindow) }
    }
    let windowLength = step * max(1, shortest.stepsFloor(step))
    return try assemble(plan, synapses, windowLength)
  }

  /// The synapses of each connection.
  private func buildSynapses(_ plan: NetworkPlan, _ pool: WorkStealingPool) throws -> [BuiltSynapses] {
    let count = plan.connections.count
    var blueprints = plan.connections.map(\.blueprint)
    blueprints.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let slots = buffer
      pool.forEach(count) { slots[$0] = slots[$0].prepared() }
    }
    let projections = zip(plan.connections, blueprints).map { connection, blueprint in
      (blueprint: blueprint, chunks: plan.populations[connection.target].chunks)
    }
    let stored = projections.indices.filter { !plan.connections[$0].isProcedural }
    let tables = SynapseTable.build(stored.map { projections[$0] }, pool: pool)
    var results = Dictionary(uniqueKeysWithValues: zip(stored, tables))
    return try plan.connections.enumerated().map { c, connection in
      do throws(SynapseBuildingError) {
        if let result = results.removeValue(forKey: c) {
          let tables = try result.get()
          if let plasticity = connection.plasticity {
            for chunk in tables { try plasticity.check(chunk, of: connection.blueprint.name) }
          }
          return .stored(tables)
        }
        guard case .bySource(let rows) = connection.blueprint.connectivity else {
          preconditionFailure("\(connection.blueprint.name) can't be procedural")
        }
        return .procedural(
          try ProceduralProjection(
            connection.blueprint, rows, chunks: projections[c].chunks, source: connection.source, step: plan.step, pool: pool))
      } catch {
        throw DescriptionErrors([DescriptionError(connection.location, "\(error)")])
      }
    }
  }

  private func assemble(_ plan: NetworkPlan, _ synapses: [BuiltSynapses], _ windowLength: Time) throws -> BuiltNetwork {
    var layouts: [PopulationLayout] = []
    var next = 0
    for population in plan.populations {
      layouts.append(
        PopulationLayout(
          name: population.name, size: population.size, chunks: next..<next + population.chunks.count, isSource: false))
      next += population.chunks.count
    }
    for source in plan.sources {
      layouts.append(PopulationLayout(name: source.name, size: source.size, chunks: next..<next + 1, isSource: true))
      next += 1
    }
    let (probes, parts, links) = makeProbes(plan)
    let signals = makeSignals(plan, steps: windowLength.stepsFloor(plan.step))
    let plastic = makePlastic(plan, synapses, windowLength, signals)
    let selections = try plan.recordings.enumerated().compactMap { r, recording in
      recording.isOfSynapses ? (recording: r, selection: try selection(recording, plastic)) : nil
    }
    let sampled = selections.filter { !plan.recordings[$0.recording].isAtChanges }
    let followed = selections.filter { plan.recordings[$0.recording].isAtChanges }
    let observations = observe(plan, plastic)
    let (live, poisson, currents) = makeLive(plan, windowLength)
    var chunks: [any Chunk] = []
    for (p, population) in plan.populations.enumerated() {
      for (c, range) in population.chunks.enumerated() {
        var chunk = ChunkPlan(neurons: range, windowLength: windowLength)
        for (n, connection) in plan.connections.enumerated() where connection.target == p {
          let isAhead = layouts[connection.source].isSource
          switch synapses[n] {
          case .stored where connection.plasticity != nil: break
          case .stored(let tables) where connection.isSlowCurrent:
            let variable = plan.populations[connection.source].slowCurrent
            let signal = signals.first { $0.population == connection.source && $0.variable == variable }!
            chunk.slowCurrents += tables[c].map { CurrentInlet(table: $0, signal: signal) }
          case .stored(let tables):
            chunk.inlets += tables[c].map { Inlet(table: $0, source: connection.source, isAhead: isAhead) }
          case .procedural(let projection):
            chunk.inlets += Inlet.inlets(of: projection, chunk: c, isAhead: isAhead)
          }
        }
        for projection in plastic where projection.target == p { chunk.plastic += projection.inlets(onto: range) }
        chunk.longestDelay = (chunk.inlets.map(\.maximumDelay) + chunk.plastic.map(\.maximumDelay)).max() ?? .zero
        chunk.poisson = poisson[p]
        chunk.currents = currents[p]
        chunk.signals = signals.filter { $0.population == p }
        chunk.probes = (parts[p] ?? []).compactMap { entry in
          entry.parts[c].map { (probe: probes[entry.probe], part: $0) }
        }
        chunk.probes += observations.filter { $0.population == p }.map {
          ($0, ProbePart(probe: 0, indices: Array(0..<range.count), firstColumn: range.lowerBound))
        }
        chunks.append(population.makeChunk(chunk))
      }
    }
    let onGrid = plan.populations.allSatisfy { $0.engine == .grid }
    var schedules: [SampleSchedule] = []
    var external: [(name: String, source: ExternalSource, spikes: ExternalSpikes)] = []
    for source in plan.sources {
      if case .samples(let play, _) = source.trains { schedules.append(SampleSchedule(play)) }
      var spikes: ExternalSpikes?
      if case .external(let outside) = source.trains {
        spikes = ExternalSpikes(
          sources: source.size, latency: outside.latency, lateness: outside.lateness, step: plan.step)
        external.append((source.name, outside, spikes!))
      }
      chunks.append(
        ChunkFactory.source(
          neurons: 0..<source.size, trains: source.trains, schedule: schedules.last, external: spikes, step: plan.step,
          onGrid: onGrid))
    }
    let outgoing = layouts.indices.map { p in
      plan.connections.indices.filter { plan.connections[$0].source == p }.flatMap { synapses[$0].tables }
    }
    return BuiltNetwork(
      network: CompiledNetwork(
        populations: layouts, chunks: chunks, probes: probes, step: plan.step, windowLength: windowLength,
        outgoing: outgoing, procedural: synapses.compactMap(\.procedural), plastic: plastic,
        synapseProbes: sampled.map { SynapseProbe($0.selection, every: plan.recordings[$0.recording].every) },
        changeProbes: followed.map { ChangeProbe($0.selection) }, observations: observations,
        signals: signals, schedules: schedules),
      probes: links, synapseProbes: sampled.map(\.recording), changeProbes: followed.map(\.recording),
      external: external, live: live)
  }

  /// The numbers that may be changed, and the drives with those in place of what they begin with.
  private func makeLive(_ plan: NetworkPlan, _ window: Time) -> ([LiveValue], [[PoissonDrive]], [[CurrentDrive]]) {
    var (poisson, currents) = (plan.poisson, plan.currents)
    let values = plan.live.map { planned in
      let isRate = planned.unit == .Hz
      let delays = planned.drives.map {
        isRate ? poisson[$0.population][$0.number].delay : currents[$0.population][$0.number].delay
      }
      let value = LiveValue(planned.initial, reach: delays.reduce(.zero, max) + window + window)
      for drive in planned.drives {
        if isRate {
          poisson[drive.population][drive.number].rate = .live(value)
        } else {
          currents[drive.population][drive.number].waveform = .live(value)
        }
      }
      return value
    }
    return (values, poisson, currents)
  }

  /// What connections and rules read of astrocytes.
  private func makeSignals(_ plan: NetworkPlan, steps: Int) -> [Signal] {
    var signals: [Signal] = []
    func add(_ population: Int, _ variable: String) {
      guard !signals.contains(where: { $0.population == population && $0.variable == variable }) else { return }
      signals.append(
        Signal(population: population, variable: variable, neurons: plan.populations[population].size, steps: steps))
    }
    for connection in plan.connections {
      if connection.isSlowCurrent { add(connection.source, plan.populations[connection.source].slowCurrent!) }
      if let astrocytes = connection.plasticity?.astrocytes { add(astrocytes.population, astrocytes.variable) }
    }
    return signals
  }

  private func makePlastic(
    _ plan: NetworkPlan, _ synapses: [BuiltSynapses], _ windowLength: Time, _ signals: [Signal]
  ) -> [PlasticProjection] {
    plan.plasticConnections.map { n in
      let connection = plan.connections[n]
      let clock: TickClock =
        plan.populations[connection.target].engine == .grid ? .steps(plan.step) : .picoseconds
      return PlasticProjection(
        name: connection.blueprint.name, source: connection.source, target: connection.target,
        inlets: synapses[n].tables.map {
          connection.plasticity!.makeInlet(
            $0, source: connection.source, clock, windowLength: windowLength, signals: signals, step: plan.step)
        }, clock: clock)
    }
  }

  /// Gives the rules that read states what they need: a probe of every step for each state and population, shared.
  private func observe(_ plan: NetworkPlan, _ plastic: [PlasticProjection]) -> [StateProbe] {
    var probes: [StateProbe] = []
    for (n, projection) in zip(plan.plasticConnections, plastic) {
      let observables = plan.connections[n].plasticity!.observables
      guard !observables.isEmpty else { continue }
      let population = plan.populations[projection.target]
      let found = observables.map { state -> StateProbe? in
        guard population.states.contains(state) else { return nil }
        if let known = probes.first(where: { $0.population == projection.target && $0.variable == state }) { return known }
        let probe = StateProbe(
          population: projection.target, variable: state, columns: population.size, every: plan.step, from: .zero, to: .never)
        probes.append(probe)
        return probe
      }
      projection.observe(found)
    }
    return probes
  }

  /// The synapses of a recording, whose number is known only now.
  private func selection(_ recording: PlannedRecording, _ plastic: [PlasticProjection]) throws -> SynapseSelection {
    let projection = plastic[recording.population]
    var numbers = recording.ids.map { $0.map(Int.init) }
    if let last = numbers?.last, last >= projection.count, let location = recording.location {
      throw DescriptionErrors([
        DescriptionError(
          location, "there is no synapse \(last): \"\(projection.name)\" has \(projection.count)",
          hint: "synapses are numbered from 0, in the order of (pre, post)")
      ])
    }
    if let (part, seed) = recording.fraction {
      let stream = RandomStream(
        seed: seed, purpose: .recordFraction, entity: entityHash("\(recording.name)/\(projection.name)"))
      numbers = Sample.part(part, of: projection.count, stream)
    }
    return SynapseSelection(
      projection: recording.population, variable: recording.subject == .delay ? .delay : .weight, synapses: numbers,
      from: recording.from, to: recording.to)
  }

  private typealias ProbeParts = [Int: [(probe: Int, parts: [ProbePart?])]]

  /// One probe per recorded state and population, with the columns of each chunk.
  private func makeProbes(_ plan: NetworkPlan) -> ([StateProbe], ProbeParts, [(recording: Int, probe: Int)]) {
    var probes: [StateProbe] = []
    var parts: ProbeParts = [:]
    var links: [(recording: Int, probe: Int)] = []
    for (r, recording) in plan.recordings.enumerated() {
      guard case .state(let variable) = recording.subject else { continue }
      let population = plan.populations[recording.population]
      let ids = recording.ids.map { $0.map(Int.init) } ?? Array(0..<population.size)
      var column = 0
      let chunkParts = population.chunks.map { range -> ProbePart? in
        let inside = ids.filter(range.contains).map { $0 - range.lowerBound }
        defer { column += inside.count }
        return inside.isEmpty ? nil : ProbePart(probe: probes.count, indices: inside, firstColumn: column)
      }
      parts[recording.population, default: []].append((probes.count, chunkParts))
      links.append((r, probes.count))
      probes.append(
        StateProbe(
          population: recording.population, variable: variable, columns: ids.count, every: recording.every,
          from: recording.from, to: recording.to))
    }
    return (probes, parts, links)
  }
}
