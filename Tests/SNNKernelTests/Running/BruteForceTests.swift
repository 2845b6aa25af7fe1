import Foundation
import SNNDynamics
import SNNKernel
import SNNModels
import SNNSignals
import SNNTestSupport
import Testing

/// Both engines against a simulator without chunks, windows, tables or threads, spike for spike.
///
/// Times on the grid must be equal. Off the grid the closed forms of the two programs round differently, by some 1e-12 ms
/// per spike, which inputs carry on: 1e-6 ms is the promise of the engine.
@Suite struct BruteForceTests {
  static let end = Time(milliseconds: 120)

  static func neuron(_ shape: BruteForceNeuron.Shape, _ draws: inout Draws) -> BruteForceNeuron {
    var neuron = BruteForceNeuron(shape)
    neuron.tauM = draws.uniform(9, 22)
    neuron.cM = draws.uniform(180, 260)
    neuron.tRef = (draws.uniform(5, 25)).rounded() / 10
    neuron.tauEx = draws.uniform(0.8, 3)
    neuron.tauIn = draws.uniform(3.5, 7)
    // A rest between 2 mV below threshold and 1.5 mV above it: some neurons fire on their own.
    neuron.iE = (15 + draws.uniform(-2, 1.5)) * neuron.cM / neuron.tauM
    neuron.v0 = draws.uniform(-70, -56)
    return neuron
  }

  /// Two excitatory and one inhibitory population with listed, drawn and shared delays and given input spikes.
  static func network(_ shapes: [BruteForceNeuron.Shape], onGrid: [Bool], seed: UInt64) -> TrialNetwork {
    var draws = Draws(seed: seed)
    let sizes = [70, 64, 37]
    let populations = (0..<3).map { p in
      TrialNetwork.Population(
        name: "P\(p)", onGrid: onGrid[p], neurons: (0..<sizes[p]).map { _ in neuron(shapes[p], &draws) })
    }
    func strength(_ target: Int, _ mV: Double) -> Double { shapes[target] == .delta ? mV : mV * 120 }
    func value(_ purpose: RandomPurpose, _ name: String, _ low: Double, _ high: Double) -> SynapseValue {
      .drawn(.uniform(low: low, high: high), RandomStream(seed: seed, purpose: purpose, entity: entityHash(name)))
    }
    var projections: [TrialNetwork.Projection] = []
    for source in 0..<3 {
      for target in 0..<3 {
        let name = "\(source)->\(target)"
        let sign = source == 2 ? -2.0 : 1.0
        if source == 1 && target != 1 {
          // Listed: every synapse has its own weight of either sign and its own delay.
          let count = sizes[target] * 6
          let onGrid = onGrid[target]
          let list = PairList(
            pre: (0..<count).map { _ in UInt32(draws.uniform(0, Double(sizes[source])).rounded(.down)) },
            post: (0..<count).map { UInt32($0 % sizes[target]) },
            weight: (0..<count).map { _ in strength(target, draws.uniform(-0.4, 0.7)) },
            delay: (0..<count).map { _ in
              onGrid ? (draws.uniform(5, 150)).rounded() / 10 : draws.uniform(0.5, 15)
            })
          projections.append(
            .init(
              name: name, source: source, target: target, rule: list, weight: .listed(list.weight!),
              delay: .listed(list.delay!)))
        } else {
          projections.append(
            .init(
              name: name, source: source, target: target, rule: FixedIndegree(k: 8, autapses: false, multapses: true),
              weight: value(.weight, name, strength(target, 0.2 * sign), strength(target, 0.8 * sign)),
              delay: source == target ? .shared(onGrid[target] ? 1.3 : 1.2345) : value(.delay, name, 0.5, 9)))
        }
      }
    }
    let trains = (0..<3).map { target in
      let spikes = (0..<sizes[target]).flatMap { id in
        // Off-grid times: a grid target gets them at the first step end at or after time and delay.
        draws.poissonTimes(rate: 0.3, until: 120).map { Spike(time: Time(milliseconds: $0), id: UInt32(id)) }
      }
      return TrialNetwork.Trains(target: target, spikes: spikes.sorted(), weight: strength(target, 1.1), delay: 0.3)
    }
    return TrialNetwork(populations: populations, projections: projections, trains: trains)
  }

  /// Equal spikes, with times within `tolerance` of one another.
  static func compare(_ found: [[Spike]], _ expected: [[Spike]], _ onGrid: [Bool], least: Int) {
    for p in expected.indices {
      #expect(expected[p].count >= least, "population \(p) must fire for the comparison to mean anything")
      #expect(found[p].count == expected[p].count)
      if onGrid[p] {
        let first = zip(found[p], expected[p]).first { $0 != $1 }
        #expect(first == nil, "the first difference of population \(p)")
        continue
      }
      // Two spikes closer than the tolerance may stand in either order, so compare neuron by neuron.
      let (a, b) = (byNeuron(found[p]), byNeuron(expected[p]))
      #expect(a.keys.sorted() == b.keys.sorted())
      var worst: Int64 = 0
      for (id, times) in a {
        #expect(times.count == b[id]?.count)
        for (x, y) in zip(times, b[id] ?? []) { worst = max(worst, abs(x.picoseconds - y.picoseconds)) }
      }
      #expect(worst <= 1000, "spike times differ by \(Double(worst) * 1e-9) ms")
    }
  }
  static func byNeuron(_ spikes: [Spike]) -> [UInt32: [Time]] {
    Dictionary(grouping: spikes, by: \.id).mapValues { $0.map(\.time) }
  }

  @Test(
    "The grid engine agrees with the brute-force reference over heterogeneous delays, whatever the chunks",
    arguments: [[BruteForceNeuron.Shape.delta, .exp, .alpha], [.exp, .exp, .exp], [.alpha, .delta, .delta]])
  func grid(_ shapes: [BruteForceNeuron.Shape]) throws {
    let network = Self.network(shapes, onGrid: [true, true, true], seed: 11)
    let expected = try network.referenceSpikes(until: Self.end)
    for chunkSize in [32, 64, 1000] {
      Self.compare(
        try network.kernelSpikes(until: Self.end, chunkSize: chunkSize), expected, [true, true, true], least: 50)
    }
  }

  @Test(
    "The exact engine agrees with the brute-force reference over real-valued delays, whatever the chunks",
    arguments: [[BruteForceNeuron.Shape.delta, .exp, .alpha], [.exp, .exp, .exp], [.alpha, .alpha, .delta]])
  func exact(_ shapes: [BruteForceNeuron.Shape]) throws {
    let network = Self.network(shapes, onGrid: [false, false, false], seed: 12)
    let expected = try network.referenceSpikes(until: Self.end)
    for chunkSize in [32, 1000] {
      Self.compare(
        try network.kernelSpikes(until: Self.end, chunkSize: chunkSize), expected, [false, false, false], least: 50)
    }
  }

  @Test(
    "Grid and exact populations that project to each other agree with the brute-force reference",
    arguments: [[true, false, true], [false, true, false], [false, false, true]])
  func mixed(_ onGrid: [Bool]) throws {
    let network = Self.network([.exp, .alpha, .delta], onGrid: onGrid, seed: 13)
    let expected = try network.referenceSpikes(until: Self.end)
    for chunkSize in [32, 1000] {
      Self.compare(try network.kernelSpikes(until: Self.end, chunkSize: chunkSize), expected, onGrid, least: 50)
    }
  }

  @Test("Windows shorter than the shortest delay change no spike of the grid engine")
  func shorterWindows() throws {
    let network = Self.network([.exp, .exp, .delta], onGrid: [true, true, true], seed: 14)
    let whole = try network.kernelSpikes(until: Self.end, chunkSize: 64)
    let short = try network.kernelSpikes(until: Self.end, chunkSize: 64, window: Time(milliseconds: 0.1))
    Self.compare(short, whole, [true, true, true], least: 50)
  }

  @Test("Chunks, threads and random pauses leave every spike as it was", arguments: [1, 2, 3, 8])
  func threads(_ workers: Int) throws {
    let network = Self.network([.exp, .alpha, .delta], onGrid: [true, false, true], seed: 15)
    let end = Time(milliseconds: 60)
    let reference = try network.kernelSpikes(until: end, chunkSize: 1000)
    let found = try network.kernelSpikes(
      until: end, chunkSize: 32, workers: workers, pauses: PauseInjection(seed: UInt64(workers)))
    #expect(reference.joined().count > 100)
    #expect(found == reference)
  }

  @Test("Chunks of any size leave every picosecond of the exact engine as it was", arguments: [32, 64])
  func exactChunks(_ size: Int) throws {
    let network = Self.network([.exp, .alpha, .delta], onGrid: [false, false, false], seed: 17)
    let reference = try network.kernelSpikes(until: Self.end, chunkSize: 1000)
    #expect(reference.joined().count > 100)
    #expect(try network.kernelSpikes(until: Self.end, chunkSize: size) == reference)
  }

  @Test("A run cut at any moment and continued has the spikes of an uncut run")
  func cutRuns() throws {
    let network = Self.network([.exp, .alpha, .delta], onGrid: [true, false, true], seed: 16)
    let whole = try network.kernelSpikes(until: Time(milliseconds: 60), chunkSize: 64)
    let pool = WorkStealingPool(workers: 1)
    let collector = SpikeCollector(populations: 3)
    let loop = WindowLoop(try network.compiled(chunkSize: 64), pool: pool, observers: [collector])
    for moment in [0.1, 7.3, 7.4, 20, 33.3, 60] { _ = try loop.run(until: Time(milliseconds: moment)) }
    #expect(collector.spikes == whole)
  }

  /// Rows of 30 or more synapses and seven delays beyond what sums wait for in a ring.
  static func networkOfGroups() -> TrialNetwork {
    var draws = Draws(seed: 18)
    let shapes = [BruteForceNeuron.Shape.exp, .alpha]
    let populations = shapes.enumerated().map { p, shape in
      TrialNetwork.Population(name: "P\(p)", onGrid: true, neurons: (0..<80).map { _ in neuron(shape, &draws) })
    }
    let projections = (0..<4).map { n in
      let (source, name) = (n / 2, "\(n)")
      let delays = RandomStream(seed: 18, purpose: .delay, entity: entityHash(name))
      let weights = RandomStream(seed: 18, purpose: .weight, entity: entityHash(name))
      return TrialNetwork.Projection(
        name: name, source: source, target: n % 2, rule: FixedIndegree(k: 30, autapses: false, multapses: true),
        weight: source == 0 ? .drawn(.uniform(low: 10, high: 40), weights) : .shared(-20.25),
        delay: n == 3 ? .shared(2.5) : .drawn(.uniform(low: 4, high: 4.6), delays))
    }
    return TrialNetwork(populations: populations, projections: projections, trains: [], groupsDelays: true)
  }

  @Test("Rows sorted by delay give the spikes of the brute-force reference, beside rows that are not", arguments: [32, 48, 1000])
  func groups(_ chunkSize: Int) throws {
    let network = Self.networkOfGroups()
    let expected = try network.referenceSpikes(until: Self.end)
    Self.compare(try network.kernelSpikes(until: Self.end, chunkSize: chunkSize), expected, [true, true], least: 50)
    var ungrouped = network
    ungrouped.groupsDelays = false
    #expect(
      try network.kernelSpikes(until: Self.end, chunkSize: chunkSize)
        == ungrouped.kernelSpikes(until: Self.end, chunkSize: chunkSize))
  }
}
