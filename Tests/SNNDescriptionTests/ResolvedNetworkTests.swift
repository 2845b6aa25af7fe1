import Foundation
import SNNSignals
import Testing

@testable import SNNDescription

@Suite struct ResolvedNetworkTests {
  @Test("Reading the resolved text gives the same network, and the same text again") func roundTrip() throws {
    let resolved = ResolvedNetwork(try readNetwork(brunel), vocabulary: testVocabulary)
    let again = ResolvedNetwork(try readNetwork(resolved.text), vocabulary: testVocabulary)
    #expect(again.network == resolved.network)
    #expect(again.text == resolved.text)
  }

  @Test("The resolved text fills in defaults and units, and keeps no expression") func fillsIn() throws {
    let text = ResolvedNetwork(try readNetwork(brunel), vocabulary: testVocabulary).text
    #expect(!text.contains("${"))
    #expect(!text.contains("like"))
    #expect(text.contains("\"I_e\": 0\n"))
    #expect(text.contains("\"duration\": 1000,"))
    #expect(text.contains("\"seed\": 12345678901234567890"))
    // Without "init" a model derives its state from its parameters: a default of another parameter set would be wrong.
    let bare = try readNetwork(minimal(population: #"{ "model": "iaf_psc_delta", "size": 1, "params": { "E_L": 0 } }"#))
    #expect(ResolvedNetwork(bare, vocabulary: testVocabulary).text.contains("\"init\": {}"))
  }

  @Test(
    "Numbers read back to the same bits",
    arguments: [0.1, 1e-7, 1e300, Double.leastNonzeroMagnitude, -0.0, 123_456_789.123_456_789, 1e15, 9e15, 1e22])
  func shortest(_ x: Double) throws {
    let tree = try JSONTree(Array(numberText(x).utf8))
    #expect(tree.root.number?.bitPattern == x.bitPattern)
  }

  @Test("A third population is resolved inside its projection, and reads back as the same connections") func third() throws {
    let text = minimal(
      population: #"{ "model": "iaf_psc_delta", "size": 4 }, "A": { "model": "iaf_cond_exp", "size": 2 }"#,
      more: #"""
        "projections": {
          "p": {
            "source": "E", "target": ["E", "A"], "rule": { "type": "all_to_all" }, "weight": 2,
            "third": { "population": "A", "p": 0.5, "in": { "weight": 3, "delay": 2 }, "out": { "weight": 7 } }
          }
        }
        """#)
    let file = try readNetwork(text)
    #expect(
      file.projections.map(\.name) == [
        "p/E>E", "p/E>E/third_in", "p/E>E/third_out", "p/E>A", "p/E>A/third_in", "p/E>A/third_out",
      ])
    #expect(file.projections.map(\.synapse) == [.spikes, .spikes, .slowCurrent, .spikes, .spikes, .slowCurrent])
    #expect(file.projections[2].source == "A" && file.projections[5].target == "A" && file.projections[4].weight == .number(3))
    let resolved = ResolvedNetwork(file, vocabulary: testVocabulary)
    let again = ResolvedNetwork(try readNetwork(resolved.text), vocabulary: testVocabulary)
    #expect(again.network == resolved.network && again.text == resolved.text)
  }

  @Test("Rules called by name, in place and in a list are resolved alike, and read back") func plasticity() throws {
    func projection(_ plasticity: String) -> String {
      minimal(
        more: #"""
          "rules": { "slow": { "rule": "stdp", "lambda": 0.001 } },
          "projections": {
            "p": {
              "source": "E", "target": "E", "rule": { "type": "all_to_all" },
              "delay": { "axonal": 1.5, "dendritic": 0.5 }, "plasticity": \#(plasticity)
            }
          }
          """#)
    }
    let texts = try [#""slow""#, #"{ "rule": "stdp", "lambda": 0.001 }"#, #"["slow"]"#].map {
      ResolvedNetwork(try readNetwork(projection($0)), vocabulary: testVocabulary).text
    }
    #expect(Set(texts).count == 1)
    let again = try readNetwork(texts[0])
    #expect(ResolvedNetwork(again, vocabulary: testVocabulary).text == texts[0])
    #expect(again.projections[0].plasticity[0].fields == ["lambda": .number(0.001), "pairing": .text("all_to_all")])
    #expect(again.projections[0].delay == .number(0.5) && again.projections[0].axonalDelay == 1.5)
  }

  @Test("A file that is found by its relative path is written with its absolute one") func absolutePaths() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("tau.npy")
    try Data().write(to: file)
    let text = minimal(
      population: #"{ "model": "iaf_psc_delta", "size": 1, "params": { "tau_m": { "file": "tau.npy" } } }"#)
    let network = try readNetwork(text, directory: directory)
    #expect(network.populations[0].params["tau_m"] == .file(file.standardizedFileURL.path))
    #expect(ResolvedNetwork(network, vocabulary: testVocabulary).text.contains("\"file\": \"/"))
  }
}

/// A valid file with one population "E".
func minimal(population: String = #"{ "model": "iaf_psc_delta", "size": 10 }"#, more: String = "") -> String {
  """
  { "format": "snnsim/1", "name": "minimal", "run": { "duration": 100 },
    "populations": { "E": \(population) }\(more.isEmpty ? "" : ", " + more) }
  """
}
