import SNNSignals

extension NetworkReading {
  static let commonInputKeys = ["type", "target", "size", "weight", "delay", "receptor", "start", "stop", "ids", "live"]

  mutating func inputs(_ node: Node, _ populations: NameTable, run: RunPlan?) -> [InputPlan] {
    guard let members = members(node, expected: "an object of inputs") else { return [] }
    var plans: [InputPlan] = []
    for (member, key) in zip(members.list, members.keys) {
      checkName(member.key, key, of: "an input")
      guard let entry = self.members(member.node, expected: "an object") else { continue }
      if populations.isKnown(member.key), entry["size"] != nil {
        report(key, "\"\(member.key)\" is a population already", hint: "populations and inputs with a size share their names")
      }
      if let plan = input(member.key, entry, populations, run: run) { plans.append(plan) }
    }
    return plans
  }

  private mutating func input(_ name: String, _ members: Members, _ populations: NameTable, run: RunPlan?) -> InputPlan? {
    guard let typeNode = required("type", of: members), let type = text(typeNode) else { return nil }
    guard let entry = vocabulary.entry(.input, type) else {
      let known = vocabulary.entries(.input).map(\.name)
      report(typeNode, "there is no input type \"\(type)\"", hint: suggestion(for: type, among: known, title: "types"))
      return nil
    }
    check(
      members, allowed: Self.commonInputKeys + entry.fields.map(\.name).filter { !Self.commonInputKeys.contains($0) },
      of: "an input of type \"\(type)\"")
    let size = members["size"].flatMap { integer($0, in: 1...Self.largestSize) }
    let targets = members["target"].flatMap { self.targets($0, populations) } ?? []
    switch (members["target"], members["size"]) {
    case (nil, nil): report(members.node, "an input needs a \"target\" or a \"size\"")
    case (.some, .some(let node)): report(node, "an input has either a \"target\" or a \"size\", not both")
    case (nil, .some):
      for key in ["weight", "delay", "receptor", "ids"] where entry.fields.allSatisfy({ $0.name != key }) {
        if let node = members[key] {
          report(node, "an input with a \"size\" has no \"\(key)\"", hint: "the projections from it have")
        }
      }
    case (.some, nil): break
    }
    var counts = targets.compactMap { target in target.size.map { EntityCount(number: $0, what: "neurons in \"\(target.name)\"") }
    }
    if let size, counts.isEmpty { counts = [EntityCount(number: size, what: "trains in \"\(name)\"")] }
    return plan(name, members, entry, size: size, targets: targets, counts: counts, run: run)
  }

  private mutating func plan(
    _ name: String, _ members: Members, _ entry: EntryDescription, size: Int?, targets: [NamedPopulation],
    counts: [EntityCount], run: RunPlan?
  ) -> InputPlan? {
    // An entry with "ids" of its own gives them its own meaning (one id for each spike time).
    let hasOwnIDs = entry.fields.contains { $0.name == "ids" }
    let subset = hasOwnIDs ? nil : members["ids"].flatMap { ids($0, below: counts, unique: true) }
    let perEntity = subset.map { [EntityCount(number: $0.count, what: "\"ids\"")] } ?? counts
    var fields = self.fields(entry, members, counts: hasOwnIDs ? counts : perEntity)
    for key in Self.commonInputKeys where !(hasOwnIDs && key == "ids") { fields[key] = nil }
    let start = members["start"].flatMap { quantity($0, .ms, .nonNegative) } ?? 0
    let stop = members["stop"].flatMap { quantity($0, .ms, .nonNegative) }
    if let stop, stop <= start, let node = members["stop"] {
      report(node, "stop (\(numberText(stop)) ms) is not after start (\(numberText(start)) ms)")
    }
    let isDirect = members["target"] != nil
    var weight: ValueSource? = isDirect ? .number(1) : nil
    if isDirect, let node = members["weight"] {
      for unit in Set(targets.filter { $0.model != nil }.map(\.weightUnit)).sorted(by: { $0.rawValue < $1.rawValue }) {
        weight = valueSource(node, unit, counts: perEntity)
      }
    }
    let delay = isDirect ? delay(members, run: run, counts: perEntity) : nil
    return InputPlan(
      name: name, type: entry.name, target: targets.map(\.name), size: size, ids: subset, weight: weight, delay: delay,
      receptor: receptor(members), fields: fields, start: start, stop: stop, isLive: isLive(members, entry),
      location: location(members.node))
  }

  /// Whether an input is marked live, which only inputs with a target and a single number can be.
  private mutating func isLive(_ members: Members, _ entry: EntryDescription) -> Bool {
    guard let node = members["live"], boolean(node) == true else { return false }
    if !Self.liveInputs.contains(entry.name) {
      report(node, "an input of type \"\(entry.name)\" can't be live", hint: "live: \(Self.liveInputs.joined(separator: ", "))")
    } else if members["target"] == nil {
      report(node, "an input with a \"size\" can't be live", hint: "one with a \"target\" can")
    }
    return true
  }

  /// The types whose rate or amplitude may change while a run goes on.
  static let liveInputs = ["poisson", "dc"]

  mutating func receptor(_ members: Members) -> ReceptorChoice? {
    members["receptor"].flatMap { choice($0, among: ReceptorChoice.allCases.map(\.rawValue)) }
      .flatMap(ReceptorChoice.init(rawValue:))
  }

  /// The delay of an input, or all of that of a projection, 1 ms unless given; not shorter than the resolution.
  mutating func delay(_ members: Members, run: RunPlan?, counts: [EntityCount] = []) -> ValueSource? {
    let source: ValueSource?
    if let node = members["delay"] {
      source = valueSource(node, .ms, .positive, counts: counts)
    } else {
      source = .number(1)
    }
    if case .number(let delay) = source, let run, delay < run.resolution {
      report(
        members["delay"] ?? members.node,
        "the delay of \(numberText(delay)) ms is shorter than the resolution of \(numberText(run.resolution)) ms",
        hint: "a spike can't arrive within the step it was sent in")
    }
    return source
  }
}
