import Foundation
import SNNAnalysis

/// Numbers that Elephant 1.2 gave for stored trains; `tools/fixtures/elephant_statistics.py` makes them.
struct ElephantFixture: Decodable {
  struct Summary: Decodable {
    var rateMean, rateSd, rateMedian, cv, cv2, lv, correlationFirstSix, fanoWide: Double
  }
  var duration, bin: Double
  var maxLag: Int
  var trains: [[Double]]
  var ratesHz: [Double]
  var isi: [[Double]]
  var cv, cv2, lv, lvr: [Double?]
  var fanofactor: Double
  var histogram, histogramWide: [Int]
  var populationRateHz, triggers, psthHz: [Double]
  var correlation, correlationBinary: [[Double]]
  var cross, auto, crossBinary, crossCoefficient: [Double]
  var frequencies, psd: [Double]
  var summary: Summary

  static let stored: ElephantFixture = {
    let url = Bundle.module.url(forResource: "elephant", withExtension: "json", subdirectory: "Fixtures")!
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try! decoder.decode(ElephantFixture.self, from: Data(contentsOf: url))
  }()

  var window: ClosedRange<Double> { 0...duration }
  /// All trains as one population, in the order of time.
  var population: PopulationSpikes {
    let spikes = trains.enumerated().flatMap { id, train in train.map { (time: $0, id: UInt32(id)) } }.sorted { $0 < $1 }
    return try! PopulationSpikes(name: "E", size: trains.count, times: spikes.map(\.time), ids: spikes.map(\.id))
  }
}

/// Whether two lists agree to `tolerance` relative to each number; a missing number (`null`) stands for NaN.
func agree(_ a: [Double], _ b: [Double?], relative tolerance: Double = 1e-12, absolute: Double = 0) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { x, y in
      guard let y else { return x.isNaN }
      return abs(x - y) <= tolerance * abs(y) + absolute
    }
}
