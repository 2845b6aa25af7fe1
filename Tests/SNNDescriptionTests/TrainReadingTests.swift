import Foundation
import SNNSignals
import Testing

@testable import SNNDescription

@Suite struct TrainReadingTests {
  @Test("The section train as plain values, defaults filled in, with the place of each key") func values() throws {
    let file = try readNetwork(trained)
    let train = try #require(file.train)
    #expect(train.rule == "perceptron" && train.data == "a" && train.evaluate == "b" && train.every == 2)
    #expect(
      train.fields == ["learning_rate": .number(0.1), "layers": .integers([7]), "rates": .numbers([0.5])])
    #expect(train.epochs == 3 && train.batch == 100 && train.seed == 6 && train.shuffles && train.initial == nil)
    #expect(train.encoders.map(\.type) == ["rate", "rate"])
    #expect(train.encoders.map(\.fields) == [["steps": .integer(25)], ["steps": .integer(9)]])
    #expect(train.tasks.map(\.permutation) == [0, 1, 2] && train.tasks.allSatisfy { $0.classes == nil })
    #expect(
      train.place("layers").line == 4 && train.place("layers").path == "train.layers" && train.place("batch") == train.location)
    #expect(file.populations.isEmpty && file.run.duration == 0)
    #expect(file.data.map(\.fields)[1] == ["classes": .integer(3), "split": .text("test")] && file.data[1].limit == 5)
  }

  @Test("A training's resolved text gives the same values, and the same text again") func roundTrip() throws {
    let resolved = ResolvedNetwork(try readNetwork(trained), vocabulary: testVocabulary)
    let again = ResolvedNetwork(try readNetwork(resolved.text), vocabulary: testVocabulary)
    #expect(again.text == resolved.text && again.network.train == resolved.network.train)
    #expect(again.network.data == resolved.network.data)
  }

  @Test("--seed sets the seed of the training, wherever the file has it") func seed() throws {
    func seed(_ text: String, _ overrides: [Override] = []) throws -> UInt64? {
      try NetworkFileReader(vocabulary: testVocabulary).read(Data(text.utf8), name: "n", overrides: overrides).train?.seed
    }
    let own = trained.replacingOccurrences(of: #""epochs": 3"#, with: #""epochs": 3, "seed": 8"#)
    #expect(try seed(trained) == 6 && seed(own) == 8)
    #expect(try seed(trained, [.seed("5")]) == 5 && seed(own, [.seed("5")]) == 5)
  }
}

/// A training of nothing but `data` and `train`.
let trained = #"""
  { "format": "snnsim/1", "name": "trained", "run": { "seed": 6 },
    "data": { "a": { "type": "drawn", "classes": 3 }, "b": { "type": "drawn", "classes": 3, "split": "test", "limit": 5 } },
    "train": {
      "rule": "perceptron", "layers": [7], "data": "a", "evaluate": { "data": "b", "every": 2 },
      "epochs": 3, "encoder": ["rate", { "type": "rate", "steps": 9 }], "tasks": { "permuted": 3 }
    } }
  """#
