import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct EngineChoiceTests {
  /// The engine of each population of a network of two under `auto`.
  private func engines(large: Int, small: Int, rate: Double) throws -> [String: String] {
    let text = """
      {
        "format": "snnsim/1", "name": "auto", "run": { "duration": 1 },
        "populations": {
          "large": { "model": "iaf_psc_exp", "size": \(large) }, "small": { "model": "iaf_psc_exp", "size": \(small) }
        },
        "inputs": { "p": { "type": "poisson", "target": "small", "rate": \(rate), "weight": 1 } },
        "projections": {
          "all": {
            "source": "small", "target": "large", "rule": { "type": "fixed_indegree", "k": 10 }, "weight": 1, "delay": 1
          }
        }
      }
      """
    let outcome = try SnnsimProcess.runNetwork(text, in: TemporaryDirectory())
    #expect(outcome.code == 0, "\(outcome.stderr)")
    return outcome.object?["engine"] as? [String: String] ?? [:]
  }

  @Test("Under auto 10,000 sparse neurons run on the exact engine, those of small populations too")
  func together() throws {
    #expect(try engines(large: 9_900, small: 100, rate: 10) == ["large": "exact", "small": "exact"])
    #expect(try engines(large: 9_900, small: 99, rate: 10) == ["large": "grid", "small": "grid"])
  }

  @Test("Under auto a population with many events stays on the grid beside sparse ones")
  func dense() throws {
    #expect(try engines(large: 10_000, small: 100, rate: 1000) == ["large": "exact", "small": "grid"])
  }
}
