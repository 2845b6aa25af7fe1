import Foundation
import Testing

@testable import SNNDescription

/// `Fixtures/bad` holds broken files (`name.json`), the command line that goes with some of them (`name.args`, an option a line)
/// and what the program must print (`name.txt`).
@Suite struct BrokenFileTests {
  static let directory = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/bad")
  static let names: [String] = (try! FileManager.default.contentsOfDirectory(atPath: directory.path))
    .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()

  @Test("A broken file prints the errors beside it, with place, path and hint", arguments: names)
  func printsExpectedErrors(_ name: String) throws {
    let file = Self.directory.appendingPathComponent("\(name).json")
    let reader = NetworkFileReader(vocabulary: testVocabulary, searchPaths: [URL(fileURLWithPath: "/nowhere/datasets")])
    let overrides = try Self.overrides(Self.directory.appendingPathComponent("\(name).args"))
    let data = try Data(contentsOf: file)
    let printed: String
    do throws(DescriptionErrors) {
      _ = try reader.read(
        data, name: "\(name).json", directory: URL(fileURLWithPath: "/nowhere/networks"), overrides: overrides)
      printed = "no error"
    } catch {
      printed = error.description + "\n"
    }
    let expected = Self.directory.appendingPathComponent("\(name).txt")
    // Set when a message changes on purpose; the new texts are then read by a person.
    if let target = ProcessInfo.processInfo.environment["SNNSIM_WRITE_EXPECTED"] {
      try printed.write(toFile: "\(target)/\(name).txt", atomically: true, encoding: .utf8)
    } else {
      #expect(try printed == String(contentsOf: expected, encoding: .utf8))
    }
  }

  @Test("At least thirty kinds of mistake are covered") func coversMany() {
    #expect(Self.names.count >= 30)
  }

  @Test("A file that is not there is named") func missingFile() {
    let url = URL(fileURLWithPath: "/nowhere/networks/net.json")
    let expected = DescriptionErrors([
      DescriptionError(SourceLocation(file: "net.json", line: 0, column: 0, path: ""), "there is no such file")
    ])
    #expect(throws: expected) { try NetworkFileReader(vocabulary: testVocabulary).read(url, name: "net.json") }
    #expect(expected.description == "net.json: there is no such file")
  }

  private static func overrides(_ url: URL) throws -> [Override] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      let value = String(line.drop { $0 != " " }.dropFirst())
      switch line.prefix(while: { $0 != " " }) {
      case "--seed": return .seed(value)
      case "--duration": return .duration(value)
      case "--engine": return .engine(value)
      default: return .set(value)
      }
    }
  }
}
