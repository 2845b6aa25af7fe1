import SNNDynamics
import SNNModels
import SNNSignals
import Testing

/// What NEST's `TripartiteConnect` promises (its tests of third_factor_bernoulli_with_pool), on lists of pairs.
@Suite struct ThirdFactorTests {
  /// One connection of the primary projection, or half of a pair.
  struct Pair: Hashable { var source, target: Int }

  struct Joined {
    var primary: [Pair]
    var toThird: [Pair]
    var fromThird: [Pair]

    /// The targets of both halves by target j of the primary: only `fromThird` names them.
    func thirds(of target: Int) -> [Int] { fromThird.filter { $0.target == target }.map(\.source).sorted() }
  }

  private func shape(_ sources: Int, _ targets: Int, _ thirds: Int, seed: UInt64) -> ThirdFactorShape {
    func stream(_ name: String) -> RandomStream { RandomStream(seed: seed, purpose: .connectivity, entity: entityHash(name)) }
    return ThirdFactorShape(
      primary: ProjectionShape(sources: sources, targets: targets, isRecurrent: false, random: stream("p")), thirds: thirds,
      choice: stream("p/third"), pools: stream("p/pools"))
  }

  private func list(_ connectivity: Connectivity, _ shape: ProjectionShape, _ ranges: [Range<Int>]) -> [Pair] {
    switch connectivity {
    case .byTarget(let lists):
      var visitor = PairVisitor()
      for range in ranges { lists.forEachSynapse(shape, targets: range, &visitor) }
      return visitor.pairs
    case .bySource(let rows):
      let row = RowList()
      return (0..<shape.sources).flatMap { source in
        row.removeAll()
        rows.appendRow(shape, source: source, to: row)
        return (0..<row.count).map { Pair(source: source, target: Int(row.targets[$0])) }
      }
    }
  }

  private func join(
    _ rule: ThirdFactorBernoulliWithPool, _ primary: any ConnectionRule, _ shape: ThirdFactorShape, parts: Int = 1
  ) -> Joined {
    let made = primary.connectivity(shape.primary)
    func ranges(_ count: Int) -> [Range<Int>] { (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts } }
    return Joined(
      primary: list(made, shape.primary, ranges(shape.primary.targets)),
      toThird: list(rule.toThird(made, shape), shape.primary, ranges(shape.thirds)),
      fromThird: list(rule.fromThird(made, shape), shape.primary, ranges(shape.primary.targets)))
  }

  static let primaries: [any ConnectionRule] = [
    AllToAll(), FixedIndegree(k: 30), FixedOutdegree(k: 12), PairwiseBernoulli(p: 0.1), FixedTotalNumber(n: 1500),
    PairList(pre: [0, 5, 5, 99, 7], post: [3, 3, 3, 0, 39]),
  ]

  @Test("Both halves have the same pairs for every primary rule, each in place of one connection", arguments: primaries)
  func counts(_ primary: any ConnectionRule) {
    let shape = shape(100, 40, 7, seed: 3)
    let all = join(ThirdFactorBernoulliWithPool(p: 1), primary, shape)
    #expect(all.toThird.count == all.primary.count && all.fromThird.count == all.primary.count)
    func count(_ pairs: [Int]) -> [Int: Int] { Dictionary(pairs.map { ($0, 1) }, uniquingKeysWith: +) }
    #expect(count(all.toThird.map(\.source)) == count(all.primary.map(\.source)))
    #expect(count(all.fromThird.map(\.target)) == count(all.primary.map(\.target)))
    #expect(count(all.toThird.map(\.target)) == count(all.fromThird.map(\.source)))
    let half = join(ThirdFactorBernoulliWithPool(p: 0.5), primary, shape)
    #expect(half.toThird.count == half.fromThird.count && half.toThird.count <= half.primary.count)
    #expect(Set(half.toThird.map(\.source)).isSubset(of: Set(half.primary.map(\.source))))
  }

  @Test("Listed in parts or at once, in any order of asking, the pairs are the same", arguments: primaries)
  func parts(_ primary: any ConnectionRule) {
    let shape = shape(100, 40, 7, seed: 4)
    let rule = ThirdFactorBernoulliWithPool(p: 0.6, poolSize: 3)
    let (once, cut) = (join(rule, primary, shape), join(rule, primary, shape, parts: 5))
    #expect(once.toThird == cut.toThird && once.fromThird == cut.fromThird)
  }

  @Test("Over twenty seeds the number of pairs is binomial: mean and variance within four standard deviations")
  func binomial() {
    let (n, p) = (2000, 0.3)
    let counts = (0..<20).map { seed -> Double in
      let joined = join(
        ThirdFactorBernoulliWithPool(p: p), FixedIndegree(k: 50), shape(100, n / 50, 10, seed: UInt64(100 + seed)))
      #expect(joined.toThird.count == joined.fromThird.count)
      return Double(joined.toThird.count)
    }
    let (mean, variance) = (Double(n) * p, Double(n) * p * (1 - p))
    let found = counts.reduce(0, +) / 20
    #expect(abs(found - mean) < 4 * (variance / 20).squareRoot())
    let spread = counts.map { ($0 - found) * ($0 - found) }.reduce(0, +) / 19
    // The variance of a sample variance of normal numbers: 2 σ⁴/(n − 1).
    #expect(abs(spread - variance) < 4 * variance * (2.0 / 19).squareRoot())
  }

  @Test("A random pool has distinct members, no cell outside it joins, and all its members do")
  func randomPools() {
    let joined = join(ThirdFactorBernoulliWithPool(p: 1, poolSize: 4), AllToAll(), shape(200, 40, 11, seed: 9))
    var pools: Set<[Int]> = []
    for target in 0..<40 {
      let members = Set(joined.thirds(of: target))
      #expect(members.count == 4 && members.allSatisfy { (0..<11).contains($0) })
      pools.insert(members.sorted())
    }
    // 40 of the 330 possible pools: that fewer than 25 differ has a probability below 1e-12.
    #expect(pools.count > 25)
    // Each member takes a quarter of a target's 200 connections.
    for target in 0..<40 {
      let counts = Dictionary(joined.thirds(of: target).map { ($0, 1.0) }, uniquingKeysWith: +).values
      for count in counts { #expect(abs(count - 50) < 5 * (200 * 0.25 * 0.75).squareRoot()) }
    }
  }

  @Test("Blocks of one cell are runs of targets, larger blocks are each target's own: exact ownership, as in NEST")
  func blocks() {
    let one = join(ThirdFactorBernoulliWithPool(p: 1, poolSize: 1, isBlock: true), AllToAll(), shape(9, 40, 8, seed: 1))
    for target in 0..<40 { #expect(Set(one.thirds(of: target)) == [target / 5]) }
    let three = join(ThirdFactorBernoulliWithPool(p: 1, poolSize: 3, isBlock: true), AllToAll(), shape(60, 5, 15, seed: 1))
    for target in 0..<5 { #expect(Set(three.thirds(of: target)) == Set(target * 3..<target * 3 + 3)) }
  }

  @Test("Sizes that do not fit are refused, with those that would")
  func problems() {
    func problems(_ rule: ThirdFactorBernoulliWithPool, targets: Int, thirds: Int) -> [String] {
      rule.problems(shape(4, targets, thirds, seed: 1))
    }
    typealias Rule = ThirdFactorBernoulliWithPool
    #expect(problems(Rule(p: 0.5), targets: 4, thirds: 2).isEmpty)
    #expect(problems(Rule(p: 0.5, poolSize: 1, isBlock: true), targets: 4, thirds: 2).isEmpty)
    #expect(problems(Rule(p: 0.5, poolSize: 2, isBlock: true), targets: 4, thirds: 8).isEmpty)
    #expect(problems(Rule(p: 1.5), targets: 4, thirds: 2) == ["p (1.5) must be from 0 to 1"])
    #expect(problems(Rule(p: 1, poolSize: 3), targets: 4, thirds: 2)[0].contains("pool_size (3) must be from 1 to the 2"))
    #expect(problems(Rule(p: 1, poolSize: 1, isBlock: true), targets: 3, thirds: 2)[0].contains("multiple"))
    #expect(problems(Rule(p: 1, poolSize: 1, isBlock: true), targets: 4, thirds: 8)[0].contains("multiple"))
    #expect(problems(Rule(p: 1, poolSize: 2, isBlock: true), targets: 4, thirds: 4)[0].contains("8 cells"))
  }
}

private struct PairVisitor: SynapseVisitor {
  var pairs: [ThirdFactorTests.Pair] = []
  mutating func add(source: Int, target: Int, number: Int) { pairs.append(.init(source: source, target: target)) }
}
