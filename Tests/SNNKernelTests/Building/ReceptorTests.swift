import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite("Receptors and signs")
struct ReceptorTests {
  let pairs = PairList(pre: [0, 0, 1, 1], post: [0, 1, 0, 1])
  let weights = SynapseValue.listed([1.5, -2.5, 0, -0.5])

  func tables(_ weight: SynapseValue, _ kind: WeightKind, _ receptor: Receptor? = nil) throws -> [SynapseTable] {
    try SynapseTable.build(
      blueprint(pairs, shape(2, 2), weight: weight, receptor: receptor, kind: kind), targets: 0..<2)
  }
  func weights(_ table: SynapseTable) -> [Double] { (0..<table.count).map { table.weight($0) } }

  @Test("Mixed signs make two tables: zero and positive excitatory, negative inhibitory")
  func mixed() throws {
    let tables = try tables(weights, .current)
    #expect(tables.map(\.receptor) == [.excitatory, .inhibitory])
    #expect(weights(tables[0]) == [1.5, 0])
    #expect(weights(tables[1]) == [-2.5, -0.5])
    #expect(tables.allSatisfy { $0.invariants() == [] })
  }

  @Test("A conductance is kept as a magnitude, at the receptor its sign chose")
  func conductance() throws {
    let tables = try tables(weights, .conductance)
    #expect(tables.map(\.receptor) == [.excitatory, .inhibitory])
    #expect(weights(tables[1]) == [2.5, 0.5])
    let shared = try self.tables(.shared(-3), .conductance)
    #expect(shared.map(\.receptor) == [.inhibitory])
    #expect(shared[0].weight(0) == 3)
  }

  @Test("A model with one receptor takes all signs in one table", arguments: [WeightKind.potential, .count])
  func single(kind: WeightKind) throws {
    let tables = try tables(weights, kind)
    #expect(tables.map(\.receptor) == [.excitatory])
    #expect(weights(tables[0]) == [1.5, -2.5, 0, -0.5])
    #expect(try self.tables(.shared(-3), kind).map(\.receptor) == [.excitatory])
  }

  @Test("A named receptor overrides the sign and keeps it, except for conductances")
  func named() throws {
    let current = try tables(weights, .current, .inhibitory)
    #expect(current.map(\.receptor) == [.inhibitory])
    #expect(weights(current[0]) == [1.5, -2.5, 0, -0.5])
    #expect(weights(try tables(weights, .conductance, .inhibitory)[0]) == [1.5, 2.5, 0, 0.5])
  }

  @Test("Negative weights are refused onto a conductance whose receptor is given as excitatory")
  func negativeConductances() {
    #expect(throws: SynapseBuildingError(projection: "E->I", problem: .negativeWeights(2))) {
      try tables(weights, .conductance, .excitatory)
    }
  }

  @Test("A shared weight chooses the receptor of all synapses")
  func shared() throws {
    #expect(try tables(.shared(0), .current).map(\.receptor) == [.excitatory])
    #expect(try tables(.shared(-0.1), .current).map(\.receptor) == [.inhibitory])
    #expect(try tables(.listed([-1, -1, -1, -1]), .current).map(\.receptor) == [.inhibitory])
  }
}
