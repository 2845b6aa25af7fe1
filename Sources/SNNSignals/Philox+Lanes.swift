extension Philox {
  /// One word of each of eight counters.
  public typealias Lanes = SIMD8<UInt32>

  /// The words x, y, z and w of eight counters at once; the same as those of ``words(counter:key:)``.
  @inlinable @inline(__always)
  public static func words(
    _ counterX: Lanes, _ counterY: Lanes, _ counterZ: Lanes, _ counterW: Lanes, key: SIMD2<UInt32>
  ) -> (x: Lanes, y: Lanes, z: Lanes, w: Lanes) {
    var (x, y, z, w) = (counterX, counterY, counterZ, counterW)
    var k = key
    for _ in 0..<10 {
      let p0 = product(x, 0xD251_1F53)
      let p1 = product(z, 0xCD9E_8D57)
      (x, y, z, w) = (
        p1.high ^ y ^ Lanes(repeating: k.x), p1.low, p0.high ^ w ^ Lanes(repeating: k.y), p0.low
      )
      k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
    }
    return (x, y, z, w)
  }

  @inlinable @inline(__always)
  static func product(_ a: Lanes, _ constant: UInt64) -> (high: Lanes, low: Lanes) {
    let product = SIMD8<UInt64>(truncatingIfNeeded: a) &* SIMD8<UInt64>(repeating: constant)
    return (Lanes(truncatingIfNeeded: product &>> 32), Lanes(truncatingIfNeeded: product))
  }
}

extension RandomStream {
  /// Doubles in (0, 1) of eight pairs of words; the same as those of ``unit(_:_:)``.
  @inlinable @inline(__always)
  static func units(_ high: Philox.Lanes, _ low: Philox.Lanes) -> SIMD8<Double> {
    // 52 bits behind the exponent of 2⁵² are the number 2⁵² + bits.
    let bits = (SIMD8<UInt64>(truncatingIfNeeded: high) &<< 20) | SIMD8<UInt64>(truncatingIfNeeded: low &>> 12)
    let shifted = unsafeBitCast(bits | SIMD8<UInt64>(repeating: 0x4330_0000_0000_0000), to: SIMD8<Double>.self)
    return (shifted - 0x1p52 + 0.5) * 0x1p-52
  }
}
