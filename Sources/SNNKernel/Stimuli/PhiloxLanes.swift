import SNNSignals

/// Eight Philox4x32-10 counters at once; the same words as ``Philox/words(counter:key:)``.
enum PhiloxLanes {
  typealias Words = (Philox.Wide, Philox.Wide, Philox.Wide, Philox.Wide)

  /// Words x, y, z, w of the counters (`index` + lane, `draw`), in the low halves of the lanes.
  @inline(__always)
  static func words(
    index: UInt64, draw: UInt64, keys: Philox.RoundKeys
  ) -> Words {
    // A carry out of the low word happens only beyond 2³² · 4 neurons; indices are multiples of 8, so never inside a group.
    Philox.wideWords(
      Philox.Wide(repeating: index) &+ Philox.Wide(0, 1, 2, 3, 4, 5, 6, 7), Philox.Wide(repeating: index >> 32),
      Philox.Wide(repeating: draw), Philox.Wide(repeating: draw >> 32), keys: keys)
  }
}
