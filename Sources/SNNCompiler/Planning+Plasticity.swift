import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

extension Planning {
  /// The rules of a projection: at most one that learns, one of short-term and one of structural plasticity.
  mutating func plasticity(_ projection: ProjectionPlan) -> Plasticity? {
    guard !projection.plasticity.isEmpty else { return nil }
    var learning: (any LearningRule)?
    var delays: DelayLearning?
    var release: (any ReleaseRule)?
    var modulator: ModulatorSource?
    var until: Time?
    var astrocytes: AstrocyteSource?
    var rewiring: Rewiring?
    var learner = ""
    for plan in projection.plasticity {
      var problems: [String] = []
      if let type = catalogue.learningRule(plan.rule) {
        if learning != nil { problems.append("a projection has one learning rule at most") }
        let rule = type.init(fields: plan.fields)
        problems += rule.problems()
        let step = self.plan.step.milliseconds
        if let interval = rule.tickInterval, interval < step {
          problems.append("an interval of \(interval) ms is shorter than the resolution of \(step) ms")
        }
        (learning, learner) = (rule, plan.rule)
        modulator = modulatorSource(plan)
        if let population = indices[projection.target].map({ self.plan.populations[$0] }), let state = type.observables.first,
          !population.states.contains(state)
        {
          problems.append("\(plan.rule) reads \(state), which \(population.model) does not have")
        }
        if case .number(let end) = plan.fields["until"] { until = Time(milliseconds: end) }
        astrocytes = astrocyteSource(plan, type.astrocyteVariable, projection)
      } else if let type = catalogue.delayRule(plan.rule) {
        if delays != nil { problems.append("a projection has one rule that learns delays at most") }
        let rule = type.init(fields: plan.fields)
        delays = delayRange(plan, projection).map { DelayLearning(rule: rule, range: $0) }
        problems += rule.problems()
        learner = plan.rule
      } else if let type = catalogue.releaseRule(plan.rule) {
        if release != nil { problems.append("a projection has one rule of short-term plasticity at most") }
        let rule = type.init(fields: plan.fields)
        problems += rule.problems()
        release = rule
      } else if let type = catalogue.structuralRule(plan.rule) {
        if rewiring != nil { problems.append("a projection has one rule of structural plasticity at most") }
        let rule = type.init(fields: plan.fields)
        problems += rule.problems()
        rewiring = self.rewiring(plan, rule, projection)
      }
      for problem in problems { report(plan.location, problem) }
    }
    let bound = (learning ?? delays?.rule as (any PlasticityRule)?)?.largestWeight ?? .infinity
    if case .number(let weight) = projection.weight, abs(weight) > bound {
      report(
        place(projection.location, "weight"), "\(weight) is beyond w_max (\(bound)) of \(learner)",
        hint: "make w_max larger or the weight smaller")
    }
    if let rewiring, let rule = projection.plasticity.first(where: { catalogue.structuralRule($0.rule) != nil }) {
      if rewiring.newWeight > bound {
        report(place(rule.location, "w_new"), "\(rewiring.newWeight) is beyond w_max (\(bound)) of \(learner)")
      }
      if delays != nil { report(rule.location, "\(rule.rule) goes with rules that learn weights, not delays") }
    }
    let axonalDelay = Time(milliseconds: projection.axonalDelay)
    guard let delays else {
      var plasticity = Plasticity(
        rule: .weights(learning ?? ConstantWeight()), release: release, axonalDelay: axonalDelay, modulator: modulator,
        astrocytes: astrocytes)
      plasticity.until = until
      plasticity.rewiring = rewiring
      return plasticity
    }
    if learning != nil {
      report(projection.plasticity[0].location, "a projection learns weights by a rule of weights, or delays, not both")
    }
    if axonalDelay > .zero {
      report(
        place(projection.location, "delay"), "a learned delay has no axonal and dendritic part",
        hint: "give one number or a distribution")
    }
    return Plasticity(rule: .delays(delays), release: release, axonalDelay: .zero)
  }

  /// How a projection rewires by `rule`.
  private mutating func rewiring(
    _ plan: PlasticityPlan, _ rule: any StructuralRule, _ projection: ProjectionPlan
  ) -> Rewiring? {
    guard case .number(let interval) = plan.fields["interval"], case .number(let newWeight) = plan.fields["w_new"]
    else { return nil }
    guard Time(milliseconds: interval).picoseconds % self.plan.step.picoseconds == 0, interval > 0 else {
      report(
        place(plan.location, "interval"),
        "\(interval) ms is not a multiple of the resolution of \(self.plan.step.milliseconds) ms")
      return nil
    }
    var until: Time?
    if case .number(let end) = plan.fields["until"] { until = Time(milliseconds: end) }
    let isRecurrent = indices[projection.source] == indices[projection.target]
    return Rewiring(
      rule: rule, interval: Time(milliseconds: interval), newWeight: newWeight, until: until,
      excludesItself: isRecurrent && projection.rule.fields["autapses"] != .boolean(true),
      random: stream(.rewiring, projection.name))
  }

  /// The range that the learned delays of a projection keep to, ms.
  private mutating func delayRange(_ rule: PlasticityPlan, _ projection: ProjectionPlan) -> ClosedRange<Double>? {
    guard case .number(let least) = rule.fields["delay_min"], case .number(let most) = rule.fields["delay_max"]
    else { return nil }
    let step = plan.step.milliseconds
    guard least >= step else {
      report(
        place(rule.location, "delay_min"), "\(least) ms is shorter than the resolution of \(step) ms",
        hint: "a spike can't arrive within the step it was sent in")
      return nil
    }
    guard most >= least, most / step <= Double(UInt16.max) else {
      report(
        place(rule.location, "delay_max"), "\(most) ms is out of range",
        hint: "it must be from delay_min (\(least) ms) to \(step * Double(UInt16.max)) ms")
      return nil
    }
    plan.notes.append(
      "\(projection.name): delays are kept within \(least) and \(most) ms (delay_min and delay_max of \(rule.rule)), from the "
        + "first on; no window of time is longer than \(least) ms")
    return least...most
  }

  /// Where the modulator of a rule comes from; nil for a rule without one.
  private func modulatorSource(_ plan: PlasticityPlan) -> ModulatorSource? {
    guard case .text(let name) = plan.fields["modulator"], let population = indices[name],
      case .number(let delay) = plan.fields["modulator_delay"]
    else { return nil }
    return ModulatorSource(population: population, delay: Time(milliseconds: delay))
  }
}
