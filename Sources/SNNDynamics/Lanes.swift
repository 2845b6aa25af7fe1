/// Eight neurons side by side: what a clocked neuron's equations are written in.
///
/// `a * b + c` compiles to vector instructions on every CPU; never use `addingProduct`, which is a library call per lane
/// without hardware FMA and would differ in the last bit between CPUs.
public typealias Lanes = SIMD8<Double>
/// One truth value per lane.
public typealias LaneMask = SIMDMask<SIMD8<Int64>>

public enum LaneCount {
  /// Neurons per block.
  public static let lanes = 8
}

extension SIMD8<Double> {
  /// The same function on each lane: for `exp` and other functions without a vector form.
  @inlinable @inline(__always)
  public func map(_ f: (Double) -> Double) -> Self {
    var r = self
    for i in 0..<8 { r[i] = f(self[i]) }
    return r
  }
}

extension SIMDMask where Storage == SIMD8<Int64> {
  /// Whether any lane is true. The library's `any` takes a minimum over the lanes, a call of its own that took a sixth of the
  /// time of the CUBA network; this is three ORs.
  @inlinable @inline(__always)
  public var hasAny: Bool {
    let bits = unsafeBitCast(self, to: SIMD8<Int64>.self)
    let four = bits.lowHalf | bits.highHalf
    let two = four.lowHalf | four.highHalf
    return two.x | two.y != 0
  }
}
