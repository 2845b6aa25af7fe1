import SNNSignals
import Testing

@testable import SNNDescription

@Suite struct QuantityTests {
  @Test(
    "A quantity with a unit is the number that the decimal says, to the last bit",
    arguments: [
      ("0.1 s", 100), ("300 us", 0.3), ("7 us", 0.007), ("1e3ms", 1000), (" 2 min ", 120_000), ("1 ns", 1e-6), ("15 µs", 0.015),
    ] as [(String, Double)])
  func decimals(_ text: String, _ milliseconds: Double) throws {
    let network = try readNetwork(
      minimal(population: #"{ "model": "iaf_psc_delta", "size": 1, "params": { "tau_m": "\#(text)" } }"#))
    #expect(network.populations[0].params["tau_m"] == .number(milliseconds))
  }

  @Test("Every spelling of every unit is read with its factor") func spellings() throws {
    for unit in Unit.allCases where unit != .none {
      for (symbol, factor) in unit.spellings {
        var entry = testVocabulary.entries[0]
        entry.fields = [FieldDescription("x", .quantity, unit, default: .number(0), .any, "anything")]
        let text = minimal(population: #"{ "model": "iaf_psc_delta", "size": 1, "params": { "x": "2.5 \#(symbol)" } }"#)
        let network = try NetworkFileReader(vocabulary: Vocabulary([entry])).read(.init(text.utf8), name: "net.json")
        guard case .number(let x) = network.populations[0].params["x"] else {
          Issue.record("no number for \(symbol)")
          continue
        }
        #expect(abs(x - 2.5 * factor) <= 1e-15 * abs(x), "\(symbol)")
      }
    }
  }

  @Test("Lists hold numbers, quantities and expressions; every kind of distribution is read") func sources() throws {
    let text = minimal(
      population: """
        { "model": "iaf_psc_delta", "size": 3, "params": {
          "tau_m": [10, "0.02 s", "${3 * ten}"], "E_L": { "dist": "normal", "mean": "-0.07 V", "sd": 2, "max": "${-6 * ten}" },
          "C_m": { "dist": "lognormal", "mean": 5.5, "sd": 0.1 }, "t_ref": { "dist": "exponential", "mean": 2 } } }
        """, more: #""parameters": { "ten": 10 }"#)
    let params = try readNetwork(text).populations[0].params
    #expect(params["tau_m"] == .list([10, 20, 30]))
    #expect(params["E_L"] == .distribution(.normal(mean: -70, sd: 2, min: nil, max: -60)))
    #expect(params["C_m"] == .distribution(.lognormal(mean: 5.5, sd: 0.1)))
    #expect(params["t_ref"] == .distribution(.exponential(scale: 2)))
  }
}
