/// A stable 64-bit hash of a name (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/): the `entity` of a ``RandomStream``.
public func entityHash(_ name: String) -> UInt64 {
  name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}
