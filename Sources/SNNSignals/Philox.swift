/// Counter-based random words: Philox4x32-10.
///
/// Salmon, Moraes, Dror & Shaw (2011), doi:10.1145/2063384.2063405. A word depends only on key and counter, never on
/// who asks or in which order, which is what makes every draw of a run independent of threads.
public enum Philox {
  public typealias Words = SIMD4<UInt32>

  @inlinable @inline(__always)
  public static func words(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> Words {
    // Scalars, not the vectors: the rounds would otherwise shuffle between lanes and general registers.
    var (c0, c1, c2, c3) = (counter.x, counter.y, counter.z, counter.w)
    var (k0, k1) = (key.x, key.y)
    for _ in 0..<10 {
      let p0 = UInt64(c0) &* 0xD251_1F53
      let p1 = UInt64(c2) &* 0xCD9E_8D57
      c0 = UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0
      c1 = UInt32(truncatingIfNeeded: p1)
      c2 = UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1
      c3 = UInt32(truncatingIfNeeded: p0)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return SIMD4(c0, c1, c2, c3)
  }
}

/// What a random number is for: part of its key, so that no two uses ever share a stream.
public enum RandomPurpose: UInt32, Sendable, CaseIterable {
  case connectivity = 1, weight, delay, parameter, initialState, poisson, noise, recordFraction, pause, rewiring
  case batchOrder, encoding, taskOrder, learning
}

/// The stream of random words keyed by (seed, purpose, entity); a word is found by (index, draw) without making those before it.
///
/// `entity` is a stable hash of a *name* of the network file (population, input, projection), so that adding one entity never
/// changes the numbers of another. `index` is usually a neuron, `draw` a time step or a running count.
public struct RandomStream: Sendable, BitwiseCopyable {
  public let key: SIMD2<UInt32>

  public init(seed: UInt64, purpose: RandomPurpose, entity: UInt64) {
    // The key is itself a Philox word of (seed, purpose, entity): a mixing that keeps streams apart.
    let mixed = Philox.words(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: entity), UInt32(truncatingIfNeeded: entity >> 32), purpose.rawValue, 0x534E_4E31),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    key = SIMD2(mixed.x, mixed.y)
  }

  /// Four independent 32-bit words for (index, draw).
  @inlinable @inline(__always)
  public func words(index: UInt64, draw: UInt64) -> Philox.Words {
    Philox.words(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
        UInt32(truncatingIfNeeded: draw), UInt32(truncatingIfNeeded: draw >> 32)),
      key: key)
  }

  /// A double in (0, 1), never an end point, from 52 bits.
  @inlinable @inline(__always)
  public static func unit(_ high: UInt32, _ low: UInt32) -> Double {
    let bits = (UInt64(high) << 20) | (UInt64(low) >> 12)
    return (Double(bits) + 0.5) * 0x1p-52
  }

  /// A double in (0, 1) for (index, draw).
  @inlinable @inline(__always)
  public func uniform(index: UInt64, draw: UInt64) -> Double {
    let w = words(index: index, draw: draw)
    return Self.unit(w.x, w.y)
  }

  /// A standard normal number for (index, draw).
  @inlinable
  public func normal(index: UInt64, draw: UInt64) -> Double {
    let w = words(index: index, draw: draw)
    return Self.normal(w)
  }
}
