import SNNDynamics
import SNNSignals

/// Every target has `k` synapses from sources drawn at random, with replacement if multapses are allowed.
public struct FixedIndegree: ConnectionRule, TargetLists {
  public var k: Int
  public var autapses = false
  public var multapses = true

  public init(k: Int, autapses: Bool = false, multapses: Bool = true) {
    self.k = k
    self.autapses = autapses
    self.multapses = multapses
  }

  public init(fields: [String: FieldValue]) throws {
    let fields = RuleFields(rule: "fixed_indegree", fields: fields)
    k = try fields.integer("k")
    autapses = try fields.flag("autapses", default: false)
    multapses = try fields.flag("multapses", default: true)
  }

  public static let description = EntryDescription(
    category: .rule, name: "fixed_indegree", summary: "Gives every target the same number of synapses from random sources.",
    equations: "in-degree of every target = k; sources uniform, with replacement if multapses",
    source: "Senk et al. (2022), doi:10.1371/journal.pcbi.1010086",
    fields: [
      FieldDescription("k", .integer, default: .required, .nonNegative, "synapses onto each target"), .autapses, .multapses,
    ])

  public func problems(_ shape: ProjectionShape) -> [String] {
    drawProblems("k", k, of: shape.sourcesOfEachTarget(autapses: autapses), "sources", multapses: multapses)
  }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double { Double(k) * Double(shape.targets) }

  public func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    let sources = RandomSources(autapses: autapses, multapses: multapses)
    sources.forEachSynapse(shape, targets: targets, indegree: { _ in k }, &visitor)
  }
}

/// Why `k` draws out of `n` are impossible, if they are.
func drawProblems(_ field: String, _ k: Int, of n: Int, _ noun: String, multapses: Bool, below most: Int = 1 << 32) -> [String] {
  if k < 0 { return ["\(field) (\(k)) must not be negative"] }
  if k > 0 && n == 0 { return ["\(field) (\(k)) needs \(noun), and there are none to choose from"] }
  if k >= most { return ["\(field) (\(k)) must be below \(most)"] }
  if !multapses && k > n { return ["\(field) (\(k)) is more than the \(n) \(noun) to choose from without multapses"] }
  return []
}
