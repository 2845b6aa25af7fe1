import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite("Synapse tables")
struct SynapseTableTests {
  @Test("With one weight and one delay a synapse takes 2 bytes beside the rows")
  func sharedBytes() throws {
    let tables = try SynapseTable.build(blueprint(AllToAll(), shape(100, 50)), targets: 0..<50)
    #expect(tables.count == 1)
    #expect(tables[0].count == 5000)
    #expect(tables[0].byteCount == 2 * 5000 + 4 * 101)
    #expect(tables[0].invariants() == [])
    guard case .shared(1) = tables[0].weights, case .sharedSteps(15) = tables[0].delays else {
      Issue.record("not shared: \(tables[0].weights), \(tables[0].delays)")
      return
    }
  }

  @Test("fixed_indegree onto one chunk gives each of its neurons k synapses")
  func indegree() throws {
    let built = try blueprint(FixedIndegree(k: 7), shape(40, 30)).built(chunk: 8)
    for target in 0..<30 { #expect(built.count { $0.target == target } == 7) }
  }
}
