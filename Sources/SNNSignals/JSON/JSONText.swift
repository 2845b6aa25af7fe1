/// A JSON value to be written, its keys in the order given.
public enum JSONText: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
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

  /// A key and its value.
  public typealias Member = (String, JSONText)

  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: JSONText...) { self = .array(elements) }
  public init(dictionaryLiteral elements: Member...) { self = .object(elements) }
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

  /// Indented by two spaces, lists of scalars on one line, with a newline at the end.
  public var pretty: String {
    var out = ""
    write(to: &out, indent: "")
    return out + "\n"
  }

  /// `indent` is that of the line the value starts on; `nil` writes all on one line.
  private func write(to out: inout String, indent: String?) {
    switch self {
    case .null: out += "null"
    case .boolean(let b): out += b ? "true" : "false"
    case .integer(let i): out += String(i)
    case .unsigned(let i): out += String(i)
    case .number(let x): out += x.isFinite ? numberText(x) : "null"
    case .text(let s): Self.quote(s, to: &out)
    case .array(let values):
      let indent = values.allSatisfy(\.isScalar) ? nil : indent
      Self.list(values, "[", "]", to: &out, indent: indent) { value, out, inner in value.write(to: &out, indent: inner) }
    case .object(let members):
      Self.list(members, "{", "}", to: &out, indent: indent) { member, out, inner in
        Self.quote(member.0, to: &out)
        out += ": "
        member.1.write(to: &out, indent: inner)
      }
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, to out: inout String, indent: String?,
    each: (Element, inout String, String?) -> Void
  ) {
    let inner = indent.map { $0 + "  " }
    out += open
    for (i, element) in elements.enumerated() {
      if i > 0 { out += inner == nil ? ", " : "," }
      if let inner { out += "\n" + inner }
      each(element, &out, inner)
    }
    if let indent, !elements.isEmpty { out += "\n" + indent }
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
