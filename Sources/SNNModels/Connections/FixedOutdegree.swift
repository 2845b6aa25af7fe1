import SNNDynamics
import SNNSignals

/// Every source has `k` synapses onto targets drawn at random, with replacement if multapses are allowed.
public struct FixedOutdegree: ConnectionRule, SourceRows {
  public var k: Int
  public var autapses = false
  public var multapses = true

  public init(k: Int, autapses: Bool = false, multapses: Bool = true) {
    self.k = k
    self.autapses = autapses
    self.multapses = multapses
  }

  public init(fields: [String: FieldValue]) throws {
    let fields = RuleFields(rule: "fixed_outdegree", fields: fields)
    k = try fields.integer("k")
    autapses = try fields.flag("autapses", default: false)
    multapses = try fields.flag("multapses", default: true)
  }

  public static let description = EntryDescription(
    category: .rule, name: "fixed_outdegree", summary: "Gives every source the same number of synapses onto random targets.",
    equations: "out-degree of every source = k; targets uniform, with replacement if multapses",
    source: "Senk et al. (2022), doi:10.1371/journal.pcbi.1010086",
    fields: [
      FieldDescription("k", .integer, default: .required, .nonNegative, "synapses of each source"), .autapses, .multapses,
    ])

  public func problems(_ shape: ProjectionShape) -> [String] {
    drawProblems(
      "k", k, of: shape.transposed.sourcesOfEachTarget(autapses: autapses), "targets", multapses: multapses)
  }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double { Double(k) * Double(shape.sources) }

  public func rowLength(_ shape: ProjectionShape, source: Int) -> Int { k }

  /// Draws are keyed by (source, number of the synapse within the row).
  public func appendRow(_ shape: ProjectionShape, source: Int, to list: RowList) {
    // The sources of a target of the reversed projection.
    let draws = RandomNeurons(shape.transposed, autapses: autapses, multapses: multapses)
    list.append(length: k) { first in
      list.withMarks(draws.marks) { draws.fill(list.targets + first, k, source, marks: $0) }
      for number in 0..<k {
        list.indices[first + number] = UInt32(truncatingIfNeeded: source)
        list.draws[first + number] = UInt32(truncatingIfNeeded: number)
      }
    }
  }
}

extension ProjectionShape {
  /// The same projection the other way round.
  var transposed: ProjectionShape {
    ProjectionShape(sources: targets, targets: sources, isRecurrent: isRecurrent, random: random)
  }
}
