extension JSONTree {
  /// The first byte that is not UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
  static func utf8Problem(_ bytes: UnsafeBufferPointer<UInt8>) -> Problem? {
    var i = 0
    while i < bytes.count {
      if bytes[i] < 0x80 {
        i += 1
        continue
      }
      guard let length = sequenceLength(bytes, at: i) else { return problem(bytes, at: i) }
      i += length
    }
    return nil
  }

  private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at i: Int) -> Int? {
    let second: ClosedRange<UInt8>
    let length: Int
    switch bytes[i] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard i + length <= bytes.count, second.contains(bytes[i + 1]) else { return nil }
    for k in 2..<max(length, 2) where bytes[i + k] & 0xC0 != 0x80 { return nil }
    return length
  }

  private static func problem(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Problem {
    var line: Int32 = 1
    var column: Int32 = 1
    for byte in bytes[..<offset] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    let hex = String(bytes[offset], radix: 16, uppercase: true)
    return Problem(
      line: line, column: column, path: "", problem: "not UTF-8: byte 0x\(hex) at offset \(offset)",
      hint: "save the file as UTF-8 text")
  }
}
