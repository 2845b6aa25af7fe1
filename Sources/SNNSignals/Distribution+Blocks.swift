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
      Self.forEachEight(whole, stream, indices, draws) { i, units in
        let x = mean + sd * Self.normalQuantiles(units)
        store(x, values + i)
        let isInside = (x .>= least) .& (x .<= most)
        guard !all(isInside) else { return }
        for lane in 0..<8 where !isInside[lane] {
          values[i + lane] = value(stream, index: UInt64(indices[i + lane]), draw: draws[i + lane])
        }
      }
    case .lognormal(let mean, let sd):
      Self.forEachEight(whole, stream, indices, draws) { i, units in
        let x = mean + sd * Self.normalQuantiles(units)
        for lane in 0..<8 { values[i + lane] = exp(x[lane]) }
      }
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
    for i in stride(from: 0, to: count, by: 8) {
      let index = UnsafeRawPointer(indices + i).loadUnaligned(as: SIMD8<UInt32>.self)
      let draw = UnsafeRawPointer(draws + i).loadUnaligned(as: SIMD8<UInt32>.self)
      let words = Philox.wideWords(
        Philox.Wide(truncatingIfNeeded: index), .zero, Philox.Wide(truncatingIfNeeded: draw), .zero, key: stream.key)
      body(i, RandomStream.units(words.x, words.y))
    }
  }

  /// Eight of ``RandomStream/normalQuantile(_:)``: the middle of the distribution in lanes, its tails one by one.
  @inline(__always)
  private static func normalQuantiles(_ p: SIMD8<Double>) -> SIMD8<Double> {
    let q = p - 0.5
    var z = q * RandomStream.centralRatios(0.180625 - q * q)
    let isTail = (q .> 0.425) .| (q .< -0.425)
    if any(isTail) {
      for lane in 0..<8 where isTail[lane] { z[lane] = RandomStream.normalQuantile(p[lane]) }
    }
    return z
  }
}

@inline(__always)
private func store(_ lanes: SIMD8<Double>, _ values: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(values).storeBytes(of: lanes, as: SIMD8<Double>.self)
}

extension RandomStream {
  /// Eight of ``centralRatio(_:)``: the same operations in the same order.
  @inline(__always)
  fileprivate static func centralRatios(_ r: SIMD8<Double>) -> SIMD8<Double> {
    var n = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
    n = (n * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4
    n = (n * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
    n = (n * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    var d = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
    d = (d * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4
    d = (d * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
    d = (d * r + 4.2313330701600911252e1) * r + 1
    return n / d
  }
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
