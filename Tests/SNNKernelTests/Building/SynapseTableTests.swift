import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite("Synapse tables")
struct SynapseTableTests {
  static let uniformDelay = Distribution.uniform(low: 0.5, high: 3)
  let weight = SynapseValue.drawn(.uniform(low: 1, high: 2), stream(1, .weight))
  let delay = SynapseValue.drawn(Self.uniformDelay, stream(1, .delay))

  func table(_ blueprint: ProjectionBlueprint) throws -> SynapseTable {
    let tables = try SynapseTable.build(blueprint, targets: 0..<blueprint.shape.targets)
    #expect(tables.count == 1)
    #expect(tables[0].invariants() == [])
    return tables[0]
  }

  @Test("With one weight and one delay a synapse takes 2 bytes beside the rows")
  func sharedBytes() throws {
    let plan = blueprint(AllToAll(), shape(100, 50))
    let table = try table(plan)
    #expect(table.byteCount == 2 * 5000 + 4 * 101)
    #expect(plan.bytesPerSynapse == 2)
    guard case .shared(1) = table.weights, case .sharedSteps(15) = table.delays else {
      Issue.record("not shared: \(table.weights), \(table.delays)")
      return
    }
  }

  @Test("On the grid a synapse with its own weight and delay takes 7 bytes, 8 if a delay is beyond 255 steps")
  func gridBytes() throws {
    let near = blueprint(AllToAll(), shape(100, 50), weight: weight, delay: delay)
    #expect(try table(near).byteCount == 7 * 5000 + 4 * 101)
    #expect(near.bytesPerSynapse == 7)
    let far = SynapseValue.drawn(.uniform(low: 20, high: 30), stream(1, .delay))
    let distant = blueprint(AllToAll(), shape(100, 50), weight: weight, delay: far)
    #expect(try table(distant).byteCount == 8 * 5000 + 4 * 101)
    #expect(distant.bytesPerSynapse == 8)
  }

  @Test("On the exact engine a synapse with its own weight and delay takes 10 bytes")
  func exactBytes() throws {
    let plan = blueprint(AllToAll(), shape(100, 50), weight: weight, delay: delay, engine: .exact)
    #expect(try table(plan).byteCount == 10 * 5000 + 4 * 101)
    #expect(plan.bytesPerSynapse == 10)
  }

  @Test("Every column begins on a cache line")
  func alignment() throws {
    let table = try table(blueprint(FixedIndegree(k: 3), shape(10, 7), weight: weight, delay: delay))
    guard case .individual(let weights) = table.weights, case .byteSteps(let delays) = table.delays else {
      Issue.record("not individual")
      return
    }
    for address in [
      UInt(bitPattern: table.rowStarts), UInt(bitPattern: table.targets), UInt(bitPattern: weights), UInt(bitPattern: delays),
    ] { #expect(address % 64 == 0) }
  }

  @Test("The extreme delays are those of the synapses")
  func extremes() throws {
    for engine in [ProjectionBlueprint.Engine.grid(step: step), .exact] {
      let table = try table(blueprint(AllToAll(), shape(30, 30), delay: delay, engine: engine))
      let delays = (0..<table.count).map { table.delay($0, step: step) }
      #expect(table.minimumDelay == delays.min() && table.maximumDelay == delays.max())
    }
  }

  @Test("A chunk without synapses has no table")
  func empty() throws {
    let plan = blueprint(PairList(pre: [0], post: [9]), shape(4, 10))
    #expect(try SynapseTable.build(plan, targets: 0..<5).isEmpty)
    #expect(try SynapseTable.build(plan, targets: 5..<10).first?.count == 1)
  }

  @Test("The invariants see a target outside the chunk, a descending row and a delay of nothing")
  func invariants() throws {
    let plan = blueprint(PairList(pre: [0, 0, 1], post: [1, 2, 0]), shape(2, 3))
    guard case .byTarget(let lists) = plan.connectivity else { return }
    let rows = try SynapseRows.listed(plan, lists, targets: 0..<3)
    let targets = rows.targets.elements(of: UInt16.self)
    #expect((0..<3).map { targets[$0] } == [1, 2, 0])
    targets[0] = 7
    let delays = DelayColumn(.sharedSteps(0), minimum: .zero, maximum: .zero)
    let table = SynapseTable(
      rows, targetRange: 0..<3, receptor: .excitatory, weights: WeightColumn(shared: 1), delays: delays)
    let broken = table.invariants()
    for part in ["targets of row 0 descend", "place 0 is outside the chunk", "place 2 is not positive", "delays from 0.0"] {
      #expect(broken.contains { $0.contains(part) }, "\(part)")
    }
  }
}
