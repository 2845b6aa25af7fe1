import SNNSignals

/// How the weights of a projection are distributed at one time.
public struct WeightHistogram: Sendable, Equatable {
  public let projection: String
  /// In ms.
  public let time: Double
  public let low: Double
  public let high: Double
  public let mean: Double
  /// Of bins of equal width from ``low`` to ``high``, both ends included.
  public let counts: [Int]

  /// - Parameter values: those that are not finite are left out.
  public init(projection: String, time: Double, values: some Sequence<Double>, bins: Int = 48) {
    let values = values.filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    var counts = [Int](repeating: 0, count: bins)
    // One value alone stands in the middle.
    let scale = high > low ? Double(bins) / (high - low) : 0
    for value in values { counts[high > low ? min(bins - 1, Int((value - low) * scale)) : bins / 2] += 1 }
    self.projection = projection
    self.time = time
    self.low = low
    self.high = high
    self.counts = counts
    mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The number of weights.
  public var n: Int { counts.reduce(0, +) }

  var message: JSONText {
    [
      "type": "weights", "projection": .text(projection), "time": .number(time), "low": .number(low), "high": .number(high),
      "mean": .number(mean), "n": .integer(n), "counts": .array(counts.map { .integer($0) }),
    ]
  }
}
