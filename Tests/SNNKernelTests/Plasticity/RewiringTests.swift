import SNNDynamics
import SNNKernel
import SNNModels
import SNNSignals
import Testing

/// A recurrent plastic population in three chunks that rewires every 10 ms, through the kernel's own front.
@Suite struct RewiringTests {
  static let size = 150
  static let end = Time(milliseconds: 60)

  /// The network that prunes a third of each neuron's ten synapses at a time, or nothing.
  static func network(onGrid: Bool, prunes: Bool = true) throws -> CompiledNetwork {
    var rule = STDP()
    (rule.lambda, rule.wMax, rule.dependence) = (0.05, 1, 1)
    var structural = StructuralPlasticity()
    structural.fraction = prunes ? 0.3 : 0
    var plasticity = Plasticity(rule: .weights(rule), release: Tsodyks2(), axonalDelay: Time(milliseconds: 0.3))
    plasticity.rewiring = Rewiring(
      rule: structural, interval: Time(milliseconds: 10), newWeight: 0.5, until: nil, excludesItself: true,
      random: stream(6, .rewiring))
    let plan = blueprint(
      FixedIndegree(k: 10), shape(size, size, recurrent: true),
      weight: .drawn(.uniform(low: 0.1, high: 0.6), stream(3, .weight)),
      delay: .drawn(.uniform(low: 0.8, high: 3), stream(4, .delay)), kind: .potential,
      engine: onGrid ? .grid(step: step) : .exact)
    let ranges = Partition.ranges(size: size, target: 64)
    let window = step * 8
    let clock: TickClock = onGrid ? .steps(step) : .picoseconds
    let tables = try ranges.map { try SynapseTable.build(plan, targets: $0) }
    for chunk in tables { try plasticity.check(chunk, of: "p") }
    let projection = PlasticProjection(
      name: "p", source: 0, target: 0,
      inlets: tables.joined().map {
        plasticity.makeInlet($0, source: 0, clock, windowLength: window, signals: [], step: step)
      }, clock: clock)
    let drive = PoissonDrive(
      rate: .constant(5000), weights: [0.5], receptor: .excitatory, delay: Time(milliseconds: 1.5), start: .zero, stop: .never,
      members: nil, stream: stream(5, .poisson))
    let chunks = ranges.map { range -> any Chunk in
      var plan = ChunkPlan(neurons: range, windowLength: window)
      plan.plastic = projection.inlets(onto: range)
      plan.longestDelay = Time(milliseconds: 3)
      plan.poisson = [drive]
      return onGrid
        ? ChunkFactory.grid(plan, .shared(IafPscDelta()), initial: [], step: step)
        : ChunkFactory.exact(plan, .shared(IafPscDelta()), initial: [], step: step)
    }
    return CompiledNetwork(
      populations: [PopulationLayout(name: "n", size: size, chunks: 0..<chunks.count, isSource: false)], chunks: chunks,
      probes: [], step: step, windowLength: window, outgoing: [tables.flatMap { $0 }], plastic: [projection])
  }

  struct Outcome: Equatable {
    var spikes: [[Spike]]
    /// pre, post, weight, delay.
    var synapses: [[Double]]
  }

  static func outcome(onGrid: Bool, prunes: Bool = true, moments: [Double], workers: Int = 1) throws -> Outcome {
    let pool = WorkStealingPool(workers: workers, pauses: PauseInjection(seed: UInt64(workers)))
    defer { pool.close() }
    let collector = SpikeCollector(populations: 1)
    let loop = WindowLoop(try network(onGrid: onGrid, prunes: prunes), pool: pool, observers: [collector])
    for moment in moments { _ = try loop.run(until: Time(milliseconds: moment)) }
    var synapses: [[Double]] = []
    loop.forEachSynapse(of: 0) { synapses.append([Double($0.pre), Double($0.post), $0.weight, $0.delay]) }
    return Outcome(spikes: collector.spikes, synapses: synapses)
  }

  @Test("A run cut at any moment, rewirings among them, has the spikes and synapses of an uncut run", arguments: [true, false])
  func cutRuns(_ onGrid: Bool) throws {
    let whole = try Self.outcome(onGrid: onGrid, moments: [60])
    #expect(whole.spikes[0].count > 100)
    #expect(try Self.outcome(onGrid: onGrid, moments: [0.1, 7.3, 10, 10.4, 20, 20.1, 33.3, 60]) == whole)
    for workers in [2, 3, 8] {
      #expect(try Self.outcome(onGrid: onGrid, moments: [10.4, 60], workers: workers) == whole)
    }
  }

  @Test("Rewired tables are sound: rows in order, in-degrees and delays of each neuron as before", arguments: [true, false])
  func soundTables(_ onGrid: Bool) throws {
    let before = try Self.outcome(onGrid: onGrid, prunes: false, moments: [60]).synapses
    let after = try Self.outcome(onGrid: onGrid, moments: [60]).synapses
    let pairs = after.map { ($0[0], $0[1]) }
    #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0 <= $1 })
    for neuron in 0..<Self.size {
      func delays(_ synapses: [[Double]]) -> [Double] { synapses.filter { $0[1] == Double(neuron) }.map { $0[3] }.sorted() }
      #expect(delays(after).count == 10 && delays(after) == delays(before))
    }
    #expect(after.allSatisfy { $0[0] != $0[1] })
    #expect(after.map { [$0[0], $0[1]] } != before.map { [$0[0], $0[1]] })
  }
}
