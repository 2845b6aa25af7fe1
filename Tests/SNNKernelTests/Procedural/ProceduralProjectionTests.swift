import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite("Procedural projections")
struct ProceduralProjectionTests {
  static let rules: [any ConnectionRule & SourceRows] = [
    AllToAll(), OneToOne(autapses: true), FixedOutdegree(k: 50), FixedOutdegree(k: 30, multapses: false),
  ]
  static let mixed = Distribution.normal(mean: 0.3, sd: 1, min: nil, max: nil)

  /// One synapse that a spike crosses, as it is delivered.
  struct Crossing: Equatable {
    var spike: Int
    var receptor: UInt8
    var target: Int
    var weight: Double
    var delay: Int64
  }

  /// The synapses of `spikes` in the rows of `tables`; those onto one target keep their order.
  func crossings(_ table: SynapseTable, _ spikes: [Int]) -> [Crossing] {
    spikes.enumerated().flatMap { spike, row in
      table.row(row).map {
        Crossing(
          spike: spike, receptor: table.receptor.rawValue, target: Int(table.targets[$0]), weight: table.weight($0),
          delay: table.delay($0, step: step).picoseconds)
      }
    }
  }
  func byTarget(_ crossings: [Crossing]) -> [Crossing] {
    crossings.enumerated().sorted { ($0.element.target, $0.offset) < ($1.element.target, $1.offset) }.map(\.element)
  }

  @Test(
    "The spikes of a window find the synapses of the stored tables, in their order, for any chunks and threads",
    arguments: [(64, 2), (192, 1)])
  func same(chunk: Int, workers: Int) throws {
    let pool = WorkStealingPool(workers: workers)
    defer { pool.close() }
    let chunks = stride(from: 0, to: 192, by: chunk).map { $0..<min(192, $0 + chunk) }
    var draws: UInt32 = 1
    // 600 spikes are more than one block of synapses.
    let ids = (0..<600).map { _ in
      draws = draws &* 1_664_525 &+ 1_013_904_223
      return draws >> 8 % 192
    }
    for rule in Self.rules {
      for (engine, kind) in [(ProjectionBlueprint.Engine.grid(step: step), WeightKind.current), (.exact, .conductance)] {
        let plan = blueprint(
          rule, shape(192, 192, recurrent: true), weight: .drawn(Self.mixed, stream(3, .weight)),
          delay: .drawn(.uniform(low: 0.3, high: 30), stream(3, .delay)), kind: kind, engine: engine)
        let projection = try ProceduralProjection(plan, rule, chunks: chunks, source: 0, step: step, pool: pool)
        let board = SpikeBoard(
          [PopulationLayout(name: "n", size: 192, chunks: 0..<1, isSource: false)], chunks: 1)
        for (i, id) in ids.enumerated() { board.packets[0].append(Spike(time: step * i, id: id), step: UInt32(i)) }
        board.gather()
        ProceduralProjection.regenerate([projection], board, pool)
        for (c, range) in chunks.enumerated() {
          let tables = try SynapseTable.build(plan, targets: range)
          for (r, receptor) in projection.receptors.enumerated() {
            var first = 0
            var found: [Crossing] = []
            for block in projection.blocks {
              if let table = block.tables[c * projection.receptors.count + r] {
                found += crossings(table, Array(0..<block.spikes.count)).map {
                  var crossing = $0
                  crossing.spike += first
                  return crossing
                }
              }
              first += block.spikes.count
            }
            #expect(first == ids.count)
            let stored = tables.first { $0.receptor == receptor }.map { crossings($0, ids.map(Int.init)) } ?? []
            #expect(byTarget(found) == byTarget(stored), "\(rule), \(kind), receptor \(receptor)")
          }
        }
        let all = try chunks.flatMap { try SynapseTable.build(plan, targets: $0) }
        #expect(projection.count == all.reduce(0) { $0 + $1.count })
        // Windows are whole steps of the shortest delay.
        #expect(projection.minimumDelay.stepsFloor(step) == all.map(\.minimumDelay).min()?.stepsFloor(step))
        #expect(projection.maximumDelay >= all.map(\.maximumDelay).max()!)
      }
    }
  }

  @Test("What tables refuse is refused before the run: delays and weights that can't be kept, negative conductances")
  func refusals() throws {
    let rule = FixedOutdegree(k: 20)
    let pool = WorkStealingPool(workers: 1)
    func refusal(
      weight: SynapseValue = .shared(1), delay: SynapseValue = .shared(1), receptor: Receptor? = nil, kind: WeightKind = .current
    ) -> SynapseBuildingError.Problem? {
      let plan = blueprint(rule, shape(30, 30), weight: weight, delay: delay, receptor: receptor, kind: kind)
      do throws(SynapseBuildingError) {
        _ = try ProceduralProjection(plan, rule, chunks: [0..<30], source: 0, step: step, pool: pool)
        return nil
      } catch { return error.problem }
    }
    #expect(refusal() == nil)
    #expect(refusal(delay: .shared(0.04)) == .delayTooShort(0.04, least: 0.1))
    #expect(refusal(weight: .shared(.infinity)) == .weight(.infinity))
    guard
      case .delayTooShort(let ms, _) = refusal(
        delay: .drawn(.normal(mean: 0.5, sd: 0.5, min: nil, max: nil), stream(1, .delay)))
    else {
      Issue.record("a negative delay passed")
      return
    }
    #expect(ms < 0.05)
    let either = SynapseValue.drawn(Self.mixed, stream(1, .weight))
    guard case .negativeWeights = refusal(weight: either, receptor: .excitatory, kind: .conductance) else {
      Issue.record("negative conductances passed")
      return
    }
    #expect(refusal(weight: either, kind: .conductance) == nil)
  }
}
