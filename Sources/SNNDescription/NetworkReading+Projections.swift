import SNNSignals

extension NetworkReading {
  private static let projectionKeys = ["source", "target", "rule", "weight", "delay", "receptor", "plasticity", "storage"]
  static let storages = ["auto", "stored", "procedural"]

  mutating func projections(
    _ node: Node, _ table: NameTable, _ rules: NamedRules, run: RunPlan?
  ) -> [ProjectionPlan] {
    guard let members = members(node, expected: "an object of projections") else { return [] }
    var plans: [ProjectionPlan] = []
    for (member, key) in zip(members.list, members.keys) {
      checkName(member.key, key, of: "a projection")
      guard let entry = self.members(member.node, expected: "an object") else { continue }
      check(entry, allowed: Self.projectionKeys, unsupported: ["third"], of: "a projection")
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
    let plasticity = members["plasticity"].map { self.plasticity($0, rules) } ?? []
    let delay = projectionDelay(members, isPlastic: !plasticity.isEmpty, run: run)
    let receptor = receptor(members)
    let storage = members["storage"].flatMap { choice($0, among: Self.storages) }
    guard let sources, let targets else { return [] }
    var plans: [ProjectionPlan] = []
    for source in sources {
      for target in targets {
        // The unit of a broken target's weights is not known.
        guard target.model != nil else { continue }
        let weight = members["weight"].map { valueSource($0, target.weightUnit) } ?? .number(1)
        guard let rule, let weight, let delay else { continue }
        let isSingle = sources.count == 1 && targets.count == 1
        plans.append(
          ProjectionPlan(
            name: isSingle ? name : "\(name)/\(source.name)>\(target.name)", entry: name, source: source.name,
            target: target.name, rule: rule, weight: weight, delay: delay.dendritic, axonalDelay: delay.axonal,
            receptor: receptor,
            plasticity: plasticity, storage: storage,
            location: location(members.node)))
      }
    }
    return plans
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
