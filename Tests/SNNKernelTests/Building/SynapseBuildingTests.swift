import Foundation
import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite("Building synapses")
struct SynapseBuildingTests {
  static let rules: [any ConnectionRule] = [
    AllToAll(), OneToOne(), FixedIndegree(k: 9), FixedIndegree(k: 30, multapses: false), FixedOutdegree(k: 5),
    FixedTotalNumber(n: 300), PairwiseBernoulli(p: 0.15), PairList(pre: [1, 4, 1, 39], post: [30, 2, 30, 0]),
  ]
  static let mixed = Distribution.normal(mean: 0.3, sd: 1, min: nil, max: nil)
  static let delays = Distribution.normal(mean: 1.5, sd: 0.75, min: 0.1, max: nil)

  func plan(_ rule: any ConnectionRule, seed: UInt64, _ engine: ProjectionBlueprint.Engine) -> ProjectionBlueprint {
    blueprint(
      rule, shape(40, 40, seed: seed), weight: .drawn(Self.mixed, stream(seed, .weight)),
      delay: .drawn(Self.delays, stream(seed, .delay)), engine: engine)
  }

  @Test("The synapses are the same for any chunking and any order of building", arguments: 1...3)
  func chunking(seed: UInt64) throws {
    for rule in Self.rules {
      for engine in [ProjectionBlueprint.Engine.grid(step: step), .exact] {
        let plan = plan(rule, seed: seed, engine)
        let whole = try plan.built()
        #expect(!whole.isEmpty)
        for chunk in [1, 7, 16] { #expect(try plan.built(chunk: chunk, reversed: chunk == 7) == whole) }
      }
    }
  }

  /// The synapses written down naively: the rule's list, and for each synapse the definitions of its weight and delay.
  func reference(_ plan: ProjectionBlueprint, seed: UInt64, quantum: Int64) -> [BuiltSynapse] {
    struct Expansion: SynapseVisitor {
      var all: [BuiltSynapse] = []
      var seed: UInt64
      var quantum: Int64
      mutating func add(source: Int, target: Int, number: Int) {
        add(source: source, target: target, index: target, number: number)
      }
      mutating func add(source: Int, target: Int, index: Int, number: Int) {
        let z = stream(seed, .weight).normal(index: UInt64(index), draw: UInt64(number))
        let weight = Double(Float(0.3 + z))
        var delay = 0.0
        var attempt: UInt64 = 0
        while delay < 0.1 {
          delay = 1.5 + 0.75 * stream(seed, .delay).normal(index: UInt64(index), draw: attempt << 32 + UInt64(number))
          attempt += 1
        }
        let ticks = (delay * 1e9 / Double(quantum)).rounded()
        all.append(
          BuiltSynapse(
            target: target, source: source, receptor: weight < 0 ? 1 : 0, weight: weight, delay: Int64(ticks) * quantum))
      }
    }
    var expansion = Expansion(seed: seed, quantum: quantum)
    switch plan.connectivity {
    case .byTarget(let lists): lists.forEachSynapse(plan.shape, targets: 0..<plan.shape.targets, &expansion)
    case .bySource(let rows):
      let list = RowList()
      for source in 0..<plan.shape.sources {
        rows.appendRow(plan.shape, source: source, to: list)
        for place in list.row(source) {
          expansion.add(
            source: source, target: Int(list.targets[place]), index: Int(list.indices[place]), number: Int(list.draws[place]))
        }
      }
    }
    return expansion.all.sorted()
  }

  @Test("Tables hold what a brute-force expansion of rule and distributions gives")
  func bruteForce() throws {
    for rule in Self.rules {
      let grid = plan(rule, seed: 6, .grid(step: step))
      #expect(try grid.built(chunk: 11) == reference(grid, seed: 6, quantum: step.picoseconds))
      // Delays are below 1.5 + 8.67 · 0.75 = 8.0 ms, hence 2 ps.
      let exact = plan(rule, seed: 6, .exact)
      #expect(exact.delayShift == 1)
      let built = try exact.built(chunk: 11)
      let expected = reference(exact, seed: 6, quantum: 2)
      #expect(built.count == expected.count)
      // To picoseconds first, then to 2 ps: half a picosecond may tip the second rounding.
      #expect(
        zip(built, expected).allSatisfy {
          $0.source == $1.source && $0.target == $1.target && $0.weight == $1.weight && abs($0.delay - $1.delay) <= 2
        })
    }
  }

  @Test("Drawn weights keep the mean and sd of their distribution within five standard errors")
  func moments() throws {
    let plan = blueprint(
      FixedIndegree(k: 200), shape(100, 100), weight: .drawn(.normal(mean: -2, sd: 0.5, min: nil, max: nil), stream(3, .weight)))
    let weights = try plan.built(chunk: 30).map(\.weight)
    let n = Double(weights.count)
    let mean = weights.reduce(0, +) / n
    let variance = weights.reduce(0) { $0 + ($1 + 2) * ($1 + 2) } / n
    #expect(n == 20_000)
    #expect(abs(mean + 2) < 5 * 0.5 / n.squareRoot())
    #expect(abs(variance - 0.25) < 5 * 0.25 * (2 / n).squareRoot())
  }

  @Test("Listed weights and delays stay with their pairs")
  func listed() throws {
    let rule = PairList(pre: [3, 0, 3, 1], post: [1, 2, 0, 1], weight: [1, -2, 3, 0.1], delay: [1, 2, 3, 4])
    let plan = blueprint(
      rule, shape(4, 3), weight: .listed(rule.listedWeights!), delay: .listed(rule.listedDelays!), engine: .exact)
    let expected = [
      BuiltSynapse(target: 0, source: 3, receptor: 0, weight: 3, delay: 3_000_000_000),
      BuiltSynapse(target: 1, source: 1, receptor: 0, weight: Double(Float(0.1)), delay: 4_000_000_000),
      BuiltSynapse(target: 1, source: 3, receptor: 0, weight: 1, delay: 1_000_000_000),
      BuiltSynapse(target: 2, source: 0, receptor: 1, weight: -2, delay: 2_000_000_000),
    ]
    #expect(try plan.built() == expected)
    #expect(try plan.built(chunk: 2) == expected)
  }

  @Test("All chunks together in parallel hold the same synapses as chunk by chunk", arguments: [1, 2, 5])
  func together(workers: Int) throws {
    let pool = WorkStealingPool(workers: workers)
    defer { pool.close() }
    for rule in Self.rules {
      let plan = plan(rule, seed: 4, .grid(step: step))
      let chunks = [0..<16, 16..<32, 32..<40]
      let tables = try SynapseTable.build([(plan, chunks)], pool: pool)[0].get()
      #expect(tables.joined().allSatisfy { $0.invariants().isEmpty })
      #expect(tables.joined().flatMap(\.synapses).sorted() == (try plan.built(chunk: 16)))
    }
  }

  @Test("Long rows are sorted like short ones: a thousand synapses of each source in chunks of 32 and of 4,000 targets")
  func longRows() throws {
    let plan = blueprint(
      FixedOutdegree(k: 1000), shape(7, 4000), weight: .drawn(Self.mixed, stream(2, .weight)),
      delay: .drawn(Self.delays, stream(2, .delay)))
    let expected = reference(plan, seed: 2, quantum: step.picoseconds)
    #expect(try plan.built() == expected)
    #expect(try plan.built(chunk: 32) == expected)
  }
}
