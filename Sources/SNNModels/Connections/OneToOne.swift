import SNNDynamics
import SNNSignals

/// Source i connects to target i.
public struct OneToOne: ConnectionRule, SourceRows {
  public var autapses = false

  public init(autapses: Bool = false) { self.autapses = autapses }

  public init(fields: [String: FieldValue]) throws {
    autapses = try RuleFields(rule: "one_to_one", fields: fields).flag("autapses", default: false)
  }

  public static let description = EntryDescription(
    category: .rule, name: "one_to_one", summary: "Connects source i to target i; both populations have the same size.",
    equations: "i → i for i = 0 … N − 1", source: "Senk et al. (2022), doi:10.1371/journal.pcbi.1010086", fields: [.autapses])

  public func problems(_ shape: ProjectionShape) -> [String] {
    if shape.sources != shape.targets {
      return ["one_to_one needs populations of equal size, not \(shape.sources) sources and \(shape.targets) targets"]
    }
    if shape.isRecurrent && !autapses { return ["one_to_one within one population makes only autapses: set autapses to true"] }
    return []
  }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double { Double(shape.targets) }

  public func rowLength(_ shape: ProjectionShape, source: Int) -> Int { 1 }

  public func appendRow(_ shape: ProjectionShape, source: Int, to list: RowList) {
    list.append(length: 1) { place in
      list.targets[place] = UInt32(truncatingIfNeeded: source)
      list.indices[place] = UInt32(truncatingIfNeeded: source)
      list.draws[place] = 0
    }
  }
}
