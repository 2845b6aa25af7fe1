import SNNDynamics
import SNNSignals

/// Every source connects to every target once.
public struct AllToAll: ConnectionRule, Connectivity {
  public var autapses = false

  public init(autapses: Bool = false) { self.autapses = autapses }

  public init(fields: [String: FieldValue]) throws {
    autapses = try RuleFields(rule: "all_to_all", fields: fields).flag("autapses", default: false)
  }

  public static let description = EntryDescription(
    category: .rule, name: "all_to_all", summary: "Connects every source to every target once.",
    equations: "S sources, T targets: S T synapses; S T − T within one population without autapses",
    source: "Senk et al. (2022), doi:10.1371/journal.pcbi.1010086", fields: [.autapses])

  public func problems(_ shape: ProjectionShape) -> [String] { [] }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double {
    Double(shape.targets) * Double(shape.sourcesOfEachTarget(autapses: autapses))
  }

  public func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    let m = shape.sourcesOfEachTarget(autapses: autapses)
    for target in targets {
      let skipped = shape.skippedSource(of: target, autapses: autapses)
      for i in 0..<m { visitor.add(source: i >= skipped ? i + 1 : i, target: target, number: i) }
    }
  }
}
