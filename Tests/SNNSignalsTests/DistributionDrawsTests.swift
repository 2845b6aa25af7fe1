import Foundation
import SNNSignals
import Testing

@Suite("Draws from distributions")
struct DistributionDrawsTests {
  static let draws = 20_000
  let stream = RandomStream(seed: 4, purpose: .weight, entity: 9)

  func values(_ distribution: Distribution) -> [Double] {
    (0..<Self.draws).map { distribution.value(stream, index: UInt64($0 / 100), draw: UInt32($0 % 100)) }
  }

  /// Kolmogorov's distance to the cumulative distribution, times √n. Above 2.2 with probability 2 exp(−2 · 2.2²) = 1.2e-4.
  func distance(_ distribution: Distribution, _ cumulative: (Double) -> Double) -> Double {
    let sorted = values(distribution).sorted()
    let n = Double(sorted.count)
    let most = sorted.enumerated().map { i, x in
      max(abs(cumulative(x) - Double(i) / n), abs(cumulative(x) - Double(i + 1) / n))
    }
    return (most.max() ?? 0) * n.squareRoot()
  }

  func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  @Test("Draws follow the closed-form cumulative distributions")
  func distributions() {
    #expect(distance(.uniform(low: -1, high: 3)) { ($0 + 1) / 4 } < 2.2)
    #expect(distance(.normal(mean: 2, sd: 0.5, min: nil, max: nil)) { normal(($0 - 2) / 0.5) } < 2.2)
    #expect(distance(.lognormal(mean: 0.2, sd: 0.7)) { normal((log($0) - 0.2) / 0.7) } < 2.2)
    #expect(distance(.exponential(scale: 3)) { 1 - exp(-$0 / 3) } < 2.2)
  }

  @Test("A truncated normal is the normal given its limits")
  func truncated() {
    let distribution = Distribution.normal(mean: 1.5, sd: 0.75, min: 0.1, max: 2)
    let (a, b) = (normal((0.1 - 1.5) / 0.75), normal((2 - 1.5) / 0.75))
    #expect(distance(distribution) { (normal(($0 - 1.5) / 0.75) - a) / (b - a) } < 2.2)
    #expect(values(distribution).allSatisfy { $0 >= 0.1 && $0 <= 2 })
  }

  @Test("Means and standard deviations are those of the definitions, within five standard errors")
  func moments() {
    let cases: [(Distribution, mean: Double, sd: Double, kurtosis: Double)] = [
      (.uniform(low: 1, high: 5), 3, 4 / 12.0.squareRoot(), 1.8), (.normal(mean: -3, sd: 2, min: nil, max: nil), -3, 2, 3),
      (.exponential(scale: 0.5), 0.5, 0.5, 9),
    ]
    for (distribution, mean, sd, kurtosis) in cases {
      let xs = values(distribution)
      let n = Double(xs.count)
      let m = xs.reduce(0, +) / n
      let variance = xs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      #expect(abs(m - mean) < 5 * sd / n.squareRoot())
      #expect(abs(variance - sd * sd) < 5 * sd * sd * ((kurtosis - 1) / n).squareRoot())
    }
  }

  @Test("No draw can exceed the upper bound: the most extreme words stay below it")
  func bounds() {
    let extreme = -RandomStream.normal(SIMD4())
    #expect(extreme > 8.2)
    #expect(Distribution.normal(mean: 1, sd: 2, min: nil, max: nil).upperBound > 1 + 2 * extreme)
    #expect(Distribution.normal(mean: 1, sd: 2, min: nil, max: 4).upperBound == 4)
    #expect(Distribution.lognormal(mean: 1, sd: 2).upperBound > exp(1 + 2 * extreme))
    #expect(Distribution.exponential(scale: 2).upperBound > -2 * log(RandomStream.unit(0, 0)))
    #expect(Distribution.uniform(low: 1, high: 2).upperBound == 2)
  }

  @Test("A truncated normal that is never inside its limits gives NaN")
  func hopeless() {
    #expect(Distribution.normal(mean: 0, sd: 1, min: 50, max: nil).value(stream, index: 0, draw: 0).isNaN)
  }

  @Test(
    "Values found eight at a time have the bits of those found one by one",
    arguments: [
      Distribution.uniform(low: -3, high: 7.5), .normal(mean: 1.5, sd: 0.75, min: nil, max: nil),
      .normal(mean: 1.5, sd: 0.75, min: 0.1, max: 2), .lognormal(mean: 0.3, sd: 1.2), .exponential(scale: 4),
    ])
  func blocks(distribution: Distribution) {
    let stream = RandomStream(seed: 3, purpose: .weight, entity: 9)
    let count = 20_003
    let indices = (0..<count).map { UInt32(truncatingIfNeeded: $0 &* 2_654_435_761) }
    let draws = (0..<count).map { UInt32(truncatingIfNeeded: $0 % 97) }
    var values = [Double](repeating: 0, count: count)
    distribution.fill(&values, count: count, stream, indices: indices, draws: draws)
    let single = (0..<count).map { distribution.value(stream, index: UInt64(indices[$0]), draw: draws[$0]) }
    #expect(values.map(\.bitPattern) == single.map(\.bitPattern))
    #expect(values.allSatisfy { $0 >= distribution.lowerBound && $0 <= distribution.upperBound })
  }
}
