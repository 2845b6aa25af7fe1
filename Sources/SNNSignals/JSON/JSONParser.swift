/// Recursive descent over bytes that are known to be UTF-8.
struct JSONParser {
  typealias Problem = JSONTree.Problem

  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  var line: Int32 = 1
  /// Where the current line begins, moved right by one for each byte that continues a character: so that a column is
  /// `position - lineStart + 1` at any time.
  var lineStart = 0
  var problems: [Problem] = []
  /// The keys and indices that lead to the value being read.
  var path: [PathStep] = []

  enum PathStep {
    case key(String)
    case index(Int)
  }

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var column: Int32 { Int32(truncatingIfNeeded: position - lineStart + 1) }
  /// The byte at the position; 0 at the end (a zero byte is never allowed in a JSON text).
  var current: UInt8 { position < bytes.count ? bytes[position] : 0 }
  var isAtEnd: Bool { position >= bytes.count }

  func problem(_ text: String, hint: String? = nil) -> Problem {
    Problem(line: line, column: column, path: pathText, problem: text, hint: hint)
  }

  var pathText: String {
    let longest = 12
    let beginning = path.prefix(longest).reduce(into: "") { text, step in
      switch step {
      case .key(let key): text += (text.isEmpty ? "" : ".") + key
      case .index(let index): text += "[\(index)]"
      }
    }
    return path.count > longest ? beginning + "…" : beginning
  }

  mutating func document() throws(Problem) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      position = 3
      lineStart = 3
    }
    try skipSpace()
    if isAtEnd { throw problem("the file is empty") }
    let root = try value(depth: 1)
    try skipSpace()
    if !isAtEnd { throw problem("\(found) after the end of the value") }
    return root
  }

  /// What stands at the position, for messages.
  var found: String {
    guard !isAtEnd else { return "the file ends" }
    let rest = bytes[position..<min(position + 4, bytes.count)]
    guard let character = String(decoding: rest, as: UTF8.self).unicodeScalars.first else { return "unexpected byte" }
    return character.value < 0x20 ? "unexpected control character \(character.value)" : "unexpected \"\(Character(character))\""
  }

  mutating func skipSpace() throws(Problem) {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\n"):
        position += 1
        line += 1
        lineStart = position
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "/"):
        guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "/") else {
          throw problem("unexpected \"/\"", hint: "comments begin with // and end with the line")
        }
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
          if bytes[position] & 0xC0 == 0x80 { lineStart += 1 }
          position += 1
        }
      default: return
      }
    }
  }

  mutating func value(depth: Int) throws(Problem) -> JSONValue {
    let (startLine, startColumn) = (line, column)
    guard depth <= JSONTree.maximumDepth else { throw problem("nested deeper than \(JSONTree.maximumDepth) levels") }
    let content: JSONValue.Content
    switch current {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): content = try number()
    case UInt8(ascii: "\""): content = .string(try string())
    case UInt8(ascii: "{"): content = .object(try members(depth: depth))
    case UInt8(ascii: "["): content = .array(try items(depth: depth))
    default: content = try word()
    }
    return JSONValue(content, line: startLine, column: startColumn)
  }

  private mutating func word() throws(Problem) -> JSONValue.Content {
    if isAtEnd { throw problem("the file ends where a value should stand") }
    let end = bytes[position...].firstIndex { !Self.isWordByte($0) } ?? bytes.count
    let word = String(decoding: bytes[position..<end], as: UTF8.self)
    switch word {
    case "true", "false":
      position = end
      return .boolean(word == "true")
    case "null":
      position = end
      return .null
    case "": throw problem("\(found) where a value should stand")
    case "NaN", "nan", "Infinity", "inf":
      throw problem("\(word) is not a JSON number", hint: "numbers of a network file are finite")
    default: throw problem("\"\(word.prefix(40))\" is no JSON value", hint: "strings stand in double quotes")
    }
  }

  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
