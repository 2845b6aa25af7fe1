/// A JSON value to be written, with its keys in a fixed order.
enum OrderedJSON {
  case boolean(Bool)
  case number(Double)
  case integer(Int)
  case whole(UInt64)
  case string(String)
  case array([OrderedJSON])
  case object([(String, OrderedJSON)])

  /// Two spaces of indentation; lists of scalars stay on one line. Ends without a line break.
  var text: String {
    var text = ""
    write(into: &text, indent: "")
    return text
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private func write(into text: inout String, indent: String) {
    switch self {
    case .boolean(let b): text += b ? "true" : "false"
    case .number(let x): text += numberText(x)
    case .integer(let n): text += String(n)
    case .whole(let n): text += String(n)
    case .string(let string): text += Self.quoted(string)
    case .array(let items) where items.allSatisfy(\.isScalar):
      text += "["
      for (i, item) in items.enumerated() {
        if i > 0 { text += ", " }
        item.write(into: &text, indent: "")
      }
      text += "]"
    case .array(let items):
      let inner = indent + "  "
      for (i, item) in items.enumerated() {
        text += (i == 0 ? "[\n" : ",\n") + inner
        item.write(into: &text, indent: inner)
      }
      text += "\n\(indent)]"
    case .object(let members) where members.isEmpty: text += "{}"
    case .object(let members):
      let inner = indent + "  "
      for (i, (key, value)) in members.enumerated() {
        text += (i == 0 ? "{\n" : ",\n") + inner + Self.quoted(key) + ": "
        value.write(into: &text, indent: inner)
      }
      text += "\n\(indent)}"
    }
  }

  static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
