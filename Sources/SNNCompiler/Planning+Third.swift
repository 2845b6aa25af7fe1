import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

/// Who is connected with whom: what a rule says of two populations, with nothing built.
struct Wiring {
  var shape: ProjectionShape
  var connectivity: Connectivity
  var expectedSynapses: Double
  /// As sentences.
  var problems: [String]
  var listedWeights: [Double]?
  var listedDelays: [Double]?

  init(_ rule: any ConnectionRule, _ shape: ProjectionShape) {
    self.shape = shape
    connectivity =
      rule is any SourceRows
      ? rule.connectivity(shape) : .byTarget(DeferredConnectivity { rule.connectivity(shape) })
    expectedSynapses = rule.expectedSynapses(shape)
    problems = rule.problems(shape)
    listedWeights = rule.listedWeights
    listedDelays = rule.listedDelays
  }

  /// One leg of a third population that joins the connections of `primary`.
  init(_ third: any ThirdFactorRule, _ leg: ThirdPlan.Leg, _ primary: Wiring, _ all: ThirdFactorShape, _ shape: ProjectionShape) {
    self.shape = shape
    let made = primary.connectivity
    connectivity = .byTarget(
      DeferredConnectivity {
        var ready = made
        if case .byTarget(let lists) = made, let deferred = lists as? DeferredConnectivity { ready = deferred.make() }
        return leg == .into ? third.toThird(ready, all) : third.fromThird(ready, all)
      })
    expectedSynapses = third.expectedPairs(primary.expectedSynapses)
    problems = third.problems(all)
  }
}

extension Planning {
  /// The connections of a leg of a third population; nil when its rules can't be read.
  mutating func thirdWiring(_ projection: ProjectionPlan, _ third: ThirdPlan) -> Wiring? {
    guard let source = indices[third.source], let target = indices[third.target], let cells = indices[third.population],
      let from = indices[projection.source], let to = indices[projection.target],
      let primary = rule(projection.rule, projection.rule.location), let type = catalogue.thirdRule(third.rule.type),
      let rule = values.read(third.rule.location, { _ in try type.init(fields: third.rule.fields) })
    else { return nil }
    let primaryShape = shape(third.primary, source, target)
    // The primary projection has reported what is wrong with its own rule.
    guard primary.problems(primaryShape).isEmpty else { return nil }
    let all = ThirdFactorShape(
      primary: primaryShape, thirds: plan.sizes[cells], choice: stream(.connectivity, "\(third.primary)/third"),
      pools: stream(.connectivity, "\(third.primary)/pools"))
    var wiring = Wiring(rule, third.leg, Wiring(primary, primaryShape), all, shape(projection.name, from, to))
    if !wiring.problems.isEmpty {
      if third.leg == .into { for problem in wiring.problems { report(third.rule.location, problem) } }
      return nil
    }
    wiring.problems = []
    return wiring
  }
}
