import Foundation
import SNNSignals
import Testing

@testable import SNNDescription

/// Compares the schema with an independent validator, the Python package jsonschema.
@Suite struct JSONSchemaTests {
  static let hasValidator = (try? python("import jsonschema")) != nil

  struct Failed: Error {}

  /// What a Python program prints.
  private static func python(_ program: String, _ arguments: [String] = []) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed() }
    return String(decoding: data, as: UTF8.self)
  }

  private static let validate = """
    import json, sys, jsonschema
    schema = json.load(open(sys.argv[1]))
    jsonschema.Draft7Validator.check_schema(schema)
    for path in sys.argv[2:]:
        found = jsonschema.Draft7Validator(schema).is_valid(json.load(open(path)))
        print(path.split("/")[-1], "valid" if found else "invalid")
    """

  @Test(
    "The validator of Python accepts valid networks and refuses broken ones",
    .enabled(if: hasValidator, "the Python package jsonschema is not installed"))
  func agreesWithPython() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    func write(_ text: String, _ name: String) throws -> String {
      let file = directory.appendingPathComponent(name)
      try Data(text.utf8).write(to: file)
      return file.path
    }
    // Mistakes within one file that a schema can see; the others need names or sizes.
    let broken = [
      "unknown-key", "unknown-section", "unknown-parameter", "wrong-unit", "unknown-unit", "no-unit", "out-of-bounds",
      "format-missing",
      "format-unknown", "unknown-model", "unknown-input-type", "unknown-rule", "rule-as-text", "unknown-rule-key",
      "missing-required-fields", "wrong-types", "bad-engine", "distribution-key", "unknown-distribution",
      "object-without-meaning",
      "unknown-output-format", "train-and-stream", "unknown-guard", "zero-duration", "negative-delay", "twice-in-a-list",
      "slash-in-name", "record-of-nothing", "training",
    ]
    let resolved = ResolvedNetwork(try readNetwork(brunel), vocabulary: testVocabulary).text
    let valid = [
      try write(brunel.replacingOccurrences(of: "// the version", with: ""), "brunel"), try write(resolved, "resolved"),
      try write(minimal(), "minimal"), try write(trained, "trained"),
      try write(ResolvedNetwork(try readNetwork(trained), vocabulary: testVocabulary).text, "learnt"),
    ]
    let schema = try write(JSONSchema(testVocabulary).text, "schema")
    let files = valid + broken.map { BrokenFileTests.directory.appendingPathComponent("\($0).json").path }
    let answers = try Self.python(Self.validate, [schema] + files).split(separator: "\n").map(String.init)
    #expect(
      answers == ["brunel valid", "resolved valid", "minimal valid", "trained valid", "learnt valid"]
        + broken.map { "\($0).json invalid" })
  }

  @Test("The schema is JSON, names every entry of the vocabulary and carries meanings and defaults") func namesEverything() throws
  {
    let text = JSONSchema(testVocabulary).text
    let tree = try JSONTree(Array(text.utf8))
    #expect(tree.problems.isEmpty)
    for entry in testVocabulary.entries {
      #expect(text.contains("\"\(entry.name)\""))
      for field in entry.fields {
        #expect(text.contains("\"\(field.name)\": {"))
        #expect(text.contains(field.meaning))
      }
    }
  }
}
