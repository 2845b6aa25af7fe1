import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

extension Planning {
  mutating func planPopulations() {
    let undecided = file.populations.filter { population in
      let type = catalogue.neuron(population.model)
      return (population.engine ?? file.run.engine) == .auto && type is any EventDrivenNeuron.Type
        && type is any ClockedNeuron.Type
    }
    let prefersExact = EngineChoiceRule.prefersExact(undecided, in: file)
    for population in file.populations {
      guard let type = catalogue.neuron(population.model) else { continue }
      let engine = chooseEngine(population, type, prefersExact)
      let planned: PlannedPopulation? =
        switch engine {
        case .grid: (type as? any ClockedNeuron.Type).flatMap { planGrid(population, $0) }
        case .exact: (type as? any EventDrivenNeuron.Type).flatMap { planExact(population, $0) }
        }
      guard let planned else { continue }
      indices[population.name] = plan.populations.count
      plan.populations.append(planned)
      plan.poisson.append([])
      plan.currents.append([])
    }
  }

  /// `auto` takes the exact engine where events are rare: for neurons that are expected to receive few spikes, if the network
  /// has many of them. Everything else, and every model without an exact form, runs on the grid, as NEST would.
  private mutating func chooseEngine(
    _ population: PopulationPlan, _ type: any NeuronModel.Type, _ prefersExact: Bool
  ) -> Engine {
    let offersExact = type is any EventDrivenNeuron.Type
    let offersGrid = type is any ClockedNeuron.Type
    var choice = population.engine ?? file.run.engine
    if choice == .exact && !offersExact && population.engine == nil {
      plan.notes.append("\(population.name): \(population.model) has no exact form and runs on the grid")
      choice = .grid
    }
    if choice == .grid && !offersGrid && population.engine == nil {
      plan.notes.append("\(population.name): \(population.model) has no grid form and runs on the exact engine")
      choice = .exact
    }
    switch choice {
    case .grid:
      if !offersGrid {
        report(place(population.location, "engine"), "\(population.model) does not run on the grid engine", hint: "use \"exact\"")
      }
      return .grid
    case .exact:
      if !offersExact {
        report(
          place(population.location, "engine"), "\(population.model) does not run on the exact engine", hint: "use \"grid\"")
      }
      return .exact
    case .auto:
      guard offersGrid else { return .exact }
      return offersExact && prefersExact && EngineChoiceRule.isSparse(population, in: file) ? .exact : .grid
    }
  }

  private mutating func planGrid<Model: ClockedNeuron>(_ plan: PopulationPlan, _ type: Model.Type) -> PlannedPopulation? {
    guard let models = models(plan, type), let initial = initialValues(plan, type.stateFields) else { return nil }
    let step = self.plan.step
    return planned(plan, type, .grid, models, stateBytes: MemoryLayout<Model.State>.stride / 8) {
      ChunkFactory.grid($0, models, initial: initial, step: step)
    }
  }

  private mutating func planExact<Model: EventDrivenNeuron>(_ plan: PopulationPlan, _ type: Model.Type) -> PlannedPopulation? {
    guard let models = models(plan, type), let initial = initialValues(plan, type.eventStateFields) else { return nil }
    let step = self.plan.step
    return planned(plan, type, .exact, models, stateBytes: MemoryLayout<EventNeuron<Model.EventState>>.stride) {
      ChunkFactory.exact($0, models, initial: initial, step: step)
    }
  }

  private func planned<Model: NeuronModel>(
    _ population: PopulationPlan, _ type: Model.Type, _ engine: Engine, _ models: ModelValues<Model>, stateBytes: Int,
    makeChunk: @escaping @Sendable (ChunkPlan) -> any Chunk
  ) -> PlannedPopulation {
    let refractory: Double
    switch models {
    case .shared(let model): refractory = model.refractoryPeriod
    case .each(let all): refractory = all.map(\.refractoryPeriod).min() ?? 0
    }
    let states =
      engine == .grid
      ? (type as? any ClockedNeuron.Type)?.stateFields : (type as? any EventDrivenNeuron.Type)?.eventStateFields
    return PlannedPopulation(
      name: population.name, size: population.size, model: population.model, engine: engine, weightKind: type.weightKind,
      states: Set((states ?? []).map(\.name)),
      slowCurrent: engine == .grid ? (type as? any ClockedNeuron.Type)?.slowCurrent : nil, refractoryPeriod: refractory,
      chunks: Partition.ranges(size: population.size, target: ChunkSizeRule.target(of: population, engine, in: file)),
      makeChunk: makeChunk, stateBytes: stateBytes)
  }

  /// The parameters of each neuron, and what the model itself finds wrong with them.
  private mutating func models<Model: NeuronModel>(_ population: PopulationPlan, _ type: Model.Type) -> ModelValues<Model>? {
    var given: [(path: WritableKeyPath<Model, Double> & Sendable, values: EntityValues)] = []
    for parameter in Model.parameters {
      guard let source = population.params[parameter.name] else { continue }
      let field = FieldDescription(
        parameter.name, .quantity, parameter.unit, default: .absent, parameter.bound, parameter.meaning)
      guard
        let resolved = values.resolve(
          source, count: population.size, entity: "\(population.name)/\(parameter.name)", purpose: .parameter, field: field,
          at: place(population.location, "params.\(parameter.name)"))
      else { return nil }
      given.append((parameter.keyPath, resolved))
    }
    func model(_ i: Int) -> Model {
      var model = Model()
      for (path, values) in given { model[keyPath: path] = values[i] }
      return model
    }
    let isShared = given.allSatisfy { if case .one = $0.values { true } else { false } }
    if isShared {
      let shared = model(0)
      for problem in shared.problems() { report(place(population.location, "params"), problem) }
      return .shared(shared)
    }
    let all = (0..<population.size).map(model)
    if let i = all.firstIndex(where: { !$0.problems().isEmpty }) {
      for problem in all[i].problems() { report(place(population.location, "params"), "neuron \(i): \(problem)") }
    }
    return .each(all)
  }

  private mutating func initialValues(_ population: PopulationPlan, _ fields: [FieldDescription]) -> [InitialValues]? {
    var initial: [InitialValues] = []
    for field in fields {
      guard let source = population.initial[field.name] else { continue }
      guard
        let resolved = values.resolve(
          source, count: population.size, entity: "\(population.name)/\(field.name)", purpose: .initialState, field: field,
          at: place(population.location, "init.\(field.name)"))
      else { return nil }
      initial.append(InitialValues(variable: field.name, values: resolved.all))
    }
    for name in population.initial.keys.sorted() where !fields.contains(where: { $0.name == name }) {
      report(
        place(population.location, "init.\(name)"), "\(population.model) has no state \"\(name)\" on this engine")
      return nil
    }
    return initial
  }
}
