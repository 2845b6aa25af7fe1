import Foundation

/// A JSON value to be written, its keys in the order given.
public indirect enum JSONText: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  case null
  case boolean(Bool)
  case integer(Int)
  case unsigned(UInt64)
  /// Written with the fewest digits that read back the same; NaN and infinities become `null`.
  case number(Double)
  case text(String)
  case array([JSONText])
  case object([Member])

  public struct Member: Sendable, Equatable {
    public var key: String
    public var value: JSONText
    public init(_ key: String, _ value: JSONText) {
      self.key = key
      self.value = value
    }
  }

  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: JSONText...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONText)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  /// `null` for `nil`.
  public init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  /// `null` for `nil`.
  public init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

  /// On one line, without a newline at the end.
  public var line: String {
    var out = ""
    write(to: &out, indent: nil)
    return out
  }
  /// Indented by two spaces, with a newline at the end.
  public var pretty: String {
    var out = ""
    write(to: &out, indent: 0)
    return out + "\n"
  }

  private func write(to out: inout String, indent: Int?) {
    switch self {
    case .null: out += "null"
    case .boolean(let b): out += b ? "true" : "false"
    case .integer(let i): out += String(i)
    case .unsigned(let i): out += String(i)
    case .number(let x): out += x.isFinite ? "\(x)" : "null"
    case .text(let s): Self.quote(s, to: &out)
    case .array(let values):
      Self.list(values, "[", "]", to: &out, indent: indent) { value, out, inner in value.write(to: &out, indent: inner) }
    case .object(let members):
      Self.list(members, "{", "}", to: &out, indent: indent) { member, out, inner in
        Self.quote(member.key, to: &out)
        out += ": "
        member.value.write(to: &out, indent: inner)
      }
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, to out: inout String, indent: Int?,
    each: (Element, inout String, Int?) -> Void
  ) {
    out += open
    for (i, element) in elements.enumerated() {
      if i > 0 { out += indent == nil ? ", " : "," }
      if let indent { out += "\n" + String(repeating: "  ", count: indent + 1) }
      each(element, &out, indent.map { $0 + 1 })
    }
    if let indent, !elements.isEmpty { out += "\n" + String(repeating: "  ", count: indent) }
    out += close
  }

  private static func quote(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
