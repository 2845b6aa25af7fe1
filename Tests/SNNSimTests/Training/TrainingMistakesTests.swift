import Foundation
import SNNSim
import SNNTestSupport
import Testing

/// Every mistake is found before training starts, with its place and mostly a hint.
@Suite struct TrainingMistakesTests {
  private func message(_ network: String, _ prepare: (TemporaryDirectory) throws -> Void = { _ in }) throws -> String {
    let trial = try TrainingTrial(network)
    try prepare(trial.directory)
    do {
      _ = try trial.load()
      return "no error"
    } catch let errors as DescriptionErrors { return errors.description }
  }

  @Test(
    "Mistakes in the section train",
    arguments: [
      (#""rule": "softmax_regresion""#, "did you mean \"softmax_regression\"?"),
      (#""data": "trian""#, "did you mean \"train\"?"), (#""learning_rat": 1"#, "did you mean \"learning_rate\"?"),
      (#""learning_rate": -1"#, "greater than 0"), (#""epochs": 0"#, "out of range"), (#""batch": 0.5"#, "whole number"),
      (#""schedule": "cosin""#, "did you mean \"cosine\"?"), (#""encoder": "raet""#, "did you mean \"rate\"?"),
      (#""encoder": { "type": "rate", "step": 3 }"#, "did you mean \"steps\"?"),
      (#""evaluate": { "every": 2 }"#, "\"data\" is missing"),
      (#""tasks": []"#, "empty"), (#""tasks": [{ "classes": [7] }]"#, "there is no class 7"), (#""initial": "no.npz""#, "no.npz"),
      (#""encoder": "bins""#, "can't take static samples of 4 values"),
      (#""encoder": ["direct", "standardise"]"#, "must stand before"),
    ])
  func train(_ entry: String, _ words: String) throws {
    let key = String(entry.dropFirst().prefix { $0 != "\"" })
    let parts = [#""rule": "softmax_regression""#, #""data": "train""#].filter { !$0.hasPrefix("\"\(key)\"") } + [entry]
    let text = """
      { "format": "snnsim/1", "name": "flowers", "data": { \(TrainingTrial.flowers) },
        "train": {
          \(parts.joined(separator: ", "))
        } }
      """
    let message = try message(text)
    #expect(message.contains(words), "\(message)")
    #expect(message.hasPrefix("net.json:3:") || message.hasPrefix("net.json:2:"), "\(message)")
    #expect(message.contains("train"))
  }

  @Test("Mistakes of the data, with the place of their set and a hint")
  func data() throws {
    func text(_ set: String, test: String = "") -> String {
      """
      { "format": "snnsim/1", "name": "n",
        "data": {
          "train": \(set)\(test.isEmpty ? "" : ", \"test\": \(test)") },
        "train": { "rule": "softmax_regression", "data": "train"\(test.isEmpty ? "" : #", "evaluate": "test""#) } }
      """
    }
    let idx = #"{ "type": "idx", "images": "images", "labels": "labels" }"#
    func write(_ directory: TemporaryDirectory, _ images: [UInt8], _ labels: [UInt8]) throws {
      try Data(images).write(to: URL(fileURLWithPath: directory.file("images")))
      try Data(labels).write(to: URL(fileURLWithPath: directory.file("labels")))
    }
    let header: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2]
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]
    for (images, labels, words) in [
      (header + [1, 2, 3], labels, "3 bytes of data"), ([9] + header.dropFirst() + [1, 2, 3, 4], labels, "no IDX file"),
      (header + [1, 2, 3, 4], Array(labels.dropLast()) + [200], "label 200"),
      ([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 2], [0, 0, 8, 1, 0, 0, 0, 0], "holds no samples"),
    ] {
      let found = try message(text(idx)) { try write($0, Array(images), labels) }
      #expect(found.hasPrefix("net.json:3:14: data.train: ") && found.contains(words), "\(found)")
    }
    let few = try message(text(idx.replacingOccurrences(of: " }", with: #", "limit": 3 }"#))) {
      try write($0, header + [1, 2, 3, 4], labels)
    }
    #expect(few.contains("samples 0 to 2 are asked for, but there are 2") && few.contains("hint:"))
    let csv = #"{ "type": "csv", "path": "a.csv" }"#
    let shapes = try message(text(idx, test: csv)) {
      try write($0, header + [1, 2, 3, 4], labels)
      _ = try $0.write("x,label\n1,0\n", to: "a.csv")
    }
    #expect(shapes.contains("data.test") && shapes.contains("1 values don't fit the static samples of 2 values"), "\(shapes)")
    let classes = try message(text(idx, test: csv)) {
      try write($0, header + [1, 2, 3, 4], labels)
      _ = try $0.write("x,y,label\n1,2,0\n1,2,5\n", to: "a.csv")
    }
    #expect(classes.contains("sample 1 is of class \"5\""), "\(classes)")
    #expect(try message(text(#"{ "type": "idy", "path": "." }"#)).contains("did you mean \"idx\"?"))
    #expect(try message(text(#"{ "type": "csv", "path": "none.csv" }"#)).contains("no readable file \"none.csv\""))
    #expect(try message(text(#"{ "type": "wav_dir", "path": "none" }"#)).contains("no readable folder \"none\""))
    let empty = try message(text(#"{ "type": "wav_dir", "path": "sounds" }"#)) {
      try FileManager.default.createDirectory(atPath: $0.file("sounds"), withIntermediateDirectories: true)
    }
    #expect(empty.contains("holds no .wav files") && empty.contains("hint:"))
    let one = try message(text(csv)) { _ = try $0.write("x,label\n1,0\n2,0\n", to: "a.csv") }
    #expect(one.contains("there is but one class"), "\(one)")
  }

  @Test("A file without populations and without train says what it lacks") func neither() throws {
    let found = try message(#"{ "format": "snnsim/1", "data": {} }"#)
    #expect(found.contains("\"run\" is missing") && found.contains("\"populations\" is missing"))
  }
}
