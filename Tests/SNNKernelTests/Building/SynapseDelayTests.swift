import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite("Synaptic delays")
struct SynapseDelayTests {
  func delays(_ ms: [Double], _ engine: ProjectionBlueprint.Engine) throws -> [Double] {
    let rule = PairList(pre: Array(repeating: 0, count: ms.count), post: Array(0..<UInt32(ms.count)))
    return try blueprint(rule, shape(1, ms.count), delay: .listed(ms), engine: engine).built()
      .map { Double($0.delay) / 1e9 }
  }

  @Test("On the grid delays round to the nearest step, halves up")
  func rounding() throws {
    #expect(try delays([0.05, 0.14, 0.16, 1.5, 25.5], .grid(step: step)) == [0.1, 0.1, 0.2, 1.5, 25.5])
    #expect(try delays([25.55, 6553.5], .grid(step: step)) == [25.6, 6553.5])
  }

  @Test("On the exact engine delays up to 4.29 ms are exact to the picosecond, longer ones to 2^-32 of the longest")
  func exact() throws {
    #expect(try delays([0.000_000_001, 1.234_567_891, 4.294], .exact) == [0.000_000_001, 1.234_567_891, 4.294])
    let long = try delays([1.234_567_891, 60], .exact)
    #expect(abs(long[0] - 1.234_567_891) <= 8e-9)
    #expect(abs(long[1] - 60) <= 8e-9)
    #expect(try delays([0.000_000_001, 60], .exact)[0] == 16e-9)
  }

  @Test("A shared delay on the exact engine is exact, however long")
  func sharedExact() throws {
    let plan = blueprint(OneToOne(), shape(1, 1), delay: .shared(12_345.678_901_234), engine: .exact)
    let table = try SynapseTable.build(plan, targets: 0..<1)[0]
    #expect(table.minimumDelay == Time(picoseconds: 12_345_678_901_234))
    guard case .sharedTime(table.minimumDelay) = table.delays else {
      Issue.record("not shared: \(table.delays)")
      return
    }
  }

  @Test("A delay below half a step is refused with projection, neuron and value")
  func tooShort() {
    #expect(
      throws: SynapseBuildingError(projection: "E->I", target: 2, problem: .delayTooShort(0.04, least: 0.1))
    ) { try delays([1, 1, 0.04], .grid(step: step)) }
    #expect(throws: SynapseBuildingError(projection: "E->I", problem: .delayTooShort(0.04, least: 0.1))) {
      try blueprint(AllToAll(), shape(2, 2), delay: .shared(0.04)).built()
    }
    #expect(throws: SynapseBuildingError(projection: "E->I", target: 0, problem: .delayTooShort(-1, least: 1e-9))) {
      try delays([-1], .exact)
    }
  }

  @Test("A drawn delay that comes out negative is refused, not clamped")
  func drawnNegative() {
    let delay = SynapseValue.drawn(.normal(mean: 0.5, sd: 0.5, min: nil, max: nil), stream(1, .delay))
    for engine in [ProjectionBlueprint.Engine.grid(step: step), .exact] {
      #expect {
        try blueprint(AllToAll(), shape(30, 30), delay: delay, engine: engine).built()
      } throws: { error in
        guard let error = error as? SynapseBuildingError, case .delayTooShort(let ms, _) = error.problem else { return false }
        return ms < 0.05 && error.target != nil && error.description.contains("projection \"E->I\"")
      }
    }
  }

  @Test("Delays beyond 65,535 steps and delays that are no number are refused")
  func tooLong() {
    #expect(throws: SynapseBuildingError(projection: "E->I", target: 0, problem: .delayTooLong(6554, most: 6553.5))) {
      try delays([6554], .grid(step: step))
    }
    #expect(throws: SynapseBuildingError(projection: "E->I", problem: .delay(.infinity))) {
      try blueprint(AllToAll(), shape(2, 2), delay: .shared(.infinity)).built()
    }
  }

  @Test("Weights that are not finite in single precision are refused")
  func weights() {
    #expect(throws: SynapseBuildingError(projection: "E->I", target: 1, problem: .weight(1e39))) {
      try blueprint(PairList(pre: [0, 0], post: [0, 1]), shape(1, 2), weight: .listed([1, 1e39])).built()
    }
    #expect(throws: SynapseBuildingError(projection: "E->I", problem: .weight(-.infinity))) {
      try blueprint(AllToAll(), shape(2, 2), weight: .shared(-.infinity)).built()
    }
  }
}
