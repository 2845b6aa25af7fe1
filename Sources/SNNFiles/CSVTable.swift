import Foundation

/// A table in plain text: comma, semicolon, tab or spaces between fields, with or without a header line, also gzipped.
///
/// The first line that is neither empty nor a `#` comment decides the separator; it is the header when one of its fields is no number.
/// Fields may stand in double quotes. Errors name the line.
public struct CSVTable: Sendable {
  public let path: String
  /// Empty when the file has no header.
  public let names: [String]
  public let columnCount: Int
  public let rowCount: Int
  private let text: [UInt8]
  /// Start and end of each field, row by row.
  private let fields: [Range<Int>]
  private let lines: [Int]

  public init(path: String) throws {
    var parser = CSVParser(text: try contents(of: path), path: path)
    try parser.parse()
    var fields = parser.fields
    var lines = parser.lines
    let width = parser.width
    let text = parser.text
    let hasHeader = fields.prefix(width).contains { parseNumber(text, $0) == nil }
    var names: [String] = []
    if hasHeader {
      names = fields.prefix(width).map { fieldText(text, $0) }
      fields.removeFirst(width)
      lines.removeFirst()
    }
    if let name = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw FileError.read(path, "has two columns \"\(name)\"")
    }
    self.path = path
    self.text = text
    self.names = names
    columnCount = width
    rowCount = lines.count
    self.fields = fields
    self.lines = lines
  }

  public func index(of name: String) -> Int? { names.firstIndex(of: name) }

  /// The position of the first of these names that is a column; an error that lists what there is.
  public func requireIndex(of candidates: [String], for purpose: String) throws -> Int {
    for name in candidates { if let index = index(of: name) { return index } }
    throw FileError.read(
      path, "has no column \"\(candidates[0])\" (\(purpose))",
      hint: names.isEmpty ? "its first line is no header" : "its columns are \(listed(names))")
  }

  /// A column of finite numbers.
  public func numbers(_ column: Int) throws -> [Double] {
    try (0..<rowCount).map { row in
      let range = fields[row * columnCount + column]
      guard let value = parseNumber(text, range) else {
        throw error(row: row, "\"\(fieldText(text, range))\" is not a finite number")
      }
      return value
    }
  }

  /// A column of integers from 0 to 4,294,967,295.
  public func ids(_ column: Int) throws -> [UInt32] {
    try (0..<rowCount).map { row in
      let range = fields[row * columnCount + column]
      guard let id = parseNumber(text, range).flatMap({ UInt32(exactly: $0) }) else {
        throw error(row: row, "\"\(fieldText(text, range))\" is not a neuron id (an integer from 0)")
      }
      return id
    }
  }

  public func texts(_ column: Int) -> [String] {
    (0..<rowCount).map { fieldText(text, fields[$0 * columnCount + column]) }
  }

  /// An error about one row, with its line.
  public func error(row: Int, _ problem: String) -> FileError { .read("\(path):\(lines[row])", problem) }
}

private struct CSVParser {
  let text: [UInt8]
  let path: String
  var fields: [Range<Int>] = []
  var lines: [Int] = []
  var width = 0
  private var separator = UInt8(ascii: ",")

  init(text: [UInt8], path: String) {
    self.text = text
    self.path = path
  }

  mutating func parse() throws {
    if text.contains(0) { throw FileError.read(path, "is not a text file") }
    var start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var line = 1
    while start < text.count {
      var end = start
      while end < text.count, text[end] != 0x0A { end += 1 }
      try parseLine(start..<(end > start && text[end - 1] == 0x0D ? end - 1 : end), line)
      start = end + 1
      line += 1
    }
    guard width > 0 else { throw FileError.read(path, "is empty") }
  }

  private mutating func parseLine(_ range: Range<Int>, _ line: Int) throws {
    let range = trimmed(range)
    guard !range.isEmpty, text[range.lowerBound] != UInt8(ascii: "#") else { return }
    if width == 0 {
      let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
      separator = candidates.first { text[range].contains($0) } ?? 0x20
    }
    let before = fields.count
    var position = range.lowerBound
    while true {
      position = try field(from: position, in: range, line)
      guard position < range.upperBound else { break }
      position += 1
      if separator == 0x20 { while position < range.upperBound, isBlank(text[position]) { position += 1 } }
    }
    if text[range.upperBound - 1] == separator && separator != 0x20 { fields.append(range.upperBound..<range.upperBound) }
    let found = fields.count - before
    if width == 0 { width = found }
    guard found == width else { throw FileError.read("\(path):\(line)", "has \(found) fields; the first line has \(width)") }
    lines.append(line)
  }

  /// Appends the field that starts at `start`; returns where its separator stands.
  private mutating func field(from start: Int, in range: Range<Int>, _ line: Int) throws -> Int {
    var end = start
    var quoted = false
    while end < range.upperBound {
      let byte = text[end]
      if byte == UInt8(ascii: "\"") { quoted.toggle() }
      if !quoted && (byte == separator || separator == 0x20 && isBlank(byte)) { break }
      end += 1
    }
    if quoted { throw FileError.read("\(path):\(line)", "has a quote that is not closed") }
    fields.append(trimmed(start..<end))
    return end
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, isBlank(text[low]) && (text[low] != separator || separator == 0x20) { low += 1 }
    while low < high, isBlank(text[high - 1]) && (text[high - 1] != separator || separator == 0x20) { high -= 1 }
    return low..<high
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

private func fieldText(_ text: [UInt8], _ range: Range<Int>) -> String {
  let field = String(decoding: text[range], as: UTF8.self)
  guard field.count >= 2, field.hasPrefix("\""), field.hasSuffix("\"") else { return field }
  return String(field.dropFirst().dropLast()).replacingOccurrences(of: "\"\"", with: "\"")
}

/// A finite decimal number that fills the whole field.
private func parseNumber(_ text: [UInt8], _ range: Range<Int>) -> Double? {
  guard !range.isEmpty, range.count < 64 else { return nil }
  // No hexadecimal, no "nan", no "inf": only digits, signs, point and exponent.
  for byte in text[range] {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: continue
    default: return nil
    }
  }
  let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer -> Double? in
    for (i, byte) in text[range].enumerated() { buffer[i] = CChar(bitPattern: byte) }
    buffer[range.count] = 0
    var end: UnsafeMutablePointer<CChar>?
    let value = strtod(buffer.baseAddress!, &end)
    return end == buffer.baseAddress! + range.count ? value : nil
  }
  return value.flatMap { $0.isFinite ? $0 : nil }
}
