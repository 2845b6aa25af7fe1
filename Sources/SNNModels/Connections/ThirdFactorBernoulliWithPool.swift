import SNNDynamics
import SNNSignals

/// Each connection i → j of the primary projection is joined with probability `p`, by a cell a drawn from the pool of j.
///
/// NEST's `third_factor_bernoulli_with_pool` (`TripartiteConnect`): the pool of a target is fixed beforehand, `pool_size` cells
/// drawn without replacement (`random`) or in order (`block`). Several connections of a pair (a, j) are kept.
public struct ThirdFactorBernoulliWithPool: ThirdFactorRule {
  public var p = 1.0
  /// nil: everybody.
  public var poolSize: Int?
  public var isBlock = false

  public init(p: Double, poolSize: Int? = nil, isBlock: Bool = false) {
    self.p = p
    self.poolSize = poolSize
    self.isBlock = isBlock
  }

  public init(fields: [String: FieldValue]) throws {
    if case .number(let p) = fields["p"] { self.p = p }
    if case .integer(let size) = fields["pool_size"] { poolSize = size }
    if case .text(let word) = fields["pool_type"] { isBlock = word == "block" }
  }

  public static let description = EntryDescription(
    category: .third, name: "third_factor_bernoulli_with_pool",
    summary: "Joins each connection, with a probability, by a cell from the pool of its target.",
    equations: """
      each i -> j is joined with probability p by one cell a, uniform from the pool of j: i -> a and a -> j
      random: the pool of each target is pool_size cells drawn without replacement
      block: with pool_size 1, equally long runs of targets share cell 0, 1, ...; else target j has cells j*pool_size ... + pool_size - 1
      """,
    source: "NEST third_factor_bernoulli_with_pool (TripartiteConnect)",
    fields: [
      FieldDescription("p", .scalar, default: .number(1), .fraction, "probability that a connection is joined"),
      FieldDescription(
        "pool_size", .integer, default: .absent, .positive, "cells in the pool of a target; the whole population unless given"),
      FieldDescription("pool_type", .choice(["random", "block"]), default: .text("random"), .any, "how pools are made"),
    ])

  public func problems(_ shape: ThirdFactorShape) -> [String] {
    let (targets, thirds) = (shape.primary.targets, shape.thirds)
    let size = poolSize ?? thirds
    var problems: [String] = []
    if !(0...1).contains(p) { problems.append("p (\(p)) must be from 0 to 1") }
    if size < 1 || size > thirds {
      problems.append("pool_size (\(size)) must be from 1 to the \(thirds) cells of the third population")
    }
    guard problems.isEmpty, isBlock else { return problems }
    if size == 1 && targets % thirds != 0 {
      problems.append(
        "blocks of pool_size 1 need a number of targets (\(targets)) that is a multiple of that of the third population "
          + "(\(thirds))")
    } else if size > 1 && targets * size != thirds {
      problems.append(
        "blocks of pool_size \(size) need \(targets * size) cells in the third population, pool_size for each of the \(targets) "
          + "targets, not \(thirds)")
    }
    return problems
  }

  public func expectedPairs(_ primary: Double) -> Double { p * primary }

  public func toThird(_ primary: Connectivity, _ shape: ThirdFactorShape) -> Connectivity {
    var joined = JoinedConnections<PairCollector>(self, shape, PairCollector())
    primary.byTarget(shape.primary).forEachSynapse(shape.primary, targets: 0..<shape.primary.targets, &joined)
    let pairs = joined.sink
    return .byTarget(SourcesByTarget(targets: shape.thirds, sources: pairs.sources, targets: pairs.thirds))
  }

  public func fromThird(_ primary: Connectivity, _ shape: ThirdFactorShape) -> Connectivity {
    .byTarget(ThirdSources(rule: self, shape: shape, primary: primary.byTarget(shape.primary)))
  }
}

/// The cells of the third population that join the connections onto each target.
private struct ThirdSources: TargetLists {
  let rule: ThirdFactorBernoulliWithPool
  let shape: ThirdFactorShape
  let primary: any TargetLists

  func forEachSynapse<Visitor: SynapseVisitor>(
    _: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    var joined = JoinedConnections(rule, shape, ThirdSink(visitor: visitor))
    primary.forEachSynapse(shape.primary, targets: targets, &joined)
    visitor = joined.sink.visitor
  }
}

/// What is done with a pair of connections i → a → j; `number` counts those of each j.
private protocol PairSink {
  mutating func add(source: Int, third: Int, target: Int, number: Int)
}

private struct PairCollector: PairSink {
  var sources: [UInt32] = []
  var thirds: [UInt32] = []
  mutating func add(source: Int, third: Int, target: Int, number: Int) {
    sources.append(UInt32(source))
    thirds.append(UInt32(third))
  }
}

private struct ThirdSink<Visitor: SynapseVisitor>: PairSink {
  var visitor: Visitor
  mutating func add(source: Int, third: Int, target: Int, number: Int) {
    visitor.add(source: third, target: target, number: number)
  }
}

/// Sees the primary connections, those of a target together, and decides who joins each.
private struct JoinedConnections<Sink: PairSink>: SynapseVisitor {
  var sink: Sink
  private let rule: ThirdFactorBernoulliWithPool
  private let shape: ThirdFactorShape
  private let size: Int
  /// The target in hand, how many of its connections have been seen, and how many of them are joined.
  private var target = -1
  private var seen: UInt64 = 0
  private var made = 0
  private var pool: [UInt32] = []
  private var marks: [UInt64] = []
  private let draws: RandomNeurons

  init(_ rule: ThirdFactorBernoulliWithPool, _ shape: ThirdFactorShape, _ sink: Sink) {
    self.rule = rule
    self.shape = shape
    self.sink = sink
    size = rule.poolSize ?? shape.thirds
    let thirds = ProjectionShape(
      sources: shape.thirds, targets: shape.primary.targets, isRecurrent: false, random: shape.pools)
    draws = RandomNeurons(thirds, autapses: true, multapses: false)
    if !rule.isBlock && size < shape.thirds {
      pool = Array(repeating: 0, count: size)
      marks = Array(repeating: 0, count: draws.marks / 64 + 1)
    }
  }

  mutating func add(source: Int, target: Int, number: Int) {
    if target != self.target { begin(target) }
    let words = shape.choice.words(index: UInt64(target), draw: seen)
    seen += 1
    guard RandomStream.unit(words.x, words.y) < rule.p else { return }
    let place = Int(RandomStream.unit(words.z, words.w) * Double(size))
    sink.add(source: source, third: member(place), target: target, number: made)
    made += 1
  }

  private mutating func begin(_ target: Int) {
    (self.target, seen, made) = (target, 0, 0)
    if !pool.isEmpty { draws.fill(&pool, target, marks: &marks) }
  }

  /// The cell at `place` of the pool of the target in hand.
  private func member(_ place: Int) -> Int {
    if rule.isBlock { return size == 1 ? target * shape.thirds / shape.primary.targets : target * size + place }
    return pool.isEmpty ? place : Int(pool[place])
  }
}

extension Connectivity {
  /// The same synapses target by target; those of rules that go by source are listed once.
  fileprivate func byTarget(_ shape: ProjectionShape) -> any TargetLists {
    switch self {
    case .byTarget(let lists): return lists
    case .bySource(let rows):
      var sources: [UInt32] = []
      var targets: [UInt32] = []
      let row = RowList()
      for source in 0..<shape.sources {
        row.removeAll()
        rows.appendRow(shape, source: source, to: row)
        sources += repeatElement(UInt32(source), count: row.count)
        targets += UnsafeBufferPointer(start: row.targets, count: row.count)
      }
      return SourcesByTarget(targets: shape.targets, sources: sources, targets: targets)
    }
  }
}
