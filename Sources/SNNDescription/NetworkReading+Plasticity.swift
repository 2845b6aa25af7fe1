import SNNSignals

/// The section `rules`.
typealias NamedRules = [String: [PlasticityPlan]]

extension NetworkReading {
  /// Rules that projections may call by name.
  mutating func rules(_ node: Node) -> NamedRules {
    guard let members = members(node, expected: "an object of learning rules") else { return [:] }
    var rules: NamedRules = [:]
    for (member, key) in zip(members.list, members.keys) {
      checkName(member.key, key, of: "a rule")
      rules[member.key] = plasticity(member.node, [:])
    }
    return rules
  }

  /// A rule with its parameters, the name of an entry in `rules`, or a list of such.
  mutating func plasticity(_ node: Node, _ rules: NamedRules) -> [PlasticityPlan] {
    switch node.value.content {
    case .array(let items): return items.enumerated().flatMap { plasticity(node.item($0.offset, $0.element), rules) }
    case .string:
      guard let name = text(node) else { return [] }
      if let named = rules[name] { return named }
      report(
        node, "there is no entry \"\(name)\" in \"rules\"",
        hint: vocabulary.entry(.plasticity, name) == nil
          ? suggestion(for: name, among: rules.keys.sorted(), title: "known") : "{\"rule\": \"\(name)\"} is the rule itself")
      return []
    default: return plasticityRule(node).map { [$0] } ?? []
    }
  }

  private mutating func plasticityRule(_ node: Node) -> PlasticityPlan? {
    let hint = "such as {\"rule\": \"stdp\"}"
    guard let members = members(node, expected: "an object with the name of a \"rule\"", hint: hint),
      let ruleNode = required("rule", of: members, hint: hint), let rule = text(ruleNode)
    else { return nil }
    guard let entry = vocabulary.entry(.plasticity, rule) else {
      let known = vocabulary.entries(.plasticity).map(\.name)
      report(ruleNode, "there is no learning rule \"\(rule)\"", hint: suggestion(for: rule, among: known, title: "rules"))
      return nil
    }
    check(members, allowed: ["rule"] + entry.fields.map(\.name), of: "the rule \"\(rule)\"")
    return PlasticityPlan(rule: rule, fields: fields(entry, members, counts: []), location: location(node))
  }

  /// The delay of a projection in its axonal and dendritic parts. A bare delay is dendritic, as NEST's; where nothing learns
  /// only their sum matters.
  mutating func projectionDelay(
    _ members: Members, isPlastic: Bool, run: RunPlan?
  ) -> (dendritic: ValueSource, axonal: Double)? {
    guard let node = members["delay"], case .object(let list) = node.value.content,
      list.contains(where: { $0.key == "axonal" || $0.key == "dendritic" })
    else { return delay(members, run: run).map { ($0, 0) } }
    guard let parts = self.members(node, expected: "") else { return nil }
    check(parts, allowed: ["axonal", "dendritic"], of: "a delay")
    let axonal = parts["axonal"].map { quantity($0, .ms, .nonNegative) } ?? 0
    let dendritic = parts["dendritic"].map { quantity($0, .ms, .nonNegative) } ?? 0
    guard let axonal, let dendritic else { return nil }
    guard axonal + dendritic > 0 else {
      report(node, "0 ms is out of range", hint: "axonal and dendritic delay together must be greater than 0")
      return nil
    }
    if let run, (isPlastic ? dendritic : axonal + dendritic) < run.resolution {
      report(
        node,
        "the \(isPlastic ? "dendritic " : "")delay of \(numberText(isPlastic ? dendritic : axonal + dendritic)) ms is shorter than "
          + "the resolution of \(numberText(run.resolution)) ms",
        hint: isPlastic
          ? "what a spike does must not depend on what it causes: move one step from the axonal to the dendritic part"
          : "a spike can't arrive within the step it was sent in")
    }
    return isPlastic ? (.number(dendritic), axonal) : (.number(axonal + dendritic), 0)
  }
}
