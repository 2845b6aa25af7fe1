import SNNDynamics
import SNNSignals

/// Every source connects to every target once.
public struct AllToAll: ConnectionRule, SourceRows {
  public var autapses = false
  /// Whether neuron i of one population connects to neuron i of another.
  public var sameIndex = true

  public init(autapses: Bool = false) { self.autapses = autapses }

  public init(fields: [String: FieldValue]) throws {
    let fields = RuleFields(rule: "all_to_all", fields: fields)
    autapses = try fields.flag("autapses", default: false)
    sameIndex = try fields.flag("same_index", default: true)
  }

  public static let description = EntryDescription(
    category: .rule, name: "all_to_all", summary: "Connects every source to every target once.",
    equations: "S sources, T targets: S T synapses; S T − T within one population without autapses",
    source: "Senk et al. (2022), doi:10.1371/journal.pcbi.1010086",
    fields: [
      .autapses,
      FieldDescription(
        "same_index", .boolean, default: .boolean(true), .any,
        "whether neuron i of one population connects to neuron i of another"),
    ])

  public func problems(_ shape: ProjectionShape) -> [String] { [] }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double {
    let skipped = skipsSame(shape) ? min(shape.sources, shape.targets) : 0
    return Double(shape.targets) * Double(shape.sources) - Double(skipped)
  }

  public func rowLength(_ shape: ProjectionShape, source: Int) -> Int {
    skipsSame(shape) && source < shape.targets ? shape.targets - 1 : shape.targets
  }

  private func skipsSame(_ shape: ProjectionShape) -> Bool { shape.isRecurrent ? !autapses : !sameIndex }

  /// Draws are keyed by (target, place of the source among those of the target).
  public func appendRow(_ shape: ProjectionShape, source: Int, to list: RowList) {
    let skipped = skipsSame(shape) ? source : shape.targets
    list.append(length: rowLength(shape, source: source)) { first in
      var place = first
      for target in 0..<shape.targets where target != skipped {
        list.targets[place] = UInt32(truncatingIfNeeded: target)
        list.indices[place] = UInt32(truncatingIfNeeded: target)
        // Sources behind the one that a target skips have moved up.
        list.draws[place] = UInt32(truncatingIfNeeded: skipped < shape.targets && source > target ? source - 1 : source)
        place += 1
      }
    }
  }
}
