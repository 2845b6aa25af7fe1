import SNNFiles
import SNNSignals

/// Equal bins from `low` to `high`; the last includes `high`.
public struct HistogramBins: Sendable {
  public var count: Int
  public var low: Double
  public var high: Double

  public init(count: Int, low: Double, high: Double) {
    self.count = count
    self.low = low
    self.high = high
  }

  public var edges: [Double] { (0...count).map { low + (high - low) * Double($0) / Double(count) } }

  /// How many of `values` lie in each bin, then how many below the first and above the last.
  public func counts(_ values: ArraySlice<Double>) -> (inside: [Double], below: Double, above: Double) {
    var inside = [Double](repeating: 0, count: count)
    var (below, above) = (0.0, 0.0)
    for value in values {
      if value < low {
        below += 1
      } else if value > high {
        above += 1
      } else {
        inside[min(count - 1, Int((value - low) / (high - low) * Double(count)))] += 1
      }
    }
    return (inside, below, above)
  }
}

/// Writes `records/<name>.npz` of histograms over time: `times` float64[t] in ms, `edges` float64[bins + 1], and for each projection
/// (under `<projection>/` where there are several) `count` float64[t, bins] with `below` and `above` float64[t] for what lies outside.
public final class HistogramWriter: Checkpointed {
  private let stream: NPZStream
  private let bins: HistogramBins
  private let times: Int
  private let columns: [(inside: Int, below: Int, above: Int)]

  init(path: String, projections: [String], variable: String, bins: HistogramBins, spool: RowSpool? = nil) throws {
    let stream = try NPZStream(path: path, spool: spool)
    self.stream = stream
    self.bins = bins
    times = stream.addGrowing("times", .float64)
    stream.add("edges", NPYArray(bins.edges))
    columns = projections.map { name in
      let prefix = projections.count > 1 ? name + "/" : ""
      return (
        stream.addGrowing("\(prefix)\(variable)_count", .float64, rowShape: [bins.count]),
        stream.addGrowing(prefix + "below", .float64), stream.addGrowing(prefix + "above", .float64)
      )
    }
  }

  /// Appends the histograms of these times.
  /// - Parameter values: for each projection, row after row of all its values.
  public func append(times: [Time], values: [[Double]]) throws {
    stream.append(times.map(\.milliseconds), to: self.times)
    for ((inside, below, above), all) in zip(columns, values) {
      let width = all.count / max(1, times.count)
      for row in times.indices {
        let found = bins.counts(all[row * width..<(row + 1) * width])
        stream.append(found.inside, to: inside)
        stream.append([found.below], to: below)
        stream.append([found.above], to: above)
      }
    }
    try stream.commit()
  }

  public func pass(through state: StateTransfer) throws { try stream.pass(through: state) }
  public func flush() throws { try stream.flush() }
  public func close() throws { try stream.close() }
}
