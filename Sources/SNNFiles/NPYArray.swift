/// An n-dimensional array of numbers as NumPy stores it, little-endian, last index fastest.
public struct NPYArray: Sendable, Equatable {
  public enum Element: String, Sendable, CaseIterable {
    case boolean = "b1"
    case int8 = "i1"
    case int16 = "i2"
    case int32 = "i4"
    case int64 = "i8"
    case uint8 = "u1"
    case uint16 = "u2"
    case uint32 = "u4"
    case uint64 = "u8"
    case float16 = "f2"
    case float32 = "f4"
    case float64 = "f8"

    /// Bytes of one number.
    public var size: Int { rawValue.last!.wholeNumberValue! }
    /// As in a npy header: byte order and type.
    var descriptor: String { (size == 1 ? "|" : "<") + rawValue }
  }
  public let element: Element
  public let shape: [Int]
  /// `shape.reduce(1, *) * element.size` bytes.
  let bytes: [UInt8]

  init(element: Element, shape: [Int], bytes: [UInt8]) {
    precondition(bytes.count == shape.reduce(1, *) * element.size)
    self.element = element
    self.shape = shape
    self.bytes = bytes
  }

  public init(_ values: [Double], shape: [Int]? = nil) {
    self.init(element: .float64, shape: shape ?? [values.count], bytes: littleEndianBytes(values.map(\.bitPattern)))
  }
  public init(_ values: [Float], shape: [Int]? = nil) {
    self.init(element: .float32, shape: shape ?? [values.count], bytes: littleEndianBytes(values.map(\.bitPattern)))
  }
  public init(_ values: [UInt32], shape: [Int]? = nil) {
    self.init(element: .uint32, shape: shape ?? [values.count], bytes: littleEndianBytes(values))
  }

  public var count: Int { bytes.count / element.size }

  /// Every number as a double; 64-bit integers beyond 2⁵³ are rounded.
  public var doubles: [Double] {
    switch element {
    case .boolean: bytes.map { $0 == 0 ? 0 : 1 }
    case .int8: numbers(UInt8.self) { Double(Int8(bitPattern: $0)) }
    case .int16: numbers(UInt16.self) { Double(Int16(bitPattern: $0)) }
    case .int32: numbers(UInt32.self) { Double(Int32(bitPattern: $0)) }
    case .int64: numbers(UInt64.self) { Double(Int64(bitPattern: $0)) }
    case .uint8: numbers(UInt8.self) { Double($0) }
    case .uint16: numbers(UInt16.self) { Double($0) }
    case .uint32: numbers(UInt32.self) { Double($0) }
    case .uint64: numbers(UInt64.self) { Double($0) }
    case .float16: numbers(UInt16.self, halfPrecision)
    case .float32: numbers(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float64: numbers(UInt64.self) { Double(bitPattern: $0) }
    }
  }

  private func numbers<Bits: FixedWidthInteger, Number>(_: Bits.Type, _ convert: (Bits) -> Number) -> [Number] {
    bytes.withUnsafeBytes { raw in
      (0..<count).map {
        convert(Bits(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Bits>.size, as: Bits.self)))
      }
    }
  }
}

func littleEndianBytes<Bits: FixedWidthInteger>(_ values: [Bits]) -> [UInt8] {
  let ordered = values.map(\.littleEndian)
  return ordered.withUnsafeBytes { Array($0) }
}

/// An IEEE 754 half-precision number as a double, exactly.
private func halfPrecision(_ bits: UInt16) -> Double {
  let sign = bits >> 15 == 0 ? 1.0 : -1.0
  let exponent = Int(bits >> 10 & 31)
  let fraction = Double(bits & 1023)
  switch exponent {
  case 0: return sign * fraction * 0x1p-24
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default: return sign * (1 + fraction * 0x1p-10) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
  }
}
