extension SIMD8<Double> {
  /// e^x of each lane to two units in the last place, for −708 ≤ x ≤ 709; what lies outside counts as the nearer bound.
  ///
  /// x = k ln 2 + r, and the minimax polynomial of degree twelve for e^r on |r| ≤ ln 2 / 2 (relative error 2e-17). Sums and products
  /// only, so the same bits on every CPU, which the library's `exp` does not promise.
  @inlinable @inline(__always)
  public func exponential() -> Self {
    var x = replacing(with: -708, where: self .< -708)
    x.replace(with: 709, where: x .> 709)
    // The sum's last bits hold k, the nearest whole number.
    let shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52
    let k = shifted - 0x1.8p52
    let r = (x - k * 0x1.62e42feep-1) - k * 1.9082149292705877e-10
    let r2 = r * r
    let r4 = r2 * r2
    let low = (0.5 + r * 0.1666666666666667) + r2 * (0.04166666666666667 + r * 0.008333333333325544)
    let middle =
      (0.0013888888888883327 + r * 0.00019841269876864356) + r2 * (2.4801587327007187e-05 + r * 2.755725283351691e-06)
    let high = (2.75572718102198e-07 + r * 2.5106274733573296e-08) + r2 * 2.0915442297780116e-09
    let fraction = 1 + (r + r2 * (low + r4 * (middle + r4 * high)))
    let bits = unsafeBitCast(fraction, to: SIMD8<Int64>.self) &+ (unsafeBitCast(shifted, to: SIMD8<Int64>.self) &<< 52)
    return unsafeBitCast(bits, to: Self.self)
  }

  /// The natural logarithm of each lane to 4e-16 (relative to 1 near 1), for normal numbers above 0; that of 0 counts as −709.
  ///
  /// x = 2^k m with m in [√½, √2), and ln m = 2 artanh s, s = (m − 1)/(m + 1), by its series to s²¹ (|s| ≤ 0.172).
  @inlinable @inline(__always)
  public func logarithm() -> Self {
    let bits = unsafeBitCast(self, to: SIMD8<Int64>.self)
    // The exponent of x/√½, so that m comes out between √½ and √2.
    let root = Int64(bitPattern: (0.5.squareRoot()).bitPattern)
    let k = (bits &- SIMD8<Int64>(repeating: root)) &>> 52
    let m = unsafeBitCast(bits &- (k &<< 52), to: Self.self)
    // Whole numbers of this size are doubles once 2⁵² + 2⁵¹ is added to their bits.
    let shift = SIMD8<Int64>(repeating: Int64(bitPattern: (0x1.8p52).bitPattern))
    let exponent = unsafeBitCast(k &+ shift, to: Self.self) - 0x1.8p52
    let s = (m - 1) / (m + 1)
    let q = s * s
    let q2 = q * q
    let q4 = q2 * q2
    let low = (1.0 / 3 + q * (1.0 / 5)) + q2 * (1.0 / 7 + q * (1.0 / 9))
    let high = (1.0 / 11 + q * (1.0 / 13)) + q2 * (1.0 / 15 + q * (1.0 / 17))
    let tail = 1.0 / 19 + q * (1.0 / 21)
    let series = low + q4 * (high + q4 * tail)
    return exponent * 0x1.62e42feep-1 + (2 * (s + s * (q * series)) + exponent * 1.9082149292705877e-10)
  }

  /// x^exponent of each lane, x ≥ 0.
  @inlinable @inline(__always)
  public func power(_ exponent: Double) -> Self { (logarithm() * exponent).exponential() }

  /// Each lane, but not less (more) than `bound`.
  @inlinable @inline(__always)
  public func atLeast(_ bound: Double) -> Self { replacing(with: bound, where: self .< bound) }
  @inlinable @inline(__always)
  public func atMost(_ bound: Double) -> Self { replacing(with: bound, where: self .> bound) }

  /// x^(−1/n) of each lane, n small, for 1e-300 ≤ x ≤ 1e300: a first guess from the exponent, and Newton's method.
  @inlinable @inline(__always)
  public func inverseRoot(_ n: Int) -> Self {
    let share = 1 / Double(n)
    let whole = SIMD8<Int64>(repeating: Int64(bitPattern: (0x1p52).bitPattern))
    // 2⁴⁰ (log₂ x + 1023), less than 0.09 · 2⁴⁰ too low.
    let logarithm = unsafeBitCast((unsafeBitCast(self, to: SIMD8<Int64>.self) &>> 12) | whole, to: Self.self) - 0x1p52
    let target = (1023 * 0x1p40) * (1 + share) - share * logarithm
    var root = unsafeBitCast(unsafeBitCast(target + 0x1p52, to: SIMD8<Int64>.self) &<< 12, to: Self.self)
    for _ in 0..<5 {
      var power = root
      for _ in 1..<n { power *= root }
      root *= 1 + share * (1 - self * power)
    }
    return root
  }
}
