import SNNSignals

extension NetworkReading {
  static let trainKeys = [
    "rule", "data", "evaluate", "epochs", "batch", "seed", "shuffle", "encoder", "tasks", "initial",
  ]

  /// The section `train`. `seed` is that of the run.
  mutating func train(_ node: Node, _ data: [String], seed: UInt64) -> TrainPlan? {
    guard let members = members(node, expected: "an object") else { return nil }
    let hint = "such as \"forward_forward\""
    let known = vocabulary.entries(.learner).map(\.name)
    guard let ruleNode = required("rule", of: members, hint: hint), let rule = text(ruleNode) else { return nil }
    guard let entry = vocabulary.entry(.learner, rule) else {
      report(ruleNode, "there is no learner \"\(rule.prefix(60))\"", hint: suggestion(for: rule, among: known, title: "learners"))
      return nil
    }
    check(members, allowed: Self.trainKeys + entry.fields.map(\.name), of: "\"train\" with the learner \"\(rule)\"")
    let count = errors.count
    let set = required("data", of: members, hint: "an entry of the section \"data\"").flatMap { dataName($0, data) }
    let (evaluate, every) = members["evaluate"].map { self.evaluate($0, data) } ?? (nil, 1)
    let epochs = members["epochs"].map { integer($0, in: 1...1_000_000) } ?? 10
    let batch = members["batch"].map { integer($0, in: 1...1_000_000_000) } ?? 100
    let seed = members["seed"].map { self.seed($0) } ?? seed
    let shuffles = members["shuffle"].map { boolean($0) } ?? true
    let encoders = members["encoder"].map { self.encoders($0) } ?? []
    let tasks = members["tasks"].map { self.tasks($0, data) } ?? []
    let initial = members["initial"].flatMap { path($0) }
    let fields = fields(entry, members, counts: [])
    guard errors.count == count, let set, let epochs, let batch, let seed, let shuffles else { return nil }
    let places = Dictionary(members.list.map { ($0.key, location($0.node)) }) { first, _ in first }
    return TrainPlan(
      rule: rule, fields: fields, data: set, evaluate: evaluate, every: every, epochs: epochs, batch: batch, seed: seed,
      shuffles: shuffles, encoders: encoders, tasks: tasks, initial: initial, location: location(node), places: places)
  }

  private mutating func dataName(_ node: Node, _ data: [String]) -> String? {
    guard let name = text(node) else { return nil }
    if data.contains(name) { return name }
    report(node, "there is no data set \"\(name.prefix(60))\"", hint: suggestion(for: name, among: data, title: "known"))
    return nil
  }

  /// A name, or an object with name and interval.
  private mutating func evaluate(_ node: Node, _ data: [String]) -> (String?, Int) {
    if case .string = node.value.content { return (dataName(node, data), 1) }
    guard let members = members(node, expected: "the name of a data set or an object") else { return (nil, 1) }
    check(members, allowed: ["data", "every"], of: "\"evaluate\"")
    let name = required("data", of: members).flatMap { dataName($0, data) }
    return (name, members["every"].flatMap { integer($0, in: 1...1_000_000) } ?? 1)
  }

  /// A name, an object with a type and parameters, or a list of such.
  private mutating func encoders(_ node: Node) -> [EncoderPlan] {
    switch node.value.content {
    case .array(let items): return items.enumerated().flatMap { encoders(node.item($0.offset, $0.element)) }
    case .string:
      guard let type = text(node), let entry = encoder(type, node) else { return [] }
      let none = Members(node: node, list: [], keys: [])
      return [EncoderPlan(type: type, fields: fields(entry, none, counts: []), location: location(node))]
    default:
      let hint = "such as {\"type\": \"rate\", \"steps\": 50}"
      guard let members = members(node, expected: "an encoder", hint: hint),
        let typeNode = required("type", of: members, hint: hint), let type = text(typeNode), let entry = encoder(type, typeNode)
      else { return [] }
      check(members, allowed: ["type"] + entry.fields.map(\.name), of: "the encoder \"\(type)\"")
      return [EncoderPlan(type: type, fields: fields(entry, members, counts: []), location: location(node))]
    }
  }

  private mutating func encoder(_ type: String, _ node: Node) -> EntryDescription? {
    if let entry = vocabulary.entry(.encoder, type) { return entry }
    let known = vocabulary.entries(.encoder).map(\.name)
    report(node, "there is no encoder \"\(type.prefix(60))\"", hint: suggestion(for: type, among: known, title: "encoders"))
    return nil
  }

  /// A list of tasks, or {"permuted": n}: n tasks of which the first has every value in its place.
  private mutating func tasks(_ node: Node, _ data: [String]) -> [TaskPlan] {
    if case .array(let items) = node.value.content {
      if items.isEmpty { report(node, "the list is empty") }
      return items.enumerated().compactMap { task(node.item($0.offset, $0.element), data) }
    }
    guard let members = members(node, expected: "a list of tasks or {\"permuted\": 10}") else { return [] }
    check(members, allowed: ["permuted"], of: "\"tasks\"")
    guard let number = required("permuted", of: members).flatMap({ integer($0, in: 1...10_000) }) else { return [] }
    return (0..<number).map { TaskPlan(permutation: $0, location: location(node)) }
  }

  private mutating func task(_ node: Node, _ data: [String]) -> TaskPlan? {
    guard let members = members(node, expected: "a task") else { return nil }
    check(members, allowed: ["permutation", "classes", "data", "evaluate"], of: "a task")
    let permutation = members["permutation"].map { integer($0, in: 0...Int(UInt32.max)) } ?? 0
    let classes = members["classes"].flatMap { integers($0, .nonNegative) }
    if let node = members["classes"], classes?.isEmpty == true { report(node, "the list is empty") }
    guard let permutation else { return nil }
    return TaskPlan(
      permutation: permutation, classes: classes, data: members["data"].flatMap { dataName($0, data) },
      evaluate: members["evaluate"].flatMap { dataName($0, data) }, location: location(node))
  }
}
