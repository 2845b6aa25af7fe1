/// Equal bins from a start on, as Elephant's `BinnedSpikeTrain` cuts them.
///
/// A bin holds its left edge. Times within 10⁻⁸ of a bin below an edge count as on the edge, so that times on a grid of
/// 0.1 ms fall where they are meant to. A spike at the very end lies in no bin.
public struct Binning: Sendable, Hashable {
  /// Time of the first left edge, ms.
  public var start: Double
  /// Width of a bin, ms.
  public var width: Double
  public var count: Int

  static let tolerance = 1e-8

  /// As many whole bins as fit between the ends of `window`.
  public init(_ window: ClosedRange<Double>, width: Double) {
    precondition(width > 0, "a bin needs a width")
    start = window.lowerBound
    self.width = width
    count = Self.rounded((window.upperBound - window.lowerBound) / width)
  }
  /// Left edges, ms.
  public var edges: [Double] { (0..<count).map { start + Double($0) * width } }
  /// Middles of the bins, ms.
  public var centres: [Double] { (0..<count).map { start + (Double($0) + 0.5) * width } }

  /// The bin that holds `time`, or `nil` outside all bins.
  public func bin(of time: Double) -> Int? {
    guard time >= start else { return nil }
    let position = (time - start) * (1 / width)
    guard position < Double(count) + 1 else { return nil }
    let bin = Self.rounded(position)
    return bin < count ? bin : nil
  }
  /// Spikes in each bin.
  public func counts(_ times: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for time in times { if let bin = bin(of: time) { counts[bin] += 1 } }
    return counts
  }
  private static func rounded(_ x: Double) -> Int {
    let below = x.rounded(.down)
    return Int(below) + (x - below >= 1 - tolerance ? 1 : 0)
  }
}

extension Statistics {
  /// Spikes of all trains per bin. Elephant: `time_histogram`, output `counts`.
  public static func timeHistogram(_ trains: [[Double]], bins: Binning) -> [Int] {
    trains.reduce(into: [Int](repeating: 0, count: bins.count)) { sum, train in
      for time in train { if let bin = bins.bin(of: time) { sum[bin] += 1 } }
    }
  }
  /// Rate of one neuron, averaged over a population of `size` neurons, in each bin, Hz.
  /// Elephant: `time_histogram`, output `rate`, silent neurons included.
  public static func populationRate(_ times: [Double], size: Int, bins: Binning) -> [Double] {
    bins.counts(times).map { Double($0) / (Double(size) * bins.width) * 1000 }
  }
  /// Peri-stimulus time histogram: rate around triggers, averaged over triggers and `size` neurons, Hz.
  /// Bins are relative to a trigger, for instance from −20 to 80 ms.
  public static func psth(_ times: [Double], size: Int, triggers: [Double], bins: Binning) -> [Double] {
    let window = bins.start...(bins.start + Double(bins.count) * bins.width)
    let counts = triggers.reduce(into: [Int](repeating: 0, count: bins.count)) { sum, trigger in
      for time in times where window.contains(time - trigger) {
        if let bin = bins.bin(of: time - trigger) { sum[bin] += 1 }
      }
    }
    return counts.map { 1000 * Double($0) / (Double(size * triggers.count) * bins.width) }
  }
}
