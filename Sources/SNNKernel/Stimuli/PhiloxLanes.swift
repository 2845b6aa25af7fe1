import SNNSignals

/// Eight Philox4x32-10 counters at once; the same words as ``Philox/words(counter:key:)``.
enum PhiloxLanes {
  typealias Words = SIMD8<UInt32>
  private typealias Wide = SIMD8<UInt64>

  @inline(__always)
  private static func multiply(_ a: Words, _ constant: UInt64) -> (high: Words, low: Words) {
    let product = Wide(truncatingIfNeeded: a) &* Wide(repeating: constant)
    return (Words(truncatingIfNeeded: product &>> 32), Words(truncatingIfNeeded: product))
  }

  /// Words x, y, z, w of the counters (`index` + lane, `draw`).
  @inline(__always)
  static func words(index: UInt64, draw: UInt64, key: SIMD2<UInt32>) -> (Words, Words, Words, Words) {
    let low = UInt32(truncatingIfNeeded: index)
    var x = Words(repeating: low) &+ Words(0, 1, 2, 3, 4, 5, 6, 7)
    // A carry out of the low word happens only beyond 2³² · 4 neurons; indices are multiples of 8, so never inside a group.
    var y = Words(repeating: UInt32(truncatingIfNeeded: index >> 32))
    var z = Words(repeating: UInt32(truncatingIfNeeded: draw))
    var w = Words(repeating: UInt32(truncatingIfNeeded: draw >> 32))
    var k = key
    for _ in 0..<10 {
      let p0 = multiply(x, 0xD251_1F53)
      let p1 = multiply(z, 0xCD9E_8D57)
      (x, y, z, w) = (
        p1.high ^ y ^ Words(repeating: k.x), p1.low, p0.high ^ w ^ Words(repeating: k.y), p0.low
      )
      k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
    }
    return (x, y, z, w)
  }
}
