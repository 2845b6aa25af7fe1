/// Statistics of spike trains with the definitions of Elephant 1.2 (doi:10.5281/zenodo.1186602).
///
/// Times and intervals are in ms, rates in Hz. A statistic of too few spikes is `nan`, as Elephant's are with `with_nan`.
public enum Statistics {
  /// Arithmetic mean; `nan` of nothing.
  public static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Population standard deviation (`ddof = 0`); `nan` of nothing.
  public static func standardDeviation(_ values: [Double]) -> Double { variance(values).squareRoot() }

  /// Population variance (`ddof = 0`); `nan` of nothing.
  public static func variance(_ values: [Double]) -> Double {
    let m = mean(values)
    return mean(values.map { ($0 - m) * ($0 - m) })
  }

  /// The middle value, or the mean of the two middle values; `nan` of nothing.
  public static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }

  /// Spikes per second between the two ends of `window` (both included), Hz. Elephant: `mean_firing_rate`.
  public static func meanFiringRate(_ train: [Double], within window: ClosedRange<Double>) -> Double {
    1000 * Double(train.count { window.contains($0) }) / (window.upperBound - window.lowerBound)
  }

  /// Variance over mean of counts (`ddof = 0`): of trains over neurons or trials, or of bins. Elephant: `fanofactor`.
  public static func fanoFactor(_ counts: [Int]) -> Double {
    let values = counts.map(Double.init)
    return variance(values) / mean(values)
  }
}
