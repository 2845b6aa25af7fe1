extension Philox {
  /// One word of each of eight counters, in the low halves; the high halves are arbitrary.
  public typealias Wide = SIMD8<UInt64>

  /// The words x, y, z and w of eight counters at once; in the low halves the same as those of ``words(counter:key:)``.
  ///
  /// A product of two 32-bit words fills 64 bits, so words stay in 64-bit lanes from round to round, where the vector
  /// multiplication of every instruction set leaves and takes them; narrowing them in between cost more than all else.
  @inlinable @inline(__always)
  public static func wideWords(
    _ counterX: Wide, _ counterY: Wide, _ counterZ: Wide, _ counterW: Wide, key: SIMD2<UInt32>
  ) -> (x: Wide, y: Wide, z: Wide, w: Wide) {
    var (x, y, z, w) = (counterX, counterY, counterZ, counterW)
    var (k0, k1) = (key.x, key.y)
    for _ in 0..<10 {
      let p0 = lowHalves(x) &* Wide(repeating: 0xD251_1F53)
      let p1 = lowHalves(z) &* Wide(repeating: 0xCD9E_8D57)
      x = (p1 &>> 32) ^ y ^ Wide(repeating: UInt64(k0))
      y = p1
      z = (p0 &>> 32) ^ w ^ Wide(repeating: UInt64(k1))
      w = p0
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (x, y, z, w)
  }

  @inlinable @inline(__always)
  public static func lowHalves(_ words: Wide) -> Wide { words & Wide(repeating: 0xFFFF_FFFF) }
}
