import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

extension Planning {
  mutating func planProjections() {
    for projection in file.projections {
      guard let source = indices[projection.source], let target = indices[projection.target] else { continue }
      guard carries(projection.synapse, from: source, to: target, projection) else { continue }
      let plasticity = plasticity(projection)
      if plasticity != nil || projection.synapse == .slowCurrent, projection.storage == "procedural" {
        report(
          place(projection.location, "storage"),
          "synapses that are regenerated at each spike can't \(plasticity == nil ? "carry a current" : "learn")",
          hint: "leave storage out")
        continue
      }
      if plasticity != nil, source >= plan.populations.count,
        case .listed(let spikes) = plan.sources[source - plan.populations.count].trains, spikes.first?.time == .zero
      {
        report(
          place(projection.location, "source"), "\"\(projection.source)\" has a spike at 0 ms, which plastic synapses can't meet",
          hint: "give times greater than 0")
        continue
      }
      let location = projection.rule.location
      let wiring: Wiring
      var storage = Storage.stored
      if let third = projection.third {
        guard let legs = thirdWiring(projection, third) else { continue }
        wiring = legs
      } else {
        guard let rule = rule(valued(projection, source, target), location) else { continue }
        if plasticity == nil && projection.synapse == .spikes { storage = self.storage(projection, rule) }
        wiring = Wiring(rule, shape(projection.name, source, target))
      }
      connect(
        projection.name, location: projection.location, source: source, target: target, wiring: wiring, ruleLocation: location,
        weight: projection.weight, delay: projection.delay, receptor: projection.receptor, synapse: projection.synapse,
        plasticity: plasticity, storage: storage)
    }
  }

  func shape(_ name: String, _ source: Int, _ target: Int) -> ProjectionShape {
    ProjectionShape(
      sources: plan.sizes[source], targets: plan.sizes[target], isRecurrent: source == target,
      random: stream(.connectivity, name))
  }

  /// The rule with the projection's lists of weights and delays, one for each of the pairs that it names.
  private mutating func valued(_ projection: ProjectionPlan, _ source: Int, _ target: Int) -> RulePlan {
    var rule = projection.rule
    let size = plan.sizes[source]
    let isPlainPairing = rule.type == "one_to_one" && source != target && size == plan.sizes[target]
    for (key, value) in [("weight", projection.weight), ("delay", projection.delay)] {
      guard rule.fields[key] == nil, isPlainPairing || rule.type == "list" || rule.type == "file",
        let numbers = numbers(value, place(projection.location, key))
      else { continue }
      if rule.type == "one_to_one" {
        let all = FieldValue.ids((0..<UInt32(size)).map { $0 })
        (rule.type, rule.fields) = ("list", ["pre": all, "post": all])
      }
      rule.fields[key] = .numbers(numbers)
    }
    return rule
  }

  /// The numbers of a list or file.
  mutating func numbers(_ source: ValueSource, _ location: SourceLocation) -> [Double]? {
    switch source {
    case .list(let all): all
    case .file(let path): values.read(location) { try $0.numbers(path) }
    case .number, .distribution: nil
    }
  }

  mutating func rule(_ plan: RulePlan, _ location: SourceLocation) -> (any ConnectionRule)? {
    guard let type = catalogue.rule(plan.type) else { return nil }
    var fields = plan.fields
    if case .path(let path) = fields["path"] {
      guard let pairs = values.read(location, { try $0.pairs(path) }) else { return nil }
      fields["pre"] = .ids(pairs.pre)
      fields["post"] = .ids(pairs.post)
      if let weight = pairs.weight { fields["weight"] = .numbers(weight) }
      if let delay = pairs.delay { fields["delay"] = .numbers(delay) }
    }
    return values.read(location) { _ in try type.init(fields: fields) }
  }

  /// Adds a connection between two populations (or from a source).
  mutating func connect(
    _ name: String, location: SourceLocation, source: Int, target: Int, wiring: Wiring,
    ruleLocation: SourceLocation, weight: ValueSource, delay: ValueSource, receptor: ReceptorChoice?,
    synapse: SynapseChoice = .spikes, plasticity: Plasticity? = nil, storage: Storage = .stored
  ) {
    let population = plan.populations[target]
    let isSlow = synapse == .slowCurrent
    let kind = isSlow ? .potential : population.weightKind
    // A learned delay is any real number, which is rounded for each spike.
    let isOnGrid = isSlow || population.engine == .grid && plasticity?.leastDelay == nil
    for problem in wiring.problems { report(ruleLocation, problem) }
    let weight = synapseValue(weight, wiring.listedWeights, stream(.weight, name), "weight", location)
    let delay = synapseValue(delay, wiring.listedDelays, stream(.delay, name), "delay", location)
    guard wiring.problems.isEmpty, let weight, let delay else { return }
    if kind == .conductance, let receptor, receptor == .excitatory, case .shared(let w) = weight, w < 0 {
      report(
        place(location, "weight"), "a conductance can't be negative, and the receptor is given as \"ex\"",
        hint: "leave the receptor out: a negative weight then feeds the inhibitory conductance")
      return
    }
    if kind == .factor, case .shared(let w) = weight, w < 0 {
      report(place(location, "weight"), "\(population.model) takes no negative weights")
      return
    }
    let step = plan.step
    if isOnGrid, case .shared(let d) = delay, Time(milliseconds: d).picoseconds % step.picoseconds != 0 {
      let rounded = step * Time(milliseconds: d).stepsNearest(step)
      plan.notes.append("\(name): the delay of \(d) ms is rounded to \(rounded.milliseconds) ms on the grid")
    }
    var blueprint = ProjectionBlueprint(
      name: name, shape: wiring.shape, connectivity: wiring.connectivity,
      weight: kind == .count ? .shared(1) : weight, delay: delay, receptor: receptor.map(Receptor.init),
      weightKind: kind, engine: isOnGrid ? .grid(step: step) : .exact)
    blueprint.groupsDelays = isOnGrid && !isSlow && plasticity == nil
    plan.connections.append(
      PlannedConnection(
        location: location, source: source, target: target, blueprint: blueprint, isSlowCurrent: isSlow, plasticity: plasticity,
        expectedSynapses: wiring.expectedSynapses, storage: storage, isProcedural: storage == .procedural))
  }

  /// Values that came with a list win over the projection's own.
  private mutating func synapseValue(
    _ source: ValueSource, _ listed: [Double]?, _ stream: RandomStream, _ key: String, _ location: SourceLocation
  ) -> SynapseValue? {
    if let listed {
      if let i = listed.firstIndex(where: { !$0.isFinite || (key == "delay" && $0 <= 0) }) {
        report(place(location, "rule"), "synapse \(i) of the list has the \(key) \(listed[i])")
        return nil
      }
      return .listed(listed)
    }
    switch source {
    case .number(let x): return .shared(x)
    case .distribution(let distribution): return .drawn(distribution, stream)
    case .list, .file:
      report(
        place(location, key), "with this rule a projection's \(key) is one number or a distribution",
        hint: "a list gives each synapse its own with the rules \"list\", \"file\" and \"one_to_one\"")
      return nil
    }
  }
}

extension Receptor {
  init(_ choice: ReceptorChoice) { self = choice == .excitatory ? .excitatory : .inhibitory }
}
