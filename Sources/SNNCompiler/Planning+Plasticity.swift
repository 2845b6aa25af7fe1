import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

extension Planning {
  /// The rules of a projection: at most one that learns and one of short-term plasticity.
  mutating func plasticity(_ projection: ProjectionPlan) -> Plasticity? {
    guard !projection.plasticity.isEmpty else { return nil }
    var learning: (any LearningRule)?
    var delays: DelayLearning?
    var release: (any ReleaseRule)?
    var modulator: ModulatorSource?
    var until: Time?
    var astrocytes: AstrocyteSource?
    for plan in projection.plasticity {
      var problems: [String] = []
      if let type = catalogue.learningRule(plan.rule) {
        if learning != nil { problems.append("a projection has one learning rule at most") }
        let rule = type.init(fields: plan.fields)
        problems += rule.problems()
        learning = rule
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
      } else if let type = catalogue.releaseRule(plan.rule) {
        if release != nil { problems.append("a projection has one rule of short-term plasticity at most") }
        let rule = type.init(fields: plan.fields)
        problems += rule.problems()
        release = rule
      }
      for problem in problems { report(plan.location, problem) }
    }
    let bound = (learning ?? delays?.rule as (any PlasticityRule)?)?.largestWeight ?? .infinity
    if case .number(let weight) = projection.weight, abs(weight) > bound {
      report(
        place(projection.location, "weight"), "\(weight) is beyond w_max (\(bound)) of \(projection.plasticity[0].rule)",
        hint: "make w_max larger or the weight smaller")
    }
    let axonalDelay = Time(milliseconds: projection.axonalDelay)
    guard let delays else {
      var plasticity = Plasticity(
        rule: .weights(learning ?? ConstantWeight()), release: release, axonalDelay: axonalDelay, modulator: modulator,
        astrocytes: astrocytes)
      plasticity.until = until
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
