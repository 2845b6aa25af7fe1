import Foundation
import SNNSignals

/// A running sequence of random numbers for tests, the same on every machine.
public struct Draws {
  private let stream: RandomStream
  private var count: UInt64 = 0

  public init(seed: UInt64) { stream = RandomStream(seed: seed, purpose: .parameter, entity: entityHash("tests")) }

  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    count += 1
    return low + (high - low) * stream.uniform(index: 0, draw: count)
  }
  /// Uniform in the logarithm.
  public mutating func logUniform(_ low: Double, _ high: Double) -> Double { exp(uniform(log(low), log(high))) }
  public mutating func chance(_ p: Double) -> Bool { uniform(0, 1) < p }
  /// Times of a Poisson process of `rate` (1/ms) up to `end`.
  public mutating func poissonTimes(rate: Double, until end: Double) -> [Double] {
    var times: [Double] = []
    var t = 0.0
    while true {
      t -= log(uniform(0, 1)) / rate
      guard t < end else { return times }
      times.append((t * 1e9).rounded() * 1e-9)
    }
  }
}
