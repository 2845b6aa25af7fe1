import SNNDynamics
import SNNSignals

/// `n` synapses in all, each between a random source and a random target.
///
/// Drawn in two stages that together give the same distribution as drawing pairs one by one: first how many of the n fall on
/// each target, then, given that, the sources of each target as in ``FixedIndegree``. Only the first is done ahead of building.
public struct FixedTotalNumber: ConnectionRule {
  public var n: Int
  public var autapses = false
  public var multapses = true

  public init(n: Int, autapses: Bool = false, multapses: Bool = true) {
    self.n = n
    self.autapses = autapses
    self.multapses = multapses
  }

  public init(fields: [String: FieldValue]) throws {
    let fields = RuleFields(rule: "fixed_total_number", fields: fields)
    n = try fields.integer("n")
    autapses = try fields.flag("autapses", default: false)
    multapses = try fields.flag("multapses", default: true)
  }

  public static let description = EntryDescription(
    category: .rule, name: "fixed_total_number", summary: "Makes a given number of synapses between random pairs of neurons.",
    equations: "n synapses; each pair uniform among all, with replacement if multapses",
    source: "Senk et al. (2022), doi:10.1371/journal.pcbi.1010086",
    fields: [
      FieldDescription("n", .integer, default: .required, .nonNegative, "synapses in all"), .autapses, .multapses,
    ])

  public func problems(_ shape: ProjectionShape) -> [String] {
    drawProblems(
      "n", n, of: shape.targets * shape.sourcesOfEachTarget(autapses: autapses), "pairs", multapses: multapses,
      below: 1 << 48)
  }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double { Double(n) }

  public func connectivity(_ shape: ProjectionShape) -> Connectivity {
    let m = shape.sourcesOfEachTarget(autapses: autapses)
    let pairs = shape.targets * m
    let indegrees: [UInt32]
    if multapses {
      indegrees = Self.indegrees(n, shape, of: m, distinct: false)
    } else if n <= pairs / 2 {
      indegrees = Self.indegrees(n, shape, of: m, distinct: true)
    } else {
      indegrees = Self.indegrees(pairs - n, shape, of: m, distinct: true).map { UInt32(m) - $0 }
    }
    return .byTarget(
      GivenIndegrees(indegrees: indegrees, sources: RandomSources(autapses: autapses, multapses: multapses)))
  }

  /// How many of `n` random pairs fall on each target. Distinct pairs: a pair whose place among the `m` of its target is below
  /// the number already drawn there stands for one of those, and is drawn again.
  private static func indegrees(_ n: Int, _ shape: ProjectionShape, of m: Int, distinct: Bool) -> [UInt32] {
    var indegrees = [UInt32](repeating: 0, count: shape.targets)
    guard n > 0 else { return indegrees }
    let pairs = UInt64(shape.targets) * UInt64(m)
    let threshold = (0 &- pairs) % pairs
    let inverse = 1 / Double(m)
    var made = 0
    var block: UInt64 = 0
    indegrees.withUnsafeMutableBufferPointer { indegrees in
      func draw(_ word: UInt64) {
        let product = word.multipliedFullWidth(by: pairs)
        guard product.low >= threshold else { return }
        // By way of doubles the quotient, of 32 bits, is at most one off, and cheaper than by a division.
        var target = Int(Double(product.high) * inverse)
        var place = Int(product.high) &- target &* m
        if place < 0 {
          target &-= 1
          place &+= m
        } else if place >= m {
          target &+= 1
          place &-= m
        }
        if distinct && place < Int(indegrees[target]) { return }
        indegrees[target] += 1
        made += 1
      }
      while made < n {
        // No target has this index: the words are not those that choose sources.
        let words = shape.random.words(index: .max, draw: block)
        block &+= 1
        draw(UInt64(words.x) << 32 | UInt64(words.y))
        if made < n { draw(UInt64(words.z) << 32 | UInt64(words.w)) }
      }
    }
    return indegrees
  }
}

/// Random sources for targets whose in-degrees are known.
struct GivenIndegrees: TargetLists {
  var indegrees: [UInt32]
  var sources: RandomSources

  func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    sources.forEachSynapse(shape, targets: targets, indegree: { Int(indegrees[$0]) }, &visitor)
  }
}
