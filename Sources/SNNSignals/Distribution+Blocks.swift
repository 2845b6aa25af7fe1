import Foundation

extension Distribution {
  /// The values of `count` entities (indices[i], draws[i]), eight at a time; the same bits as those of ``value(_:index:draw:)``.
  public func fill(
    _ values: UnsafeMutablePointer<Double>, count: Int, _ stream: RandomStream, indices: UnsafePointer<UInt32>,
    draws: UnsafePointer<UInt32>
  ) {
    let whole = count & ~7
    switch self {
    case .uniform(let low, let high):
      let width = high - low
      Self.forEachEight(whole, stream, indices, draws) { i, units in store(low + width * units, values + i) }
    case .normal(let mean, let sd, let min, let max):
      let least = min ?? -.infinity
      let most = max ?? .infinity
      Self.fillNormals(values, count: whole, stream, indices, draws)
      for i in 0..<whole { values[i] = mean + sd * values[i] }
      guard min != nil || max != nil else { break }
      for i in 0..<whole where !(values[i] >= least && values[i] <= most) {
        values[i] = value(stream, index: UInt64(indices[i]), draw: draws[i])
      }
    case .lognormal(let mean, let sd):
      Self.fillNormals(values, count: whole, stream, indices, draws)
      for i in 0..<whole { values[i] = exp(mean + sd * values[i]) }
    case .exponential(let scale):
      Self.forEachEight(whole, stream, indices, draws) { i, units in
        for lane in 0..<8 { values[i + lane] = -scale * log(units[lane]) }
      }
    }
    for i in whole..<count { values[i] = value(stream, index: UInt64(indices[i]), draw: draws[i]) }
  }

  @inline(__always)
  private static func forEachEight(
    _ count: Int, _ stream: RandomStream, _ indices: UnsafePointer<UInt32>, _ draws: UnsafePointer<UInt32>,
    _ body: (Int, SIMD8<Double>) -> Void
  ) {
    Philox.withRoundKeys(of: stream.key) { keys in
      for i in stride(from: 0, to: count, by: 8) {
        let index = UnsafeRawPointer(indices + i).loadUnaligned(as: SIMD8<UInt32>.self)
        let draw = UnsafeRawPointer(draws + i).loadUnaligned(as: SIMD8<UInt32>.self)
        let words = Philox.wideWords(
          Philox.Wide(truncatingIfNeeded: index), .zero, Philox.Wide(truncatingIfNeeded: draw), .zero, keys: keys)
        body(i, RandomStream.units(words.x, words.y))
      }
    }
  }

  /// Standard normal numbers, in pieces: the middle of the distribution in lanes, then the tails that a piece holds.
  ///
  /// One uniform number in seven lies in a tail. Taken together they cost neither a branch each nor a rational function each.
  @inline(__always)
  private static func fillNormals(
    _ z: UnsafeMutablePointer<Double>, count: Int, _ stream: RandomStream, _ indices: UnsafePointer<UInt32>,
    _ draws: UnsafePointer<UInt32>
  ) {
    let piece = 256
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * piece) { tails in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: piece + 1) { places in
        for first in stride(from: 0, to: count, by: piece) {
          let n = min(piece, count - first)
          let z = z + first
          forEachEight(n, stream, indices + first, draws + first) { i, units in store(units, z + i) }
          let found = transform(z, n, tails.baseAddress!, tails.baseAddress! + piece, places.baseAddress!)
          for j in 0..<found { z[places[j]] = tails[j] }
        }
      }
    }
  }

  /// Turns uniform numbers into normal ones, except in the tails, whose number it returns: their places, and their normal
  /// numbers in `tails`.
  @inline(__always)
  private static func transform(
    _ z: UnsafeMutablePointer<Double>, _ count: Int, _ tails: UnsafeMutablePointer<Double>,
    _ roots: UnsafeMutablePointer<Double>, _ places: UnsafeMutablePointer<Int>
  ) -> Int {
    var found = 0
    for i in 0..<count {
      places[found] = i
      found += abs(z[i] - 0.5) > 0.425 ? 1 : 0
    }
    for j in 0..<found { tails[j] = z[places[j]] }
    for i in stride(from: 0, to: count, by: 8) {
      let q = UnsafeRawPointer(z + i).loadUnaligned(as: SIMD8<Double>.self) - 0.5
      store(q * RandomStream.centralRatio(0.180625 - q * q), z + i)
    }
    for j in 0..<found {
      let p = tails[j]
      roots[j] = (-log(p < 0.5 ? p : 1 - p)).squareRoot()
    }
    for j in found..<min((found + 7) & ~7, 256) { roots[j] = 2 }
    for j in stride(from: 0, to: found, by: 8) {
      let r = UnsafeRawPointer(roots + j).loadUnaligned(as: SIMD8<Double>.self)
      store(RandomStream.shoulderRatio(r - 1.6), roots + j)
    }
    for j in 0..<found {
      let p = tails[j]
      // So far out that one in 7 · 10¹⁰ draws comes here.
      let isFar = p < 1.5e-11 || p > 1 - 1.5e-11
      tails[j] = isFar ? RandomStream.normalQuantile(p) : p < 0.5 ? -roots[j] : roots[j]
    }
    return found
  }
}

@inline(__always)
private func store(_ lanes: SIMD8<Double>, _ values: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(values).storeBytes(of: lanes, as: SIMD8<Double>.self)
}

extension RandomStream {
  /// Doubles in (0, 1) of eight pairs of words; the same as those of ``unit(_:_:)``.
  @inline(__always)
  fileprivate static func units(_ high: Philox.Wide, _ low: Philox.Wide) -> SIMD8<Double> {
    // 52 bits behind the exponent of 2⁵² are the number 2⁵² + bits.
    let bits = (Philox.lowHalves(high) &<< 20) | (Philox.lowHalves(low) &>> 12)
    let shifted = unsafeBitCast(bits | Philox.Wide(repeating: 0x4330_0000_0000_0000), to: SIMD8<Double>.self)
    return (shifted - 0x1p52 + 0.5) * 0x1p-52
  }
}
