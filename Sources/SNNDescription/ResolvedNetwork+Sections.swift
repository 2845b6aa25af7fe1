import SNNSignals

extension ResolvedNetwork {
  typealias Member = JSONText.Member

  var parameters: JSONText {
    .object(
      network.parameters.map { parameter in
        switch parameter.value {
        case .number(let x): (parameter.name, .number(x))
        case .text(let text): (parameter.name, .text(text))
        }
      })
  }

  var run: JSONText {
    let run = network.run
    return .object([
      ("duration", .number(run.duration)), ("resolution", .number(run.resolution)), ("engine", .text(run.engine.rawValue)),
      ("seed", .unsigned(run.seed)),
    ])
  }

  func json(_ plan: PopulationPlan) -> JSONText {
    let entry = vocabulary.entry(.neuron, plan.model)
    return .object([
      ("model", .text(plan.model)), ("size", .integer(plan.size)),
      ("params", .object(values(plan.params, in: entry?.fields ?? []))),
      ("init", .object(values(plan.initial, in: entry?.states ?? []))),
      ("engine", .text((plan.engine ?? .auto).rawValue)),
    ])
  }

  func json(_ plan: InputPlan) -> JSONText {
    var members: [Member] = [("type", .text(plan.type))]
    if let size = plan.size { members.append(("size", .integer(size))) } else { members.append(("target", names(plan.target))) }
    members += fields(plan.fields, of: vocabulary.entry(.input, plan.type))
    if let ids = plan.ids { members.append(("ids", json(ids))) }
    if let weight = plan.weight { members.append(("weight", json(weight))) }
    if let delay = plan.delay { members.append(("delay", json(delay))) }
    if let receptor = plan.receptor { members.append(("receptor", .text(receptor.rawValue))) }
    members.append(("start", .number(plan.start)))
    if let stop = plan.stop { members.append(("stop", .number(stop))) }
    if plan.isLive { members.append(("live", .boolean(true))) }
    return .object(members)
  }

  /// One entry for all pairs that came from it, so that each pair keeps its name and thereby its random numbers.
  var projections: JSONText {
    var entries: [(name: String, plans: [ProjectionPlan])] = []
    for plan in network.projections {
      if entries.last?.name == plan.entry {
        entries[entries.count - 1].plans.append(plan)
      } else {
        entries.append((plan.entry, [plan]))
      }
    }
    return .object(entries.map { ($0.name, json($0.plans)) })
  }

  private func json(_ plans: [ProjectionPlan]) -> JSONText {
    let primaries = plans.filter { $0.third == nil }
    let first = primaries[0]
    var members: [Member] = [
      ("source", names(unique(primaries.map(\.source)))), ("target", names(unique(primaries.map(\.target)))),
      (
        "rule",
        .object([("type", .text(first.rule.type))] + fields(first.rule.fields, of: vocabulary.entry(.rule, first.rule.type)))
      ),
    ]
    members += connection(first)
    if let storage = first.storage { members.append(("storage", .text(storage))) }
    let legs = plans.filter { $0.third?.primary == first.name }
    if let third = legs.first?.third {
      let fields = fields(third.rule.fields, of: vocabulary.entry(.third, third.rule.type))
      let joins = legs.map { ($0.third!.leg.rawValue, JSONText.object(connection($0))) }
      members.append(
        ("third", .object([("population", .text(third.population)), ("rule", .text(third.rule.type))] + fields + joins)))
    }
    return .object(members)
  }

  /// What a projection and the legs of a third population have in common.
  private func connection(_ plan: ProjectionPlan) -> [Member] {
    var members: [Member] = [("weight", json(plan.weight)), ("delay", delay(plan))]
    if let receptor = plan.receptor { members.append(("receptor", .text(receptor.rawValue))) }
    if plan.synapse != .spikes || plan.third != nil { members.append(("synapse", .text(plan.synapse.rawValue))) }
    if !plan.plasticity.isEmpty { members.append(("plasticity", .array(plan.plasticity.map(json)))) }
    return members
  }

  private func delay(_ plan: ProjectionPlan) -> JSONText {
    guard plan.axonalDelay > 0 else { return json(plan.delay) }
    return .object([("axonal", .number(plan.axonalDelay)), ("dendritic", json(plan.delay))])
  }

  private func json(_ plan: PlasticityPlan) -> JSONText {
    .object([("rule", .text(plan.rule))] + fields(plan.fields, of: vocabulary.entry(.plasticity, plan.rule)))
  }

  func json(_ plan: DataPlan) -> JSONText {
    var members: [Member] = [("type", .text(plan.type))]
    members += fields(plan.fields, of: vocabulary.entry(.data, plan.type))
    members.append(("first", .integer(plan.first)))
    if let limit = plan.limit { members.append(("limit", .integer(limit))) }
    return .object(members)
  }

  func json(_ plan: ReadoutPlan) -> JSONText {
    .object([
      ("of", .text(plan.of)), ("input", .text(plan.input)), ("assign", .text(plan.assign)), ("test", .text(plan.test)),
    ])
  }

  func json(_ plan: RecordPlan) -> JSONText {
    let what =
      switch plan.what {
      case .spikes: "spikes"
      case .rate: "rate"
      case .state(let name): name
      case .weight: "weight"
      case .delay: "delay"
      }
    var members: [Member] = [("what", .text(what)), ("of", names(plan.of))]
    if let ids = plan.ids { members.append(("ids", json(ids))) }
    if let fraction = plan.fraction { members.append(("fraction", .number(fraction))) }
    if let seed = plan.fractionSeed { members.append(("fraction_seed", .unsigned(seed))) }
    if let every = plan.every { members.append(("every", .number(every))) }
    if plan.isAtChanges { members.append(("every", .text("change"))) }
    if let histogram = plan.histogram {
      members.append(
        (
          "histogram",
          .object([("bins", .integer(histogram.bins)), ("low", .number(histogram.low)), ("high", .number(histogram.high))])
        ))
    }
    members.append(("from", .number(plan.from)))
    if let to = plan.to { members.append(("to", .number(to))) }
    return .object(members)
  }

  var stopWhen: JSONText {
    var rates: [JSONText] = []
    var members: [Member] = []
    for plan in network.stopWhen {
      switch plan.condition {
      case .rateAbove(let of, let hz, let window):
        rates.append(.object([("of", names(of)), ("hz", .number(hz)), ("window", .number(window))]))
      case .wallClock(let seconds): members.append(("wall_clock", .number(seconds)))
      }
    }
    return .object((rates.isEmpty ? [] : [("rate_above", .array(rates))]) + members)
  }

  func json(_ plan: StreamSection) -> JSONText {
    var members: [Member] = [
      ("endpoint", .text(plan.endpoint.description)), ("what", names(plan.what)), ("policy", .text(plan.policy.rawValue)),
    ]
    if let realtime = plan.realtime { members.append(("realtime", .number(realtime))) }
    if let endpoint = plan.openEphys { members.append(("open_ephys", .text(endpoint.description))) }
    if let endpoint = plan.plotJuggler { members.append(("plotjuggler", .text(endpoint.description))) }
    return .object(members)
  }

  private func unique(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return names.filter { seen.insert($0).inserted }
  }
}
