import SNNDynamics
import SNNModels
import SNNSignals
import Testing

/// Bounds of five standard deviations: one false alarm in 10⁶ or fewer for a fresh seed, none for these fixed seeds.
@Suite("Rules with a fixed number of synapses")
struct FixedNumberRulesTests {
  @Test("fixed_indegree gives each target k synapses whose sources are uniform")
  func indegree() {
    let listed = FixedIndegree(k: 100).listed(projection(300, 400))
    #expect(degrees(400, of: listed.map(\.target)).allSatisfy { $0 == 100 })
    #expect(abs(chiSquareDeviation(degrees(300, of: listed.map(\.source)))) < 5)
    #expect(listed.allSatisfy { (0..<100).contains($0.number) })
  }

  @Test("fixed_indegree draws with replacement: each target has m (1 − (1 − 1/m)^k) different sources on average")
  func replacement() {
    // The number of different sources of one target has variance below m q (1 − q), q the chance that a source is missing.
    let (m, k, targets) = (50.0, 40, 500)
    let listed = FixedIndegree(k: k).listed(projection(50, targets))
    let distinct = Double(Set(listed.map { $0.target * 50 + $0.source }).count) / Double(targets)
    var missing = 1.0
    for _ in 0..<k { missing *= 1 - 1 / m }
    let sd = (m * missing * (1 - missing) / Double(targets)).squareRoot()
    #expect(abs(distinct - m * (1 - missing)) < 5 * sd)
  }

  @Test("Without autapses the sources of a target are uniform among all others", arguments: [true, false])
  func autapses(multapses: Bool) {
    let listed = FixedIndegree(k: 30, multapses: multapses).listed(projection(101, 101, recurrent: true))
    #expect(listed.allSatisfy { $0.source != $0.target })
    let distances = listed.map { ($0.source - $0.target + 101) % 101 - 1 }
    #expect(abs(chiSquareDeviation(degrees(100, of: distances), without: multapses ? 0 : 0.3)) < 5)
    #expect(FixedIndegree(k: 300, autapses: true).listed(projection(9, 9, recurrent: true)).contains { $0.source == $0.target })
  }

  @Test("Without multapses the sources of a target differ and every source is as likely", arguments: [1, 10, 25, 26, 49, 50])
  func distinct(k: Int) {
    let listed = FixedIndegree(k: k, multapses: false).listed(projection(50, 600))
    #expect(listed.count == 600 * k)
    #expect(Set(listed.map { $0.target * 50 + $0.source }).count == 600 * k)
    if k < 50 {
      // Each source is chosen with q = k/m: variance 600 q (1 − q), times m/(m − 1) for the sum over sources being fixed.
      let q = Double(k) / 50
      #expect(abs(chiSquareDeviation(degrees(50, of: listed.map(\.source)), without: q * 50 / 49 - 1 / 49.0)) < 5)
    }
  }

  @Test("fixed_outdegree gives each source k synapses onto uniform targets", arguments: [true, false])
  func outdegree(multapses: Bool) {
    let listed = FixedOutdegree(k: 60, multapses: multapses).listed(projection(400, 150))
    #expect(degrees(400, of: listed.map(\.source)).allSatisfy { $0 == 60 })
    #expect(abs(chiSquareDeviation(degrees(150, of: listed.map(\.target)), without: multapses ? 0 : 0.4)) < 5)
    let pairs = Set(listed.map { $0.target * 400 + $0.source }).count
    #expect(multapses ? pairs < listed.count : pairs == listed.count)
    let recurrent = FixedOutdegree(k: 60, multapses: multapses).listed(projection(80, 80, recurrent: true))
    #expect(recurrent.count == 80 * 60 && recurrent.allSatisfy { $0.source != $0.target })
  }

  @Test("fixed_total_number makes n synapses with uniform sources and targets")
  func total() {
    let listed = FixedTotalNumber(n: 50_000).listed(projection(200, 300))
    #expect(listed.count == 50_000)
    #expect(abs(chiSquareDeviation(degrees(200, of: listed.map(\.source)))) < 5)
    #expect(abs(chiSquareDeviation(degrees(300, of: listed.map(\.target)))) < 5)
    #expect(FixedTotalNumber(n: 999).listed(projection(20, 20, recurrent: true)).allSatisfy { $0.source != $0.target })
  }

  @Test("fixed_total_number without multapses makes n different pairs", arguments: [0, 1, 100, 189, 190, 191, 379, 380])
  func totalDistinct(n: Int) {
    let listed = FixedTotalNumber(n: n, multapses: false).listed(projection(20, 20, recurrent: true))
    #expect(listed.count == n && Set(listed.map { $0.target * 20 + $0.source }).count == n)
    #expect(listed.allSatisfy { $0.source != $0.target })
  }

  @Test("fixed_total_number without multapses makes every set of pairs equally often", arguments: [2, 4])
  func totalSets(n: Int) {
    // 2 × 3 pairs: 15 sets of two, and as many of four (drawn by what they leave out).
    var counts: [Set<ListedSynapse>: Double] = [:]
    for seed in 0..<3000 {
      let listed = FixedTotalNumber(n: n, multapses: false).listed(projection(3, 2, seed: UInt64(seed)))
      counts[Set(listed.map { ListedSynapse(source: $0.source, target: $0.target, number: 0) }), default: 0] += 1
    }
    #expect(counts.count == 15)
    #expect(abs(chiSquareDeviation(Array(counts.values))) < 5)
  }

  @Test("fixed_total_number with multapses makes every ordered pair of pairs equally often")
  func totalOrdered() {
    // Two synapses over 2 × 2 pairs: the same pair twice has probability 4/16, spread evenly over four pairs.
    var twice = [Double](repeating: 0, count: 4)
    for seed in 0..<4000 {
      let listed = FixedTotalNumber(n: 2).listed(projection(2, 2, seed: UInt64(seed)))
      let pairs = listed.map { $0.target * 2 + $0.source }
      if pairs[0] == pairs[1] { twice[pairs[0]] += 1 }
    }
    // Binomial(4000, 1/4): sd 27.4.
    #expect(abs(twice.reduce(0, +) - 1000) < 5 * 27.4)
    #expect(abs(chiSquareDeviation(twice)) < 5)
  }

  @Test("Impossible requests are named")
  func problems() {
    let small = projection(10, 10, recurrent: true)
    #expect(FixedIndegree(k: 9, multapses: false).problems(small) == [])
    #expect(FixedIndegree(k: 10, multapses: false).problems(small).first?.contains("more than the 9 sources") == true)
    #expect(FixedIndegree(k: 10, autapses: true, multapses: false).problems(small) == [])
    #expect(FixedIndegree(k: 10_000).problems(small) == [])
    #expect(FixedIndegree(k: 1).problems(projection(1, 1, recurrent: true)).first?.contains("none to choose") == true)
    #expect(FixedIndegree(k: -1).problems(small).first?.contains("negative") == true)
    #expect(FixedOutdegree(k: 8, multapses: false).problems(projection(10, 7)).first?.contains("7 targets") == true)
    #expect(FixedTotalNumber(n: 91, multapses: false).problems(small).first?.contains("90 pairs") == true)
    #expect(FixedTotalNumber(n: 90, multapses: false).problems(small) == [])
  }
}
