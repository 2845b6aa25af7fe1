import SNNSignals

extension NetworkReading {
  static let largestSize = 1 << 31
  private static let populationKeys = ["model", "size", "params", "init", "like", "engine"]

  mutating func populations(_ node: Node, run: RunPlan?) -> [PopulationPlan] {
    guard let members = members(node, expected: "an object of populations") else { return [] }
    if members.list.isEmpty { report(node, "there is no population") }
    for (member, key) in zip(members.list, members.keys) { checkName(member.key, key, of: "a population") }
    var entries: [String: Members] = [:]
    for (name, node) in members.list {
      guard let entry = self.members(node, expected: "an object") else { continue }
      check(entry, allowed: Self.populationKeys, of: "a population")
      entries[name] = entry
    }
    return members.list.compactMap { name, node in
      guard let chain = likeChain(name, entries, names: members.list.map(\.key)) else { return nil }
      return population(name, node, chain, run: run)
    }
  }

  /// A population's own members, then those of the one it is like, and so on.
  private mutating func likeChain(_ name: String, _ entries: [String: Members], names: [String]) -> [Members]? {
    var chain: [Members] = []
    var visited = [name]
    guard var current = entries[name] else { return nil }
    while true {
      chain.append(current)
      guard let node = current["like"] else { return chain }
      guard let other = text(node) else { return nil }
      guard names.contains(other) else {
        report(
          node, "there is no population \"\(other)\"", hint: suggestion(for: other, among: names, title: "populations"))
        return nil
      }
      if visited.contains(other) {
        // Reported once, by the population of the circle that stands first in the file.
        if other == name, names.first(where: visited.contains) == name, let first = chain[0]["like"] {
          let circle = (visited + [other]).joined(separator: " -> ")
          report(first, "populations are like each other in a circle: \(circle)")
        }
        return nil
      }
      visited.append(other)
      guard let next = entries[other] else { return nil }
      current = next
    }
  }

  private mutating func population(_ name: String, _ node: Node, _ chain: [Members], run: RunPlan?) -> PopulationPlan? {
    func inherited(_ key: String) -> Node? { chain.lazy.compactMap { $0[key] }.first }
    let modelNode = inherited("model") ?? required("model", of: chain[0], hint: "name a model, or a population with \"like\"")
    let sizeNode = inherited("size") ?? required("size", of: chain[0], hint: "the number of neurons")
    let size = sizeNode.flatMap { integer($0, in: 1...Self.largestSize) }
    let engine = inherited("engine").flatMap { choice($0, among: EngineChoice.allCases.map(\.rawValue)) }
      .flatMap(EngineChoice.init(rawValue:))
    guard let modelNode, let model = text(modelNode) else { return nil }
    guard let entry = vocabulary.entry(.neuron, model) else {
      let known = vocabulary.entries(.neuron).map(\.name)
      report(modelNode, "there is no neuron model \"\(model)\"", hint: suggestion(for: model, among: known, title: "models"))
      return nil
    }
    checkEngine(engine, of: name, entry, at: inherited("engine") ?? node, run: run)
    let counts = size.map { [EntityCount(number: $0, what: "neurons in \"\(name)\"")] } ?? []
    let params = values("params", chain, entry.fields, of: model, counts)
    let initial = values("init", chain, entry.states, of: model, counts)
    guard let size else { return nil }
    return PopulationPlan(
      name: name, model: model, size: size, params: params, initial: initial, engine: engine, location: location(node))
  }

  private mutating func checkEngine(
    _ engine: EngineChoice?, of name: String, _ entry: EntryDescription, at node: Node, run: RunPlan?
  ) {
    guard let choice = engine ?? run?.engine, choice != .auto, !entry.engines.contains(choice.rawValue) else { return }
    report(
      node, "\"\(entry.name)\" has no \(choice.rawValue) engine",
      hint: "set \"engine\" of this population to \(entry.engines.map { "\"\($0)\"" }.joined(separator: " or ")), or \"auto\"")
  }

  /// `params` or `init`: each key's value from the first of the chain that has it.
  private mutating func values(
    _ section: String, _ chain: [Members], _ fields: [FieldDescription], of model: String, _ counts: [EntityCount]
  ) -> [String: ValueSource] {
    var result: [String: ValueSource] = [:]
    var seen = Set<String>()
    let what = section == "init" ? "the state of \"\(model)\"" : "the parameters of \"\(model)\""
    for link in chain {
      guard let node = link[section], let members = members(node, expected: "an object") else { continue }
      check(members, allowed: fields.map(\.name), of: what)
      for field in fields {
        guard let node = members[field.name], seen.insert(field.name).inserted else { continue }
        if field.kind == .scalar {
          result[field.name] = quantity(node, field.unit, field.bound).map { .number($0) }
        } else {
          result[field.name] = valueSource(node, field.unit, field.bound, counts: counts)
        }
      }
    }
    return result
  }
}
