import Foundation
import SNNTestSupport
import Testing

/// Statistics of whole networks in NEST 3.10 over several seeds (tools/peers/nest_statistics.py).
struct NESTStatistics: Decodable, Sendable, CustomStringConvertible {
  var name: String
  var network: String
  var set: [String]
  var duration: Double
  var from: Double
  /// How many seeds the test gives snnsim: 1, 2, ….
  var testSeeds: Int
  /// Per population and statistic one value per seed.
  var populations: [String: [String: [Double]]]
  var description: String { name }

  static let all: [NESTStatistics] = nestFixtures("statistics").compactMap { url in
    (try? Data(contentsOf: url)).flatMap { try? JSONDecoder().decode(NESTStatistics.self, from: $0) }
  }
}

/// Whole networks beside NEST, each with seeds of its own.
///
/// With n₁ and n₂ values of a statistic, means and standard deviations s (ddof 1), the difference of the means has the standard
/// error √(s₁² / n₁ + s₂² / n₂). It must stay within three of them, a bound that shrinks with more seeds, and within three
/// standard deviations of NEST's seeds. Digests do not change from run to run, so neither does the outcome.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)), .serialized)
struct PeersStatisticsTests {
  @Test("There are statistics of Brunel2000, VogelsAbbott2005 (both) and PotjansDiesmann2014")
  func fixturesAreThere() {
    let names = NESTStatistics.all.map(\.name)
    #expect(names == ["Brunel2000", "PotjansDiesmann2014", "VogelsAbbott2005_COBA", "VogelsAbbott2005_CUBA"])
  }

  @Test(
    "Mean rate, CV of intervals and correlation of each population are NEST's within three standard errors",
    arguments: NESTStatistics.all)
  func statistics(_ reference: NESTStatistics) throws {
    let found = try Self.measure(reference)
    for (population, statistics) in reference.populations.sorted(by: { $0.key < $1.key }) {
      for (statistic, theirs) in statistics.sorted(by: { $0.key < $1.key }) {
        let ours = try #require(found[population]?[statistic], "\(population) \(statistic)")
        let difference = Self.mean(ours) - Self.mean(theirs)
        let error = (Self.variance(ours) / Double(ours.count) + Self.variance(theirs) / Double(theirs.count)).squareRoot()
        let z = difference / error
        let line = String(
          format: "%@ %@ %@: %.5g, NEST %.5g, %+.2f standard errors", reference.name, population, statistic, Self.mean(ours),
          Self.mean(theirs), z)
        print(line)
        #expect(abs(z) <= 3, Comment(rawValue: line))
        #expect(abs(difference) <= 3 * Self.variance(theirs).squareRoot(), Comment(rawValue: line))
      }
    }
  }

  /// Per population and statistic one value per seed of snnsim.
  private static func measure(_ reference: NESTStatistics) throws -> [String: [String: [Double]]] {
    var values: [String: [String: [Double]]] = [:]
    for seed in 1...reference.testSeeds {
      let directory = try TemporaryDirectory()
      let run = try SnnsimProcess.run(
        ["run", SnnsimProcess.root.path + "/" + reference.network, "--duration", "\(reference.duration)", "--seed", "\(seed)"]
          + ["--json", "--output", directory.file("out")] + reference.set.flatMap { ["--set", $0] })
      try #require(run.code == 0, Comment(rawValue: run.stderr))
      let analysis = try SnnsimProcess.run("analyze", directory.file("out"), "--from", "\(reference.from)", "--json")
      let populations = try #require(analysis.object?["populations"] as? [String: [String: Any]])
      for (population, statistics) in reference.populations {
        for statistic in statistics.keys {
          let value = try #require(populations[population]?[statistic] as? Double, "\(population) \(statistic)")
          values[population, default: [:]][statistic, default: []].append(value)
        }
      }
    }
    return values
  }

  private static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
  private static func variance(_ x: [Double]) -> Double {
    x.reduce(0) { $0 + ($1 - mean(x)) * ($1 - mean(x)) } / Double(x.count - 1)
  }
}
