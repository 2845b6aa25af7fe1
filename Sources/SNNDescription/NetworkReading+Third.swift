import SNNSignals

/// The `third` of a projection as it stands in the file.
struct ThirdFields {
  var population: NamedPopulation
  var rule: RulePlan
  var legs: [(leg: ThirdPlan.Leg, members: Members, connection: NetworkReading.ConnectionFields)]
}

extension NetworkReading {
  /// A third population that joins the connections of a projection.
  mutating func third(_ node: Node, _ table: NameTable, _ rules: NamedRules, run: RunPlan?) -> ThirdFields? {
    let known = vocabulary.entries(.third)
    let standard = known.first?.name ?? ""
    guard let members = members(node, expected: "an object with a \"population\" and its \"rule\""),
      let populationNode = required("population", of: members, hint: "the population that joins the connections")
    else { return nil }
    let populations = targets(populationNode, table)
    let name = members["rule"].map { text($0) } ?? standard
    guard let name else { return nil }
    guard let entry = known.first(where: { $0.name == name }) else {
      report(
        members["rule"] ?? node, "there is no third-factor rule \"\(name)\"",
        hint: suggestion(for: name, among: known.map(\.name), title: "rules"))
      return nil
    }
    let legNames = ThirdPlan.Leg.allCases.map(\.rawValue)
    check(members, allowed: ["population", "rule"] + entry.fields.map(\.name) + legNames, of: "a third factor")
    let rule = RulePlan(type: entry.name, fields: fields(entry, members, counts: []), location: location(node))
    var legs: [(ThirdPlan.Leg, Members, ConnectionFields)] = []
    for leg in ThirdPlan.Leg.allCases {
      // One left out has all defaults: what NEST makes of it is a static synapse, which no astrocyte can send through.
      let empty = Members(node: node, list: [], keys: [])
      let fields = members[leg.rawValue].map { self.members($0, expected: "an object") } ?? empty
      guard let fields else { continue }
      check(fields, allowed: Self.connectionKeys, of: "a connection of a third factor")
      let standard: SynapseChoice = leg == .out ? .slowCurrent : .spikes
      if let connection = connection(fields, rules, run: run, standard: standard) { legs.append((leg, fields, connection)) }
    }
    guard let populations, legs.count == legNames.count else { return nil }
    guard populations.count == 1, let population = populations.first, population.model != nil else {
      if populations.count > 1 { report(populationNode, "one population joins the connections, not \(populations.count)") }
      return nil
    }
    return ThirdFields(population: population, rule: rule, legs: legs)
  }

  /// The connections of a third population that belong to the primary projection `plan` onto `target`.
  mutating func legs(of plan: ProjectionPlan, _ third: ThirdFields, _ target: NamedPopulation) -> [ProjectionPlan] {
    third.legs.compactMap { leg, members, connection in
      guard let weight = weight(members, connection, leg == .into ? third.population : target) else { return nil }
      return ProjectionPlan(
        name: "\(plan.name)/third_\(leg.rawValue)", entry: plan.entry,
        source: leg == .into ? plan.source : third.population.name,
        target: leg == .into ? third.population.name : plan.target, rule: plan.rule, weight: weight, delay: connection.delay,
        axonalDelay: connection.axonalDelay, receptor: connection.receptor, synapse: connection.synapse,
        plasticity: connection.plasticity, storage: nil,
        third: ThirdPlan(
          leg: leg, population: third.population.name, rule: third.rule, primary: plan.name, source: plan.source,
          target: plan.target),
        location: members.list.isEmpty ? plan.location : location(members.node))
    }
  }
}
