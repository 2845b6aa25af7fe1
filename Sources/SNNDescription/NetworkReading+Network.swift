import SNNSignals

extension NetworkReading {
  static let format = "snnsim/1"
  static let sections = [
    "format", "name", "parameters", "run", "populations", "inputs", "rules", "projections", "data", "readout", "record", "output",
    "stop_when", "stream", "train",
  ]

  /// The whole file. Its errors are in `errors`; `nil` or a partial network then.
  mutating func network(_ node: Node) -> NetworkFile? {
    guard let members = members(node, expected: "one JSON object") else { return nil }
    check(members, allowed: Self.sections, of: "the network file")
    if let parameters = members["parameters"] { readParameters(parameters) }
    checkFormat(members)
    let name = name(members)
    // A training needs no populations, and then no time.
    let isTraining = members["train"] != nil && members["populations"] == nil
    let run = isTraining ? trainingRun(members["run"]) : timedRun(members)
    let populations =
      (isTraining ? nil : required("populations", of: members)).map { self.populations($0, run: run) } ?? []
    var table = NameTable(list: populationNames(members, populations))
    names = table
    let data = members["data"].map { dataSets($0) } ?? []
    let inputs = members["inputs"].map { self.inputs($0, table, run: run) } ?? []
    table.add(inputNames(members, inputs))
    names = table
    let rules = members["rules"].map { self.rules($0) } ?? [:]
    let projections = members["projections"].map { self.projections($0, table, rules, run: run) } ?? []
    let readout = members["readout"].flatMap { self.readout($0, table, inputs, data) }
    let train = members["train"].flatMap { self.train($0, names(of: members["data"]).map(\.0), seed: run?.seed ?? 1) }
    let recordings = members["record"].map { self.recordings($0, table, projections, run: run) } ?? []
    let output = members["output"].map { self.output($0) } ?? OutputPlan(spikes: [.sonata])
    let stopWhen = members["stop_when"].map { self.stopWhen($0, table) } ?? []
    let stream = members["stream"].flatMap { self.stream($0, table, recordings) }
    guard let run, let output else { return nil }
    let parameters = self.parameters.order.compactMap { name -> NetworkParameter? in
      switch self.parameters.values[name] {
      case .number(let x): NetworkParameter(name: name, value: .number(x))
      case .text(let text): NetworkParameter(name: name, value: .text(text))
      case .broken, nil: nil
      }
    }
    return NetworkFile(
      name: name, parameters: parameters, run: run, populations: populations, inputs: inputs, projections: projections,
      data: data, readout: readout, train: train, recordings: recordings, output: output, stopWhen: stopWhen,
      stream: stream, location: location(node))
  }

  private mutating func checkFormat(_ members: Members) {
    let hint = "\"format\": \"\(Self.format)\""
    guard let node = required("format", of: members, hint: hint), let format = text(node), format != Self.format else { return }
    report(node, "unknown format \"\(format.prefix(60))\"", hint: hint)
  }

  /// The file's own name without its ending, unless given.
  private mutating func name(_ members: Members) -> String {
    guard let node = members["name"] else {
      let last = fileName.split(separator: "/").last.map(String.init) ?? "network"
      return last.hasSuffix(".json") ? String(last.dropLast(5)) : last
    }
    guard let name = text(node) else { return "" }
    checkName(name, node, of: "a network")
    return name
  }

  private func populationNames(_ members: Members, _ plans: [PopulationPlan]) -> [NamedPopulation] {
    let plans = Dictionary(plans.map { ($0.name, $0) }) { first, _ in first }
    return names(of: members["populations"]).map { name, _ in
      let plan = plans[name]
      let model = plan.flatMap { vocabulary.entry(.neuron, $0.model) }
      return NamedPopulation(
        name: name, size: plan?.size, weightUnit: model?.weightUnit ?? .none, model: model, isInput: false)
    }
  }

  private func inputNames(_ members: Members, _ plans: [InputPlan]) -> [NamedPopulation] {
    let plans = Dictionary(plans.map { ($0.name, $0) }) { first, _ in first }
    return names(of: members["inputs"]).compactMap { name, entry in
      guard case .object(let list) = entry.content, list.contains(where: { $0.key == "size" }) else { return nil }
      return NamedPopulation(
        name: name, size: plans[name]?.size, weightUnit: .none, model: nil, isInput: true)
    }
  }

  private func names(of section: Node?) -> [(String, JSONValue)] {
    guard case .object(let list) = section?.value.content else { return [] }
    return list.filter { $0.key != "$schema" && $0.key != "$comment" }.map { ($0.key, $0.value) }
  }
}
