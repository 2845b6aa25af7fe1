import SNNSignals

extension NetworkReading {
  private static let recordKeys = ["what", "of", "ids", "fraction", "fraction_seed", "every", "from", "to"]
  private static let synapseKeys = recordKeys + ["histogram"]

  mutating func recordings(
    _ node: Node, _ table: NameTable, _ projections: [ProjectionPlan], run: RunPlan?
  ) -> [RecordPlan] {
    guard let members = members(node, expected: "an object of records") else { return [] }
    var plans: [RecordPlan] = []
    for (member, key) in zip(members.list, members.keys) {
      checkName(member.key, key, of: "a record")
      guard let entry = self.members(member.node, expected: "an object") else { continue }
      let subject: RecordPlan.Subject? =
        switch entry["what"]?.value.content {
        case .string("weight"): .weight
        case .string("delay"): .delay
        default: nil
        }
      check(entry, allowed: subject == nil ? Self.recordKeys : Self.synapseKeys, of: "a record")
      let plan = subject.map { synapseRecord(member.key, $0, entry, projections) } ?? record(member.key, entry, table)
      if let plan { plans.append(plan) }
    }
    return plans
  }

  private mutating func record(_ name: String, _ members: Members, _ table: NameTable) -> RecordPlan? {
    let of = required("of", of: members).flatMap { resolve($0, table, what: "population or input with a size") }
    let what = required("what", of: members, hint: "\"spikes\", \"rate\" or a state variable").flatMap {
      subject($0, of: of ?? [])
    }
    let counts = (of ?? []).compactMap { one in
      one.size.map { EntityCount(number: $0, what: "neurons in \"\(one.name)\"") }
    }
    let ids = members["ids"].flatMap { self.ids($0, below: counts, unique: true) }
    let fraction = members["fraction"].flatMap { self.fraction($0) }
    if members["ids"] != nil, let node = members["fraction"] { report(node, "a record has \"ids\" or \"fraction\", not both") }
    let fractionSeed = members["fraction_seed"].flatMap { seed($0) }
    if let node = members["fraction_seed"], members["fraction"] == nil { report(node, "\"fraction_seed\" without \"fraction\"") }
    let every = interval(members, what)
    let from = members["from"].flatMap { quantity($0, .ms, .nonNegative) } ?? 0
    let to = members["to"].flatMap { quantity($0, .ms, .nonNegative) }
    if let to, to <= from, let node = members["to"] {
      report(node, "to (\(numberText(to)) ms) is not after from (\(numberText(from)) ms)")
    }
    guard let of, let what else { return nil }
    return RecordPlan(
      name: name, what: what, of: of.map(\.name), ids: ids, fraction: fraction, fractionSeed: fractionSeed, every: every,
      from: from, to: to, location: location(members.node))
  }

  private mutating func fraction(_ node: Node) -> Double? {
    guard let fraction = quantity(node, .none) else { return nil }
    if fraction > 0, fraction <= 1 { return fraction }
    report(node, "\(numberText(fraction)) is out of range", hint: "it must be greater than 0 and at most 1")
    return nil
  }

  private mutating func interval(_ members: Members, _ what: RecordPlan.Subject?) -> Double? {
    guard let node = members["every"] else {
      if let what, what != .spikes {
        report(members.node, "the required key \"every\" is missing", hint: "the interval between samples, ms")
      }
      return nil
    }
    if case .string("change") = node.value.content {
      report(node, "only weights and delays are recorded at every change", hint: "give the interval between samples, ms")
      return nil
    }
    if what == .spikes {
      report(node, "spikes are recorded as they come: \"every\" has no meaning here", hint: "remove it")
      return nil
    }
    return quantity(node, .ms, .range(1e-3...1e9))
  }

  private mutating func subject(_ node: Node, of populations: [NamedPopulation]) -> RecordPlan.Subject? {
    guard let what = text(node) else { return nil }
    switch what {
    case "spikes": return .spikes
    case "rate": return .rate
    default: break
    }
    var isKnown = true
    for population in populations {
      if population.isInput {
        report(node, "\"\(population.name)\" is an input: only its spikes and rate can be recorded")
        isKnown = false
      } else if let model = population.model, !model.states.contains(where: { $0.name == what }) {
        let known = ["spikes", "rate"] + model.states.map(\.name)
        report(
          node, "\"\(model.name)\" (the model of \"\(population.name)\") has no state variable \"\(what)\"",
          hint: suggestion(for: what, among: known, title: "can be recorded"))
        isKnown = false
      }
    }
    return isKnown ? .state(what) : nil
  }

  /// A record of the weights or delays of projections; `ids` are numbers of synapses in the order (pre, post).
  private mutating func synapseRecord(
    _ name: String, _ what: RecordPlan.Subject, _ members: Members, _ projections: [ProjectionPlan]
  ) -> RecordPlan? {
    var of: [String] = []
    if let node = required("of", of: members), let names = names(node) {
      for (name, node) in names {
        let found = projections.filter { ($0.entry == name || $0.name == name) && !$0.plasticity.isEmpty }
        of += found.map(\.name)
        if found.isEmpty {
          let known = projections.filter { !$0.plasticity.isEmpty }.map(\.entry)
          report(
            node,
            projections.contains { $0.entry == name || $0.name == name }
              ? "the projection \"\(name)\" has no plasticity: its synapses stay as they are"
              : "there is no projection \"\(name)\"",
            hint: suggestion(for: name, among: known, title: "plastic projections"))
        }
      }
    }
    let ids = members["ids"].flatMap { self.ids($0, below: [], unique: true) }
    let fraction = members["fraction"].flatMap { self.fraction($0) }
    if members["ids"] != nil, let node = members["fraction"] { report(node, "a record has \"ids\" or \"fraction\", not both") }
    let isAtChanges = if case .string("change") = members["every"]?.value.content { true } else { false }
    let every = isAtChanges ? nil : interval(members, what)
    let histogram = members["histogram"].flatMap { self.histogram($0, what) }
    if isAtChanges, let node = members["histogram"] {
      report(node, "a histogram is taken at intervals, not at every change", hint: "give \"every\" in ms")
    }
    let from = members["from"].flatMap { quantity($0, .ms, .nonNegative) } ?? 0
    let to = members["to"].flatMap { quantity($0, .ms, .nonNegative) }
    guard !of.isEmpty, isAtChanges || every != nil else { return nil }
    return RecordPlan(
      name: name, what: what, of: of, ids: ids, fraction: fraction,
      fractionSeed: members["fraction_seed"].flatMap { seed($0) }, every: every, isAtChanges: isAtChanges,
      histogram: histogram, from: from, to: to, location: location(members.node))
  }

  private mutating func histogram(_ node: Node, _ what: RecordPlan.Subject) -> HistogramPlan? {
    let hint = "such as {\"bins\": 50, \"low\": 0, \"high\": 1}"
    guard let members = members(node, expected: "an object of bins", hint: hint) else { return nil }
    check(members, allowed: ["bins", "low", "high"], of: "a histogram")
    let unit: Unit = what == .delay ? .ms : .none
    let bins = required("bins", of: members, hint: hint).flatMap { integer($0, in: 1...100_000) }
    let low = required("low", of: members, hint: hint).flatMap { quantity($0, unit) }
    let high = required("high", of: members, hint: hint).flatMap { quantity($0, unit) }
    guard let bins, let low, let high else { return nil }
    guard low < high else {
      report(node, "low (\(numberText(low))) must be below high (\(numberText(high)))")
      return nil
    }
    return HistogramPlan(bins: bins, low: low, high: high)
  }
}
