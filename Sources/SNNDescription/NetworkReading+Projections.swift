import SNNSignals

extension NetworkReading {
  private static let projectionKeys = ["source", "target", "rule"] + connectionKeys + ["storage", "third"]
  static let storages = ["auto", "stored", "procedural"]

  mutating func projections(
    _ node: Node, _ table: NameTable, _ rules: NamedRules, run: RunPlan?
  ) -> [ProjectionPlan] {
    guard let members = members(node, expected: "an object of projections") else { return [] }
    var plans: [ProjectionPlan] = []
    for (member, key) in zip(members.list, members.keys) {
      checkName(member.key, key, of: "a projection")
      guard let entry = self.members(member.node, expected: "an object") else { continue }
      check(entry, allowed: Self.projectionKeys, of: "a projection")
      plans += projection(member.key, entry, table, rules, run: run)
    }
    return plans
  }

  private mutating func projection(
    _ name: String, _ members: Members, _ table: NameTable, _ rules: NamedRules, run: RunPlan?
  ) -> [ProjectionPlan] {
    let sources = required("source", of: members).flatMap { resolve($0, table, what: "population or input with a size") }
    let targets = required("target", of: members).flatMap { self.targets($0, table) }
    let rule = required("rule", of: members, hint: "such as {\"type\": \"all_to_all\"}").flatMap { self.rule($0) }
    let connection = connection(members, rules, run: run)
    let storage = members["storage"].flatMap { choice($0, among: Self.storages) }
    let third = members["third"].flatMap { self.third($0, table, rules, run: run) }
    guard let sources, let targets else { return [] }
    var plans: [ProjectionPlan] = []
    for source in sources {
      for target in targets {
        // The unit of a broken target's weights is not known.
        guard target.model != nil else { continue }
        let weight = self.weight(members, connection, target)
        guard let rule, let weight, let connection else { continue }
        let isSingle = sources.count == 1 && targets.count == 1
        let plan = ProjectionPlan(
          name: isSingle ? name : "\(name)/\(source.name)>\(target.name)", entry: name, source: source.name,
          target: target.name, rule: rule, weight: weight, delay: connection.delay, axonalDelay: connection.axonalDelay,
          receptor: connection.receptor, synapse: connection.synapse, plasticity: connection.plasticity, storage: storage,
          third: nil, location: location(members.node))
        plans.append(plan)
        if let third { plans += legs(of: plan, third, target) }
      }
    }
    return plans
  }

  /// What a projection and the legs of a third population have in common, but for the weight, whose unit is the target's.
  struct ConnectionFields {
    var delay: ValueSource
    var axonalDelay: Double
    var receptor: ReceptorChoice?
    var synapse: SynapseChoice
    var plasticity: [PlasticityPlan]
  }
  static let connectionKeys = ["weight", "delay", "receptor", "synapse", "plasticity"]

  mutating func connection(
    _ members: Members, _ rules: NamedRules, run: RunPlan?, standard: SynapseChoice = .spikes
  ) -> ConnectionFields? {
    let plasticity = members["plasticity"].map { self.plasticity($0, rules) } ?? []
    let receptor = receptor(members)
    let synapse =
      members["synapse"].flatMap { choice($0, among: SynapseChoice.allCases.map(\.rawValue)) }
      .flatMap(SynapseChoice.init(rawValue:)) ?? standard
    guard let delay = projectionDelay(members, isPlastic: !plasticity.isEmpty, run: run) else { return nil }
    return ConnectionFields(
      delay: delay.dendritic, axonalDelay: delay.axonal, receptor: receptor, synapse: synapse, plasticity: plasticity)
  }

  mutating func weight(_ members: Members, _ connection: ConnectionFields?, _ target: NamedPopulation) -> ValueSource? {
    let unit = connection?.synapse == .slowCurrent ? .none : target.weightUnit
    return members["weight"].map { valueSource($0, unit) } ?? .number(1)
  }

  private mutating func rule(_ node: Node) -> RulePlan? {
    let hint = "such as {\"type\": \"all_to_all\"}"
    guard let members = members(node, expected: "an object with the rule's \"type\"", hint: hint) else { return nil }
    guard let typeNode = required("type", of: members, hint: hint), let type = text(typeNode) else { return nil }
    guard let entry = vocabulary.entry(.rule, type) else {
      let known = vocabulary.entries(.rule).map(\.name)
      report(typeNode, "there is no connection rule \"\(type)\"", hint: suggestion(for: type, among: known, title: "rules"))
      return nil
    }
    check(members, allowed: ["type"] + entry.fields.map(\.name), of: "the rule \"\(type)\"")
    return RulePlan(type: type, fields: fields(entry, members, counts: []), location: location(node))
  }
}
