import Foundation

extension Distribution {
  /// The number of redraws after which a truncated normal is taken to have no chance.
  static var mostRedraws: UInt64 { 100_000 }

  /// The value of entity (index, draw). A truncated normal redraws with words that no other draw uses.
  ///
  /// NaN when a truncated normal stays outside its limits 100,000 times.
  public func value(_ stream: RandomStream, index: UInt64, draw: UInt32) -> Double {
    switch self {
    case .uniform(let low, let high):
      return low + (high - low) * stream.uniform(index: index, draw: UInt64(draw))
    case .normal(let mean, let sd, let min, let max):
      let low = min ?? -.infinity
      let high = max ?? .infinity
      for attempt in 0..<Self.mostRedraws {
        let x = mean + sd * stream.normal(index: index, draw: attempt << 32 | UInt64(draw))
        if x >= low && x <= high { return x }
      }
      return .nan
    case .lognormal(let mean, let sd):
      return exp(mean + sd * stream.normal(index: index, draw: UInt64(draw)))
    case .exponential(let scale):
      return -scale * log(stream.uniform(index: index, draw: UInt64(draw)))
    }
  }

  /// No draw is smaller: the counterpart of ``upperBound``.
  public var lowerBound: Double {
    switch self {
    case .uniform(let low, let high): Swift.min(low, high)
    case .normal(let mean, let sd, let min, _): Swift.max(mean - abs(sd) * Self.mostDeviations, min ?? -.infinity)
    case .lognormal(let mean, let sd): exp(mean - abs(sd) * Self.mostDeviations)
    case .exponential(let scale): Swift.min(0, scale * 54 * log(2.0))
    }
  }

  /// A normal number of 52 bits is nearer to the mean, in standard deviations.
  private static var mostDeviations: Double { 8.22 }

  /// No draw is larger. Finite even for unbounded distributions, because a uniform number of 52 bits is never below 2⁻⁵³:
  /// a normal number stays within the quantile of that, 8.2096 standard deviations, an exponential one within 53 ln 2 ≈ 36.7 means.
  public var upperBound: Double {
    switch self {
    case .uniform(let low, let high): return Swift.max(low, high)
    case .normal(let mean, let sd, _, let max): return Swift.min(mean + abs(sd) * Self.mostDeviations, max ?? .infinity)
    case .lognormal(let mean, let sd): return exp(mean + abs(sd) * Self.mostDeviations)
    case .exponential(let scale): return Swift.max(0, scale * 54 * log(2.0))
    }
  }
}
