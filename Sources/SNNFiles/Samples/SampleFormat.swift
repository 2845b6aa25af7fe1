import Foundation
import SNNSignals

/// A format of labelled samples: its entry in the network file's vocabulary, and how it is read.
public protocol SampleFormat {
  static var name: String { get }
  static var summary: String { get }
  /// What files and arrays there are, several lines of plain text.
  static var layout: String { get }
  static var source: String { get }
  static var fields: [FieldDescription] { get }
  /// - Parameter fields: values of the network file, checked against ``fields``; paths are those of files or folders there are.
  /// - Throws: ``FileError`` when something is wrong with a file.
  static func read(_ fields: [String: FieldValue]) throws -> LabelledSamples
}

extension SampleFormat {
  /// The entry in the vocabulary.
  public static var entry: EntryDescription {
    EntryDescription(category: .data, name: name, summary: summary, equations: layout, source: source, fields: fields)
  }
}

/// The formats that `data` of a network file knows, in one list.
public enum SampleFormats {
  public static let all: [any SampleFormat.Type] = [
    IDXSamples.self, NPZSamples.self, CSVSamples.self, SHDSamples.self, WAVSamples.self, EventSamples.self,
  ]
  public static let entries = all.map { $0.entry }

  /// The samples of a set whose type is known.
  public static func read(type: String, _ fields: [String: FieldValue]) throws -> LabelledSamples {
    guard let format = all.first(where: { $0.name == type }) else { preconditionFailure("no format \(type)") }
    return try format.read(fields)
  }
}

extension [String: FieldValue] {
  func text(_ key: String) -> String? {
    switch self[key] {
    case .text(let text): text
    case .path(let path): path
    default: nil
    }
  }
  func integer(_ key: String) -> Int? { if case .integer(let n) = self[key] { n } else { nil } }
  func number(_ key: String) -> Double? { if case .number(let x) = self[key] { x } else { nil } }
  func flag(_ key: String) -> Bool { if case .boolean(let b) = self[key] { b } else { false } }
}

/// Fields that several formats have.
enum SampleFields {
  /// How often each was taken for which is counted in a square of so many.
  static let mostClasses = 4096
  static let split = FieldDescription(
    "split", .choice(["train", "test"]), default: .text("train"), .any, "which part of the data")
  static let classes = FieldDescription(
    "classes", .integer, default: .absent, .range(1...Double(mostClasses)), "number of classes; that of the labels unless given")
  static let scale = FieldDescription(
    "scale", .scalar, default: .absent, .any, "factor of all values; 1/255 for bytes and 1 for others unless given")
  static let folder = FieldDescription("path", .folder, default: .required, .any, "the folder")
}

/// Labels that are numbers already: from 0, and each class occurs.
func checkedLabels(_ labels: [Double], classes: Int?, path: String) throws -> (labels: [Int], names: [String]) {
  guard !labels.isEmpty else { throw FileError.read(path, "holds no samples") }
  var result: [Int] = []
  result.reserveCapacity(labels.count)
  var seen: Set<Int> = []
  for (i, x) in labels.enumerated() {
    guard let label = Int(exactly: x), label >= 0, label < classes ?? SampleFields.mostClasses else {
      throw FileError.read(
        path, "sample \(i) has the label \(numberText(x)), which is out of range",
        hint: classes.map { "classes run from 0 to \($0 - 1)" } ?? "labels are whole numbers from 0")
    }
    result.append(label)
    seen.insert(label)
  }
  let count = classes ?? (seen.max()! + 1)
  if classes == nil, let missing = (0..<count).first(where: { !seen.contains($0) }) {
    let largest = count - 1
    throw FileError.read(
      path, "sample \(result.firstIndex(of: largest)!) has the label \(largest), but none has the label \(missing)",
      hint: "labels run from 0 on; \"classes\" says how many there are when some have no samples")
  }
  return (result, (0..<count).map(String.init))
}

/// Labels that are words: their classes in alphabetical order, or in that of numbers.
func checkedLabels(words: [String], path: String) throws -> (labels: [Int], names: [String]) {
  guard !words.isEmpty else { throw FileError.read(path, "holds no samples") }
  let distinct = Set(words)
  let names = distinct.sorted { a, b in
    guard let x = Double(a), let y = Double(b), x != y else { return a < b }
    return x < y
  }
  let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  return (words.map { places[$0]! }, names)
}
