import CPrimitives

/// Arithmetic on ``Lanes`` that is one vector instruction wherever it stands. The standard library's operators are loops over
/// lanes that the optimiser may or may not put together again: in 2 of 8 lanes at a time in the conductance models. The same bits.
extension SIMD8<Double> {
  @inlinable @inline(__always)
  public static func + (a: Self, b: Self) -> Self { primitive_lanes_add(a, b) }
  @inlinable @inline(__always)
  public static func + (a: Self, b: Double) -> Self { primitive_lanes_add(a, Self(repeating: b)) }
  @inlinable @inline(__always)
  public static func + (a: Double, b: Self) -> Self { primitive_lanes_add(Self(repeating: a), b) }
  @inlinable @inline(__always)
  public static func - (a: Self, b: Self) -> Self { primitive_lanes_subtract(a, b) }
  @inlinable @inline(__always)
  public static func - (a: Self, b: Double) -> Self { primitive_lanes_subtract(a, Self(repeating: b)) }
  @inlinable @inline(__always)
  public static func - (a: Double, b: Self) -> Self { primitive_lanes_subtract(Self(repeating: a), b) }
  @inlinable @inline(__always)
  public static func * (a: Self, b: Self) -> Self { primitive_lanes_multiply(a, b) }
  @inlinable @inline(__always)
  public static func * (a: Self, b: Double) -> Self { primitive_lanes_multiply(a, Self(repeating: b)) }
  @inlinable @inline(__always)
  public static func * (a: Double, b: Self) -> Self { primitive_lanes_multiply(Self(repeating: a), b) }
  @inlinable @inline(__always)
  public static func / (a: Self, b: Self) -> Self { primitive_lanes_divide(a, b) }

  @inlinable @inline(__always)
  public static func += (a: inout Self, b: Self) { a = primitive_lanes_add(a, b) }
  @inlinable @inline(__always)
  public static func -= (a: inout Self, b: Self) { a = primitive_lanes_subtract(a, b) }
  @inlinable @inline(__always)
  public static func *= (a: inout Self, b: Self) { a = primitive_lanes_multiply(a, b) }

  @inlinable @inline(__always)
  public static func .< (a: Self, b: Self) -> LaneMask { LaneMask(bits: primitive_lanes_less(a, b)) }
  @inlinable @inline(__always)
  public static func .< (a: Self, b: Double) -> LaneMask { a .< Self(repeating: b) }
  @inlinable @inline(__always)
  public static func .<= (a: Self, b: Self) -> LaneMask { LaneMask(bits: primitive_lanes_less_or_equal(a, b)) }
  @inlinable @inline(__always)
  public static func .<= (a: Self, b: Double) -> LaneMask { a .<= Self(repeating: b) }
  @inlinable @inline(__always)
  public static func .> (a: Self, b: Self) -> LaneMask { b .< a }
  @inlinable @inline(__always)
  public static func .> (a: Self, b: Double) -> LaneMask { Self(repeating: b) .< a }
  @inlinable @inline(__always)
  public static func .>= (a: Self, b: Self) -> LaneMask { b .<= a }
  @inlinable @inline(__always)
  public static func .>= (a: Self, b: Double) -> LaneMask { Self(repeating: b) .<= a }

  @inlinable @inline(__always)
  public func replacing(with other: Self, where mask: LaneMask) -> Self { primitive_lanes_select(mask.bits, self, other) }
  @inlinable @inline(__always)
  public func replacing(with other: Double, where mask: LaneMask) -> Self {
    replacing(with: Self(repeating: other), where: mask)
  }
  @inlinable @inline(__always)
  public mutating func replace(with other: Self, where mask: LaneMask) { self = replacing(with: other, where: mask) }
  @inlinable @inline(__always)
  public mutating func replace(with other: Double, where mask: LaneMask) { self = replacing(with: other, where: mask) }
}

extension SIMDMask where Storage == SIMD8<Int64> {
  /// All ones where true, zero elsewhere.
  @inlinable @inline(__always)
  public init(bits: SIMD8<Int64>) { self = unsafeBitCast(bits, to: Self.self) }
  @inlinable @inline(__always)
  public var bits: SIMD8<Int64> { unsafeBitCast(self, to: SIMD8<Int64>.self) }
}
