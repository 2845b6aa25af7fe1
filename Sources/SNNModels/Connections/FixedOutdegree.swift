import SNNDynamics
import SNNSignals

/// Every source has `k` synapses onto targets drawn at random, with replacement if multapses are allowed.
public struct FixedOutdegree: ConnectionRule {
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

  public func connectivity(_ shape: ProjectionShape) -> any Connectivity {
    // fixed_indegree of the reversed projection, turned back.
    let draws = RandomSources(autapses: autapses, multapses: multapses)
    return SourcesByTarget(targets: shape.targets, numbered: false) { sorter in
      var turned = Turned(sorter: sorter)
      sorter = PairSorter(targets: 0)  // Leaves `turned` the only owner, so that nothing is copied.
      draws.forEachSynapse(shape.transposed, targets: 0..<shape.sources, indegree: { _ in k }, &turned)
      sorter = turned.sorter
    }
  }

  private struct Turned: SynapseVisitor {
    var sorter: PairSorter
    @inline(__always)
    mutating func add(source: Int, target: Int, number: Int) {
      sorter.add(source: target, target: source, number: number)
    }
  }
}

extension ProjectionShape {
  /// The same projection the other way round.
  var transposed: ProjectionShape {
    ProjectionShape(sources: targets, targets: sources, isRecurrent: isRecurrent, random: random)
  }
}
