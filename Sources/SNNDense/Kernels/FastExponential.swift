import Foundation

/// e^x and what is made of it, in sums and products that a loop over elements can be vectorised with.
public protocol FastExponential: BLASScalar {
  /// e^x to two units in the last place; x counts as no less than −87 (`Double`: −708) and no more than 88 (709).
  static func exponential(_ x: Self) -> Self
}

// x = k ln 2 + r, the Taylor series of e^r for |r| ≤ ln 2 / 2 (its next term is below half a unit in the last place), and k added
// to the exponent. The sum with 1.5 · 2²³ (2⁵²) leaves k, the nearest whole number, in its last bits.
extension Float: FastExponential {
  @inlinable @inline(__always)
  public static func exponential(_ x: Float) -> Float {
    let above = x < -87 ? -87 : x
    let x = above > 88 ? 88 : above
    let shifted = x * 1.44269504 + 0x1.8p23
    let k = shifted - 0x1.8p23
    let r = (x - k * 0x1.62e4p-1) - k * 1.42860677e-6
    let low: Float = (1.0 / 24 + r * (1.0 / 120)) + r * r * (1.0 / 720 + r * (1.0 / 5040))
    let fraction: Float = 1 + (r + r * r * (0.5 + r * (1.0 / 6 + r * low)))
    return Float(bitPattern: fraction.bitPattern &+ (shifted.bitPattern &<< 23))
  }
}

extension Double: FastExponential {
  @inlinable @inline(__always)
  public static func exponential(_ x: Double) -> Double {
    let above = x < -708 ? -708 : x
    let x = above > 709 ? 709 : above
    let shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52
    let k = shifted - 0x1.8p52
    let r = (x - k * 0x1.62e42feep-1) - k * 1.9082149292705877e-10
    let top: Double = (1.0 / 479001600 + r * (1.0 / 6227020800)) * r + 1.0 / 39916800
    let high: Double = ((top * r + 1.0 / 3628800) * r + 1.0 / 362880) * r + 1.0 / 40320
    let middle: Double = ((high * r + 1.0 / 5040) * r + 1.0 / 720) * r + 1.0 / 120
    let low: Double = ((middle * r + 1.0 / 24) * r + 1.0 / 6) * r + 0.5
    let fraction = 1 + (r + r * r * low)
    return Double(bitPattern: fraction.bitPattern &+ (shifted.bitPattern &<< 52))
  }
}
