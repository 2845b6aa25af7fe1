extension Statistics {
  /// Pearson correlation of the counts of each pair of binned trains; `nan` where a count never changes.
  /// Elephant: `correlation_coefficient` (`binary` counts a bin with several spikes as one).
  public static func correlationCoefficients(_ trains: [[Double]], bins: Binning, binary: Bool = false) -> [[Double]] {
    let rows = trains.map { occupied($0, bins, binary: binary) }
    let n = Double(bins.count)
    let means = rows.map { row in Double(row.reduce(0) { $0 + $1.count }) / n }
    // Σ (a − ā)(b − b̄) = Σ ab − n ā b̄: only occupied bins are visited, as in Elephant's sparse form.
    let spread = zip(rows, means).map { row, mean in
      (Double(row.reduce(0) { $0 + $1.count * $1.count }) - n * mean * mean).squareRoot()
    }
    var dense = [Int](repeating: 0, count: bins.count)
    var result = [[Double]](repeating: [Double](repeating: 1, count: rows.count), count: rows.count)
    for i in rows.indices {
      for entry in rows[i] { dense[entry.bin] = entry.count }
      for j in i..<rows.count {
        let product = rows[j].reduce(0) { $0 + $1.count * dense[$1.bin] }
        let value = (Double(product) - n * means[i] * means[j]) / (spread[i] * spread[j])
        result[i][j] = i == j && value.isFinite ? 1 : value
        result[j][i] = result[i][j]
      }
      for entry in rows[i] { dense[entry.bin] = 0 }
    }
    return result
  }

  /// Mean over all pairs of ``correlationCoefficients(_:bins:binary:)``; pairs that have none are left out.
  public static func meanPairwiseCorrelation(_ trains: [[Double]], bins: Binning) -> Double {
    let matrix = correlationCoefficients(trains, bins: bins)
    return mean(matrix.indices.flatMap { matrix[$0][($0 + 1)...] }.filter(\.isFinite))
  }

  /// How a cross-correlation histogram is normalised.
  public enum CrossCorrelationNorm: Sendable {
    /// Pairs of spikes.
    case counts
    /// (counts − n₁ n₂ / bins) / (σ₁ σ₂ · bins), from −1 to 1. Elephant: `cross_correlation_coefficient`.
    case coefficient
  }
  /// Pairs of spikes whose bins lie `lag` apart (positive: `b` after `a`), for lags −maxLag … maxLag bins.
  /// Elephant: `cross_correlation_histogram` with `window=[-maxLag, maxLag]`. Of a train with itself: the autocorrelogram.
  public static func crossCorrelationHistogram(
    _ a: [Double], _ b: [Double], bins: Binning, maxLag: Int, binary: Bool = false, norm: CrossCorrelationNorm = .counts
  ) -> [Double] {
    let first = occupied(a, bins, binary: binary)
    let second = occupied(b, bins, binary: binary)
    var histogram = [Double](repeating: 0, count: 2 * maxLag + 1)
    var from = 0
    for entry in first {
      while from < second.count, second[from].bin < entry.bin - maxLag { from += 1 }
      for other in second[from...].prefix(while: { $0.bin <= entry.bin + maxLag }) {
        histogram[other.bin - entry.bin + maxLag] += Double(entry.count * other.count)
      }
    }
    guard norm == .coefficient else { return histogram }
    let n = Double(bins.count)
    let (sum1, sum2) = (Double(first.reduce(0) { $0 + $1.count }), Double(second.reduce(0) { $0 + $1.count }))
    let square1 = Double(first.reduce(0) { $0 + $1.count * $1.count })
    let square2 = Double(second.reduce(0) { $0 + $1.count * $1.count })
    let scale = ((square1 - sum1 * sum1 / n) * (square2 - sum2 * sum2 / n)).squareRoot()
    return histogram.map { ($0 - sum1 * sum2 / n) / scale }
  }
  /// The cross-correlation histogram of a train with itself; its middle entry counts each spike with itself.
  public static func autocorrelogram(_ train: [Double], bins: Binning, maxLag: Int) -> [Double] {
    crossCorrelationHistogram(train, train, bins: bins, maxLag: maxLag)
  }

  /// Bins with spikes, ascending.
  private static func occupied(_ train: [Double], _ bins: Binning, binary: Bool) -> [(bin: Int, count: Int)] {
    var entries: [(bin: Int, count: Int)] = []
    for bin in train.sorted().lazy.compactMap(bins.bin(of:)) {
      if entries.last?.bin != bin {
        entries.append((bin, 1))
      } else if !binary {
        entries[entries.count - 1].count += 1
      }
    }
    return entries
  }
}
