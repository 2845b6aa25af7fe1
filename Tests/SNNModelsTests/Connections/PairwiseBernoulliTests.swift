import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@Suite("pairwise_bernoulli")
struct PairwiseBernoulliTests {
  @Test("The number of synapses is binomial, within 5 sigma", arguments: [0.001, 0.1, 0.5, 0.95])
  func count(p: Double) {
    let rule = PairwiseBernoulli(p: p)
    let shape = projection(150, 150, recurrent: true)
    let listed = rule.listed(shape)
    let pairs = 150.0 * 149
    #expect(abs(rule.expectedSynapses(shape) - p * pairs) < 1e-9)
    #expect(abs(Double(listed.count) - p * pairs) < 5 * (pairs * p * (1 - p)).squareRoot())
    #expect(Set(listed.map { $0.target * 150 + $0.source }).count == listed.count)
    #expect(listed.allSatisfy { $0.source != $0.target && $0.source < 150 })
    var next = [Int](repeating: 0, count: 150)
    for synapse in listed {
      if synapse.number != next[synapse.target] { Issue.record("\(synapse) is number \(next[synapse.target])") }
      next[synapse.target] += 1
    }
  }

  @Test("Every source is as likely, and neighbours are independent")
  func independence() {
    let (p, targets) = (0.3, 1000)
    let listed = PairwiseBernoulli(p: p).listed(projection(60, targets))
    // Each source's out-degree is Binomial(1000, p), all independent; the total is random too, hence 60 degrees of freedom.
    let statistic = degrees(60, of: listed.map(\.source)).reduce(0) { $0 + ($1 - 300) * ($1 - 300) } / 210
    #expect(abs(statistic - 60) < 5 * 120.0.squareRoot())
    let pairs = Set(listed.map { $0.target * 60 + $0.source })
    let both = pairs.count { $0 % 60 < 59 && pairs.contains($0 + 1) }
    // 59,000 neighbours, each both connected with p²; overlapping neighbours add 2 (p³ − p⁴) to the variance.
    let variance = 59_000 * (p * p - p * p * p * p + 2 * (p * p * p - p * p * p * p))
    #expect(abs(Double(both) - 59_000 * p * p) < 5 * variance.squareRoot())
  }

  @Test("p = 0 connects none and p = 1 connects all")
  func extremes() {
    #expect(PairwiseBernoulli(p: 0).listed(projection(20, 30)) == [])
    #expect(PairwiseBernoulli(p: 1).listed(projection(20, 30)) == AllToAll().listed(projection(20, 30)))
    #expect(PairwiseBernoulli(p: 1.5).problems(projection(2, 2)) == ["p (1.5) must be from 0 to 1"])
  }
}
