import Foundation
import SNNTestSupport
import Testing

/// Compares whole networks with NEST 3.10, which ran the same files (tools/peers/nest_network.py), over five seeds.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)), .serialized)
struct NetworksNESTTests {
  /// What NEST found: by population and statistic, one number for each seed.
  private struct Reference: Decodable {
    var changes: [String]
    var from: Double
    var nest: [String: [String: [Double]]]
  }

  @Test(
    "Rate, CV of ISI and correlation lie within three standard deviations of NEST's, per population",
    arguments: ["Brunel2000", "Izhikevich2003", "PotjansDiesmann2014", "VogelsAbbott2005_COBA", "VogelsAbbott2005_CUBA"])
  func agreesWithNEST(_ name: String) throws {
    let file = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures/NESTNetworks"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let runs = try (1...5).map {
      try NetworkRun(name, reference.changes + ["--seed", "\($0)"], from: reference.from)
    }
    let keys = ["rate": "rate_mean_hz", "cv": "cv_isi", "correlation": "correlation"]
    for (population, statistics) in reference.nest {
      for (statistic, theirs) in statistics {
        let ours = runs.map { $0[population, keys[statistic]!] }
        // Either program alone may have drawn five alike numbers by chance: the spread is that of both.
        let spread = ((variance(ours) + variance(theirs)) / 2).squareRoot()
        #expect(
          abs(mean(ours) - mean(theirs)) <= 3 * spread,
          "\(name) \(population) \(statistic): \(mean(ours)) beside NEST's \(mean(theirs)) ± \(spread)")
      }
    }
  }

  private func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
  private func variance(_ x: [Double]) -> Double { x.reduce(0) { $0 + ($1 - mean(x)) * ($1 - mean(x)) } / Double(x.count - 1) }
}
