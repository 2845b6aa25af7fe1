import Foundation
import SNNDynamics
import SNNModels
import SNNSignals
import Testing

/// Statistics of 100 networks that NEST 3.10 connected: `tools/peers/nest_degrees.py`.
struct DegreeFixture: Decodable, Sendable, CustomTestStringConvertible {
  struct Arguments: Decodable, Sendable {
    var indegree: Int?
    var outdegree: Int?
    var N: Int?
    var p: Double?
    var allow_multapses: Bool?
  }
  var rule: String
  var arguments: Arguments
  var recurrent: Bool
  /// Mean and standard error each.
  var synapses: [Double]
  var pairs: [Double]
  var out_sd: [Double]
  var in_sd: [Double]

  static let all: [DegreeFixture] = {
    let url = Bundle.module.url(forResource: "Fixtures/connections/nest_degrees", withExtension: "json")!
    return try! JSONDecoder().decode([DegreeFixture].self, from: Data(contentsOf: url))
  }()

  var testDescription: String { "\(rule), \(recurrent ? "recurrent" : "two populations"), \(arguments)" }

  func ours() throws -> any ConnectionRule {
    let multapses = arguments.allow_multapses ?? true
    switch rule {
    case "all_to_all": return AllToAll()
    case "fixed_indegree": return FixedIndegree(k: try #require(arguments.indegree), multapses: multapses)
    case "fixed_outdegree": return FixedOutdegree(k: try #require(arguments.outdegree), multapses: multapses)
    case "fixed_total_number": return FixedTotalNumber(n: try #require(arguments.N), multapses: multapses)
    default: return PairwiseBernoulli(p: try #require(arguments.p))
    }
  }
}

@Suite("Connection rules beside NEST 3.10")
struct NESTDegreeTests {
  static func moments(_ xs: [Double]) -> (mean: Double, sd: Double) {
    let mean = xs.reduce(0, +) / Double(xs.count)
    return (mean, (xs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(xs.count)).squareRoot())
  }

  @Test(
    "Synapses, different pairs and spread of degrees agree with NEST's within five standard errors",
    arguments: DegreeFixture.all)
  func degreeStatistics(fixture: DegreeFixture) throws {
    let rule = try fixture.ours()
    let (sources, targets) = fixture.recurrent ? (50, 50) : (60, 40)
    var columns: [[Double]] = [[], [], [], []]
    for seed in 1...100 {
      let listed = rule.listed(projection(sources, targets, recurrent: fixture.recurrent, seed: UInt64(seed)))
      columns[0].append(Double(listed.count))
      columns[1].append(Double(Set(listed.map { $0.source * 64 + $0.target }).count))
      columns[2].append(Self.moments(degrees(sources, of: listed.map(\.source))).sd)
      columns[3].append(Self.moments(degrees(targets, of: listed.map(\.target))).sd)
    }
    for (column, nest) in zip(columns, [fixture.synapses, fixture.pairs, fixture.out_sd, fixture.in_sd]) {
      let (mean, sd) = Self.moments(column)
      let error = (sd * sd / 99 + nest[1] * nest[1]).squareRoot()
      // NEST's numbers are kept to six decimals.
      #expect(abs(mean - nest[0]) < 5 * error + 1e-6, "\(mean) ± \(sd / 10), NEST \(nest)")
    }
  }
}
