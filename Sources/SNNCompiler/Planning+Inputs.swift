import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

extension Planning {
  /// Inputs with a `size`: populations of sources that projections may name.
  mutating func planSizedInputs() {
    for input in file.inputs {
      guard let size = input.size, let type = StandardInputs.type(input.type) else { continue }
      let fields = fields(input, input.name)
      guard let signal = type.signal(fields, count: size, &values) else { continue }
      let trains: SourceTrains
      switch signal {
      case .poisson(let rate):
        trains = .poisson(poissonDrive(input, rate, weights: [1], receptor: .excitatory, delay: .zero, input.name, nil))
      case .samples(let play): trains = samples(input, play, input.name)
      case .external(let source):
        trains = .external(source)
        plan.notes.append("the spikes of \"\(input.name)\" come from \(source.endpoint): results depend on what is sent there")
      case .spikes(let spikes, let count):
        trains = .listed(count == size ? spikes : spread(spikes, over: size))
      case .current:
        report(place(input.location, "size"), "a \(input.type) input gives currents, which projections can't carry")
        continue
      }
      indices[input.name] = plan.populations.count + plan.sources.count
      plan.sources.append(PlannedSource(name: input.name, size: size, trains: trains, isGiven: true))
    }
  }

  private func fields(_ input: InputPlan, _ entity: String) -> InputFields {
    InputFields(
      plan: input, stream: stream(.noise, entity), data: file.data, populations: indices, step: plan.step, end: plan.end)
  }

  /// One train played by every source.
  private func spread(_ spikes: [Spike], over size: Int) -> [Spike] {
    spikes.flatMap { spike in (0..<UInt32(size)).map { Spike(time: spike.time, id: $0) } }
  }

  /// Inputs with a `target`.
  mutating func planTargetedInputs() {
    for input in file.inputs where input.size == nil {
      for name in input.target {
        guard let target = indices[name], let type = StandardInputs.type(input.type) else { continue }
        let count = input.ids?.count ?? plan.populations[target].size
        let entity = input.target.count > 1 ? "\(input.name)/\(name)" : input.name
        let fields = fields(input, entity)
        guard let signal = type.signal(fields, count: count, &values) else { continue }
        switch signal {
        case .poisson(let rate):
          let first = plan.poisson[target].count
          addPoisson(input, rate, target, entity)
          planLive(input, "rate", target, first..<plan.poisson[target].count)
        case .samples(let play): addTrains(input, samples(input, play, entity), play.trains, target, entity)
        case .external:
          report(place(input.location, "target"), "a stream input has a \"size\", and projections name it", hint: "\"size\": 100")
        case .spikes(let spikes, let trains): addTrains(input, .listed(spikes), trains, target, entity)
        case .current(let waveform, let factors):
          let first = plan.currents[target].count
          addCurrent(input, waveform, factors, target, entity)
          planLive(input, "amplitude", target, first..<plan.currents[target].count)
        }
      }
    }
  }

  /// Lets the number of an input be changed while the run goes on, where the file says so.
  private mutating func planLive(_ input: InputPlan, _ field: String, _ target: Int, _ drives: Range<Int>) {
    guard input.isLive else { return }
    guard case .value(.number(let initial)) = input.fields[field],
      let description = StandardInputs.type(input.type)?.description.fields.first(where: { $0.name == field })
    else { return report(place(input.location, "live"), "only one number for all targets can be live") }
    guard field != "rate" || plan.populations[target].engine == .grid else {
      return report(
        place(input.location, "live"),
        "a live rate needs the grid, and \(plan.populations[target].name) is advanced event by event",
        hint: "\"engine\": \"grid\" for \"\(plan.populations[target].name)\"")
    }
    let path = "inputs.\(input.name).\(field)"
    let places = drives.map { (population: target, number: $0) }
    if let known = plan.live.firstIndex(where: { $0.path == path }) {
      plan.live[known].drives += places
    } else {
      plan.live.append(
        PlannedLiveValue(path: path, unit: description.unit, bound: description.bound, initial: initial, drives: places))
    }
  }

  private func samples(_ input: InputPlan, _ play: SamplePlay, _ entity: String) -> SourceTrains {
    var play = play
    play.start = Time(milliseconds: input.start)
    play.stop = input.stop.map(Time.init(milliseconds:)) ?? .never
    return .samples(play, stream(.poisson, entity))
  }

  private func poissonDrive(
    _ input: InputPlan, _ rate: Rate, weights: [Double], receptor: Receptor, delay: Time, _ entity: String,
    _ members: Set<UInt32>?
  ) -> PoissonDrive {
    PoissonDrive(
      rate: rate, weights: weights, receptor: receptor, delay: delay, start: Time(milliseconds: input.start),
      stop: input.stop.map(Time.init(milliseconds:)) ?? .never, members: members, stream: stream(.poisson, entity))
  }

  private mutating func addPoisson(_ input: InputPlan, _ rate: Rate, _ target: Int, _ entity: String) {
    let population = plan.populations[target]
    guard let delay = singleDelay(input), let weights = targetWeights(input, target, entity) else { return }
    var rate = rate
    if case .each(let rates) = rate { rate = .each(expand(rates, input.ids, population.size)) }
    let members = input.ids.map(Set.init)
    func add(_ weights: [Double], _ receptor: Receptor) {
      plan.poisson[target].append(
        poissonDrive(input, rate, weights: weights, receptor: receptor, delay: delay, entity, members))
    }
    switch population.weightKind {
    case .count: add([1], .excitatory)
    case .factor where weights.contains { $0 < 0 }:
      report(place(input.location, "weight"), "\(population.model) takes no negative weights")
    case .potential, .factor: add(weights, .excitatory)
    case .current, .conductance:
      let kept = population.weightKind == .conductance ? weights.map(abs) : weights
      if let receptor = input.receptor.map(Receptor.init) {
        if population.weightKind == .conductance, receptor == .excitatory, weights.contains(where: { $0 < 0 }) {
          report(
            place(input.location, "weight"), "a conductance can't be negative, and the receptor is given as \"ex\"",
            hint: "leave the receptor out: a negative weight then feeds the inhibitory conductance")
          return
        }
        add(kept, receptor)
        return
      }
      // By sign; a neuron whose weight has the other sign gets 0 from this drive and the same counts from the other.
      if weights.contains(where: { $0 >= 0 }) { add(zip(weights, kept).map { $0 >= 0 ? $1 : 0 }, .excitatory) }
      if weights.contains(where: { $0 < 0 }) { add(zip(weights, kept).map { $0 < 0 ? $1 : 0 }, .inhibitory) }
    }
  }

  private mutating func addCurrent(
    _ input: InputPlan, _ waveform: CurrentDrive.Waveform, _ factors: [Double], _ target: Int, _ entity: String
  ) {
    let population = plan.populations[target]
    if population.weightKind == .count {
      report(place(input.location, "target"), "\(population.model) takes spikes only, no current")
      return
    }
    guard let delay = singleDelay(input), let weights = targetWeights(input, target, entity) else { return }
    var waveform = waveform
    if case .noise(let mean, let sd, let interval, let stream) = waveform {
      let interval = interval == .zero ? plan.step : interval
      guard interval.picoseconds % plan.step.picoseconds == 0 else {
        report(
          place(input.location, "dt"),
          "\(interval.milliseconds) ms is not a multiple of the resolution of "
            + "\(plan.step.milliseconds) ms")
        return
      }
      waveform = .noise(mean: mean, sd: sd, interval: interval, stream: stream)
    }
    var scale = factors
    if factors.count > 1 { scale = expand(factors, input.ids, population.size) }
    if weights.count > 1 {
      scale = weights.enumerated().map { $0.element * (scale.count == 1 ? scale[0] : scale[$0.offset]) }
    } else {
      scale = scale.map { $0 * weights[0] }
    }
    plan.currents[target].append(
      CurrentDrive(
        waveform: waveform, factors: scale, delay: delay, start: Time(milliseconds: input.start),
        stop: input.stop.map(Time.init(milliseconds:)) ?? .never, members: input.ids.map(Set.init)))
  }

  /// Given spikes and samples become a source of their own and a projection from it.
  private mutating func addTrains(_ input: InputPlan, _ source: SourceTrains, _ trains: Int, _ target: Int, _ entity: String) {
    var isOneTrain = false
    if case .listed = source { isOneTrain = inputHasOneTrain(input) }
    var (type, fields): (String, [String: FieldValue]) =
      isOneTrain ? ("all_to_all", ["autapses": .boolean(true)]) : ("one_to_one", [:])
    // Weights and delays of their own for the targets: then the pairs are listed.
    for (key, value) in [("weight", input.weight), ("delay", input.delay)] {
      guard let value, let numbers = numbers(value, place(input.location, key)) else { continue }
      let targets = (0..<UInt32(plan.populations[target].size)).map { $0 }
      type = "list"
      fields["pre"] = .ids(isOneTrain ? targets.map { _ in 0 } : targets)
      fields["post"] = .ids(targets)
      fields[key] = .numbers(numbers)
    }
    guard let ruleType = catalogue.rule(type),
      let rule = values.read(input.location, { _ in try ruleType.init(fields: fields) })
    else { return }
    let number = plan.populations.count + plan.sources.count
    plan.sources.append(PlannedSource(name: entity, size: trains, trains: source, isGiven: false))
    connect(
      entity, location: input.location, source: number, target: target, wiring: Wiring(rule, shape(entity, number, target)),
      ruleLocation: input.location,
      weight: input.weight ?? .number(1), delay: input.delay ?? .number(1), receptor: input.receptor)
  }

  private func inputHasOneTrain(_ input: InputPlan) -> Bool { input.fields["ids"] == nil && input.fields["file"] == nil }

  /// Poisson trains and currents have one delay for all targets.
  private mutating func singleDelay(_ input: InputPlan) -> Time? {
    switch input.delay ?? .number(1) {
    case .number(let delay): return Time(milliseconds: delay)
    default:
      report(
        place(input.location, "delay"), "a \(input.type) input has one delay for all its targets",
        hint: "an input with a \"size\" and a projection from it can have many")
      return nil
    }
  }

  /// Weights over the whole population: one for all or one per neuron.
  private mutating func targetWeights(_ input: InputPlan, _ target: Int, _ entity: String) -> [Double]? {
    let size = plan.populations[target].size
    guard
      let weights = values.resolve(
        input.weight ?? .number(1), count: input.ids?.count ?? size, entity: entity, purpose: .weight, field: nil,
        at: place(input.location, "weight"))
    else { return nil }
    switch weights {
    case .one(let w): return [w]
    case .each(let all): return expand(all, input.ids, size)
    }
  }

  /// Values given for a subset, spread over the population.
  private func expand(_ values: [Double], _ ids: [UInt32]?, _ size: Int) -> [Double] {
    guard let ids else { return values }
    var all = [Double](repeating: 0, count: size)
    for (id, value) in zip(ids, values) { all[Int(id)] = value }
    return all
  }
}
