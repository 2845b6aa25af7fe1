import Foundation
import SNNDynamics
import SNNSignals

/// Each pair is connected with probability `p`, independently of all others.
///
/// The gaps between the sources of a target are geometric numbers, so that time goes with synapses and not with pairs:
/// Batagelj & Brandes (2005), doi:10.1103/PhysRevE.71.036113.
public struct PairwiseBernoulli: ConnectionRule, TargetLists {
  public var p: Double
  public var autapses = false

  public init(p: Double, autapses: Bool = false) {
    self.p = p
    self.autapses = autapses
  }

  public init(fields: [String: FieldValue]) throws {
    let fields = RuleFields(rule: "pairwise_bernoulli", fields: fields)
    p = try fields.number("p")
    autapses = try fields.flag("autapses", default: false)
  }

  public static let description = EntryDescription(
    category: .rule, name: "pairwise_bernoulli", summary: "Connects each pair of neurons with the same probability.",
    equations: "P(i → j) = p, independently for each pair (i, j)",
    source: "Senk et al. (2022), doi:10.1371/journal.pcbi.1010086",
    fields: [FieldDescription("p", .scalar, default: .required, .fraction, "probability of each pair"), .autapses])

  public func problems(_ shape: ProjectionShape) -> [String] {
    (0...1).contains(p) ? [] : ["p (\(p)) must be from 0 to 1"]
  }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double {
    p * Double(shape.targets) * Double(shape.sourcesOfEachTarget(autapses: autapses))
  }

  public func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    guard p > 0 else { return }
    let m = shape.sourcesOfEachTarget(autapses: autapses)
    let scale = 1 / log1p(-p)
    for target in targets {
      let skipped = shape.skippedSource(of: target, autapses: autapses)
      var next = 0
      var number = 0
      var block: UInt64 = 0
      while true {
        let words = shape.random.words(index: UInt64(target), draw: block)
        block &+= 1
        // Failures before the next success: ⌊ln u / ln(1 − p)⌋, for both uniform numbers of the block.
        let first = log(RandomStream.unit(words.x, words.y)) * scale
        guard first < Double(m &- next) else { break }
        next &+= Int(first)
        visitor.add(source: next >= skipped ? next &+ 1 : next, target: target, number: number)
        let second = log(RandomStream.unit(words.z, words.w)) * scale
        next &+= 1
        guard second < Double(m &- next) else { break }
        next &+= Int(second)
        visitor.add(source: next >= skipped ? next &+ 1 : next, target: target, number: number &+ 1)
        next &+= 1
        number &+= 2
      }
    }
  }
}
