/// The npy format, versions 1.0 to 3.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
extension NPYArray {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  public static func read(path: String) throws -> NPYArray { try NPYArray(npy: contents(of: path), file: path) }

  public func write(path: String) throws { try AtomicFile.write(npy, to: path) }

  /// The bytes of a npy file.
  var npy: [UInt8] { Self.header(element: element, shape: shape) + bytes }

  /// A version 1.0 header, padded so that the numbers start at a multiple of 64 bytes.
  static func header(element: Element, shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(element.descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let unpadded = magic.count + 4 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    return magic + [1, 0, UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)] + Array(text.utf8)
  }

  /// Reads the bytes of a npy file; `file` is named in errors.
  init(npy: [UInt8], file: String) throws {
    guard npy.count >= 10, npy.starts(with: Self.magic) else { throw FileError.read(file, "is not a npy array") }
    let wide = npy[6] >= 2
    guard (1...3).contains(npy[6]) else { throw FileError.read(file, "has npy version \(npy[6]), which is unknown") }
    let prefix = wide ? 12 : 10
    guard npy.count >= prefix else { throw FileError.read(file, "is truncated inside its header") }
    let length = (0..<(wide ? 4 : 2)).reduce(0) { $0 | Int(npy[8 + $1]) << (8 * $1) }
    guard length <= npy.count - prefix else { throw FileError.read(file, "is truncated inside its header") }
    var header = NPYHeader(text: Array(npy[prefix..<prefix + length]), file: file)
    try header.parse()

    var count = 1
    for size in header.shape {
      let product = count.multipliedReportingOverflow(by: size)
      guard !product.overflow else { throw FileError.read(file, "has an impossible shape \(header.shape)") }
      count = product.partialValue
    }
    let stored = npy.count - prefix - length
    let needed = count.multipliedReportingOverflow(by: header.element.size)
    guard !needed.overflow, needed.partialValue <= stored else {
      throw FileError.read(file, "is truncated: \(stored) bytes of numbers for shape \(header.shape)")
    }
    var bytes = Array(npy[(prefix + length)..<(prefix + length + needed.partialValue)])
    if header.fortranOrder && header.shape.count > 1 {
      guard header.shape.count == 2 else {
        throw FileError.read(
          file, "is a \(header.shape.count)-dimensional array in Fortran order, which is not read",
          hint: "save it with numpy.ascontiguousarray(…)")
      }
      bytes = Self.transposed(bytes, rows: header.shape[0], columns: header.shape[1], size: header.element.size)
    }
    self.init(element: header.element, shape: header.shape, bytes: bytes)
  }

  private static func transposed(_ source: [UInt8], rows: Int, columns: Int, size: Int) -> [UInt8] {
    // Any number of rows has no columns.
    guard !source.isEmpty else { return [] }
    var target = [UInt8](repeating: 0, count: source.count)
    for row in 0..<rows {
      for column in 0..<columns {
        let from = (column * rows + row) * size
        let to = (row * columns + column) * size
        for byte in 0..<size { target[to + byte] = source[from + byte] }
      }
    }
    return target
  }
}

/// The Python dictionary literal at the head of a npy array.
struct NPYHeader {
  let text: [UInt8]
  let file: String
  var element = NPYArray.Element.float64
  var fortranOrder = false
  var shape: [Int] = []
  private var position = 0

  init(text: [UInt8], file: String) {
    self.text = text
    self.file = file
  }

  mutating func parse() throws {
    var seen: [String] = []
    try expect("{")
    while !skip("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr": element = try type()
      case "fortran_order": fortranOrder = try boolean()
      case "shape": shape = try tuple()
      default: throw malformed
      }
      seen.append(key)
      if !skip(",") {
        try expect("}")
        break
      }
    }
    guard seen.sorted() == ["descr", "fortran_order", "shape"] else { throw malformed }
  }

  private var malformed: FileError { .read(file, "has a malformed npy header at byte \(position)") }

  private mutating func skip(_ symbol: Character) -> Bool {
    while position < text.count, [0x20, 0x0A, 0x09].contains(text[position]) { position += 1 }
    guard position < text.count, text[position] == symbol.asciiValue else { return false }
    position += 1
    return true
  }
  private mutating func expect(_ symbol: Character) throws { if !skip(symbol) { throw malformed } }

  private mutating func string() throws -> String {
    let quote: Character
    if skip("'") { quote = "'" } else if skip("\"") { quote = "\"" } else { throw malformed }
    guard let end = text[position...].firstIndex(of: quote.asciiValue!) else { throw malformed }
    defer { position = end + 1 }
    return String(decoding: text[position..<end], as: UTF8.self)
  }

  private mutating func type() throws -> NPYArray.Element {
    _ = skip(" ")
    guard position < text.count, text[position] != UInt8(ascii: "[") else {
      throw FileError.read(file, "is a structured array; plain numbers are needed")
    }
    let descriptor = try string()
    if descriptor.hasPrefix(">") && !descriptor.hasSuffix("1") {
      throw FileError.read(
        file, "holds big-endian numbers (\(descriptor))", hint: "save it with .astype(\"<\(descriptor.dropFirst())\")")
    }
    guard let element = NPYArray.Element(rawValue: String(descriptor.drop { "<|=>".contains($0) })) else {
      throw FileError.read(file, "holds elements of type \"\(descriptor)\"; integers, floats or booleans are needed")
    }
    return element
  }

  private mutating func boolean() throws -> Bool {
    _ = skip(" ")
    for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw malformed
  }

  private mutating func tuple() throws -> [Int] {
    var sizes: [Int] = []
    try expect("(")
    while !skip(")") {
      _ = skip(" ")
      let digits = text[position...].prefix { (0x30...0x39).contains($0) }
      guard let size = Int(String(decoding: digits, as: UTF8.self)) else { throw malformed }
      position += digits.count
      _ = skip("L")
      sizes.append(size)
      if !skip(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }
}
