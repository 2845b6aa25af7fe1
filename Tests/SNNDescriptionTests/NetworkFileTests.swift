import Foundation
import SNNSignals
import Testing

@testable import SNNDescription

let brunel = """
  {
    "format": "snnsim/1", // the version
    "name": "brunel2000",
    "parameters": { "J": 0.1, "g": 5, "K": "${1000 / 4}", "tau": "20 ms" },
    "run": { "duration": "1 s", "resolution": 0.1, "engine": "auto", "seed": 12345678901234567890 },
    "populations": {
      "$comment": "two",
      "E": { "model": "iaf_psc_delta", "size": 10000,
             "params": { "tau_m": "${tau}", "E_L": 0, "V_reset": 10, "V_th": 20, "t_ref": 2, "C_m": "0.25 nF" },
             "init":   { "V_m": { "dist": "uniform", "low": 0, "high": 20 } } },
      "I": { "like": "E", "size": "${10 * K}", "params": { "tau_m": 15 }, "engine": "exact" }
    },
    "inputs": {
      "background": { "type": "poisson", "target": ["E", "I"], "rate": 20000, "weight": "${J} mV", "delay": 1.5 },
      "source": { "type": "poisson", "size": 7, "rate": [1, 2, "3 kHz"], "stop": "0.5 s" }
    },
    "projections": {
      "E->": { "source": "E", "target": ["E", "I"], "rule": { "type": "fixed_indegree", "k": "${4 * K}" }, "weight": "${J}",
               "delay": {"axonal": 0.5, "dendritic": 1} },
      "I->": { "source": "I", "target": ["E", "I"], "rule": { "type": "fixed_indegree", "k": 250 }, "weight": "${-g * J}" },
      "in": { "source": "source", "target": "E", "rule": { "type": "all_to_all" }, "receptor": "ex", "weight":
              { "dist": "normal", "mean": 1, "sd": 0.1, "min": 0 } }
    },
    "record": {
      "spikes": { "what": "spikes", "of": ["E", "I", "source"] },
      "vm":     { "what": "V_m", "of": "E", "ids": [0, 1, 2], "every": 0.5 },
      "rate":   { "what": "rate", "of": "I", "every": 10, "fraction": 0.5, "from": 100 }
    },
    "output": { "spikes": ["sonata", "csv"] },
    "stop_when": { "rate_above": { "of": "E", "hz": 300, "window": 100 }, "wall_clock": 60 }
  }
  """

func readNetwork(
  _ text: String, overrides: [Override] = [], directory: URL? = nil
) throws(DescriptionErrors) -> NetworkFile {
  try NetworkFileReader(vocabulary: testVocabulary)
    .read(Data(text.utf8), name: "net.json", directory: directory, overrides: overrides)
}

@Suite struct NetworkFileTests {
  @Test("A file with every section becomes values in the units of their fields") func everySection() throws {
    let file = try readNetwork(brunel)
    #expect(file.name == "brunel2000")
    #expect(file.run.duration == 1000)
    #expect(file.run.seed == 12_345_678_901_234_567_890)
    #expect(file.parameters.map(\.name) == ["J", "g", "K", "tau"])
    #expect(file.parameters[2].value == .number(250))
    let e = try #require(file.population("E"))
    #expect(e.params["C_m"] == .number(250))
    #expect(e.params["tau_m"] == .number(20))
    #expect(e.params["I_e"] == nil)
    #expect(e.initial == ["V_m": .distribution(.uniform(low: 0, high: 20))])
    let i = try #require(file.population("I"))
    #expect(i.size == 2500)
    #expect(i.engine == .exact)
    #expect(i.params["tau_m"] == .number(15))
    #expect(i.params["V_th"] == .number(20))
    #expect(file.inputs[0].weight == .number(0.1))
    #expect(file.inputs[1].size == 7)
    #expect(file.inputs[1].weight == nil)
    #expect(file.inputs[1].stop == 500)
    #expect(file.inputs[1].fields["rate"] == .value(.list([1, 2, 3000])))
    #expect(file.projections.map(\.name) == ["E->/E>E", "E->/E>I", "I->/I>E", "I->/I>I", "in"])
    #expect(file.projections[0].delay == .number(1.5))
    #expect(file.projections[0].rule.fields["k"] == .integer(1000))
    #expect(file.projections[0].rule.fields["multapses"] == .boolean(true))
    #expect(file.projections[2].weight == .number(-0.5))
    #expect(file.projections[2].delay == .number(1))
    #expect(file.projections[4].receptor == .excitatory)
    #expect(file.recordings.map(\.what) == [.spikes, .state("V_m"), .rate])
    #expect(file.output.spikes == [.sonata, .csv])
    #expect(file.stopWhen.map(\.condition) == [.rateAbove(of: ["E"], hz: 300, window: 100), .wallClock(seconds: 60)])
    #expect(e.location == SourceLocation(file: "net.json", line: 8, column: 10, path: "populations.E"))
  }
}
