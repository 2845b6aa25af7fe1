extension Philox {
  /// One word of each of eight counters, in the low halves; the high halves are arbitrary.
  public typealias Wide = SIMD8<UInt64>

  /// The words x, y, z and w of eight counters at once; in the low halves the same as those of ``words(counter:key:)``.
  ///
  /// A product of two 32-bit words fills 64 bits, so words stay in 64-bit lanes from round to round, where the vector
  /// multiplication of every instruction set leaves and takes them; narrowing them in between cost more than all else.
  @inlinable @inline(__always)
  public static func wideWords(
    _ counterX: Wide, _ counterY: Wide, _ counterZ: Wide, _ counterW: Wide, keys: RoundKeys
  ) -> (x: Wide, y: Wide, z: Wide, w: Wide) {
    var (x, y, z, w) = (counterX, counterY, counterZ, counterW)
    for round in 0..<10 {
      let p0 = lowHalves(x) &* Wide(repeating: 0xD251_1F53)
      let p1 = lowHalves(z) &* Wide(repeating: 0xCD9E_8D57)
      x = (p1 &>> 32) ^ y ^ Wide(repeating: keys.pointer[2 &* round])
      y = p1
      z = (p0 &>> 32) ^ w ^ Wide(repeating: keys.pointer[2 &* round &+ 1])
      w = p0
    }
    return (x, y, z, w)
  }

  /// The two keys of each of the ten rounds. Memory spreads a word over the lanes for nothing; computed between the rounds,
  /// keys took a fifth of all instructions.
  public struct RoundKeys {
    @usableFromInline let pointer: UnsafePointer<UInt64>
    @usableFromInline init(_ pointer: UnsafePointer<UInt64>) { self.pointer = pointer }
  }

  /// Calls `body` with the keys of all rounds.
  @inlinable @inline(__always)
  public static func withRoundKeys<Result, Failure: Error>(
    of key: SIMD2<UInt32>, _ body: (RoundKeys) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 20) { keys throws(Failure) in
      var (k0, k1) = (key.x, key.y)
      for round in 0..<10 {
        keys[2 * round] = UInt64(k0)
        keys[2 * round + 1] = UInt64(k1)
        k0 &+= 0x9E37_79B9
        k1 &+= 0xBB67_AE85
      }
      return try body(RoundKeys(UnsafePointer(keys.baseAddress!)))
    }
  }

  @inlinable @inline(__always)
  public static func lowHalves(_ words: Wide) -> Wide { words & Wide(repeating: 0xFFFF_FFFF) }
}
