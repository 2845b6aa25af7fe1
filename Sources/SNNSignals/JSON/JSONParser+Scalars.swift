extension JSONParser {
  private static let powersOfTen: [Double] = (0...22).map { Double("1e\($0)")! }

  /// A JSON number. Short decimals are exact in double arithmetic (Clinger 1990, doi:10.1145/93542.93557); the library reads
  /// the others.
  mutating func number() throws(Problem) -> JSONValue.Content {
    let start = position
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let firstDigit = position
    var mantissa: UInt64 = 0
    var isExact = true
    func digits(_ parser: inout JSONParser) -> Int {
      let first = parser.position
      while case let byte = parser.current, byte &- UInt8(ascii: "0") < 10 {
        let (tens, o1) = mantissa.multipliedReportingOverflow(by: 10)
        let (sum, o2) = tens.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
        if o1 || o2 { isExact = false } else { mantissa = sum }
        parser.position += 1
      }
      return parser.position - first
    }
    let whole = digits(&self)
    if whole == 0 { throw malformed(start, hint: "numbers of a network file are finite decimals") }
    if whole > 1, bytes[firstDigit] == UInt8(ascii: "0") { throw malformed(start, hint: "a number has no leading zeros") }
    var scale = 0
    var isInteger = true
    if current == UInt8(ascii: ".") {
      position += 1
      isInteger = false
      scale = digits(&self)
      if scale == 0 { throw malformed(start, hint: "digits must follow the point") }
    }
    if current | 0x20 == UInt8(ascii: "e") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      isInteger = false
      isExact = false
      if digits(&self) == 0 { throw malformed(start, hint: "digits must follow the exponent") }
    }
    if Self.isWordByte(current) || current == UInt8(ascii: ".") { throw malformed(start) }
    if isExact, mantissa <= 1 << 53, scale <= 22 {
      let x = Double(mantissa) / Self.powersOfTen[scale]
      return .number(isNegative ? -x : x)
    }
    if isExact, isInteger, !isNegative { return .whole(mantissa) }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let x = Double(text), x.isFinite else {
      position = start
      throw problem("the number \(text.prefix(40)) is too large", hint: "numbers reach to about 1.8e308")
    }
    return .number(x)
  }

  private mutating func malformed(_ start: Int, hint: String? = nil) -> Problem {
    var end = position
    while end < bytes.count, Self.isWordByte(bytes[end]) || bytes[end] == UInt8(ascii: ".") { end += 1 }
    position = start
    let text = String(decoding: bytes[start..<min(end, start + 40)], as: UTF8.self)
    return problem("\"\(text)\" is not a JSON number", hint: hint)
  }

  mutating func string() throws(Problem) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw problem("a control character inside a string", hint: "write it as an escape such as \\n or \\u0009")
      case 0x80..<0xC0:
        lineStart += 1
        position += 1
      default: position += 1
      }
    }
    throw problem("the file ends inside a string", hint: "is it cut off?")
  }

  /// The rest of a string whose first escape stands at the position.
  private mutating func escapedString(from start: Int) throws(Problem) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: try escape().utf8)
      case 0..<0x20: throw problem("a control character inside a string", hint: "write it as an escape such as \\n or \\u0009")
      default:
        if byte & 0xC0 == 0x80 { lineStart += 1 }
        text.append(byte)
        position += 1
      }
    }
    throw problem("the file ends inside a string", hint: "is it cut off?")
  }

  private mutating func escape() throws(Problem) -> String {
    guard position + 1 < bytes.count else { throw problem("the file ends inside a string", hint: "is it cut off?") }
    let letter = bytes[position + 1]
    let plain: String? =
      switch letter {
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "t"): "\t"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "b"): "\u{8}"
      case UInt8(ascii: "f"): "\u{C}"
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): String(UnicodeScalar(letter))
      default: nil
      }
    if let plain {
      position += 2
      return plain
    }
    guard letter == UInt8(ascii: "u"), let first = hexadecimal(at: position + 2) else {
      throw problem("a broken escape in a string", hint: #"escapes are \" \\ \/ \b \f \n \r \t and \u with four digits"#)
    }
    if let scalar = Unicode.Scalar(first) {
      position += 6
      return String(Character(scalar))
    }
    guard first < 0xDC00, position + 7 < bytes.count, bytes[position + 6] == UInt8(ascii: "\\"),
      bytes[position + 7] == UInt8(ascii: "u"), let second = hexadecimal(at: position + 8), 0xDC00...0xDFFF ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw problem("a lone surrogate in a string", hint: "\\uD800 to \\uDFFF stand in pairs only") }
    position += 12
    return String(Character(scalar))
  }

  private func hexadecimal(at offset: Int) -> UInt32? {
    guard offset + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[offset..<offset + 4] {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
      value = value << 4 + UInt32(digit)
    }
    return value
  }
}
