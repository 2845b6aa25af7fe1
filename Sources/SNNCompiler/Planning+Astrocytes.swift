import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

extension Planning {
  /// The astrocytes that a rule of `projection` reads; nil for a rule without them.
  mutating func astrocyteSource(
    _ rule: PlasticityPlan, _ variable: String?, _ projection: ProjectionPlan
  ) -> AstrocyteSource? {
    guard let variable, case .text(let name) = rule.fields["astrocytes"], let target = indices[projection.target],
      case .number(let interval) = rule.fields["astrocyte_interval"]
    else { return nil }
    let location = place(rule.location, "astrocytes")
    guard let population = indices[name], population < plan.populations.count else {
      report(location, "there is no population \"\(name)\"")
      return nil
    }
    let (cells, neurons) = (plan.populations[population].size, plan.populations[target].size)
    guard plan.populations[population].engine == .grid, plan.populations[population].states.contains(variable) else {
      let able = catalogue.neurons.filter { model in
        (model as? any ClockedNeuron.Type)?.stateFields.contains { $0.name == variable } ?? false
      }
      report(
        location, "\(plan.populations[population].model) has no state \(variable) on the grid, which \(rule.rule) reads",
        hint: "models with it: \(able.map { $0.name }.joined(separator: ", "))")
      return nil
    }
    guard neurons % cells == 0 else {
      report(
        location, "\(neurons) target neurons can't share \(cells) astrocytes evenly",
        hint: "their number must be a multiple of that of the astrocytes: neuron j has astrocyte j * astrocytes / neurons")
      return nil
    }
    let every = Time(milliseconds: interval)
    guard every.picoseconds % plan.step.picoseconds == 0 else {
      report(
        place(rule.location, "astrocyte_interval"),
        "\(interval) ms is not a multiple of the resolution of \(plan.step.milliseconds) ms")
      return nil
    }
    return AstrocyteSource(population: population, variable: variable, interval: every, cells: cells, neurons: neurons)
  }

  /// Whether a connection can carry what it is to; reports it else.
  mutating func carries(_ synapse: SynapseChoice, from source: Int, to target: Int, _ projection: ProjectionPlan) -> Bool {
    let current = source < plan.populations.count ? plan.populations[source].slowCurrent : nil
    let place = place(projection.location, "synapse")
    switch synapse {
    case .spikes:
      guard current != nil else { return true }
      report(
        place, "\"\(projection.source)\" sends no spikes: \(plan.populations[source].model) has a slow inward current instead",
        hint: "\"synapse\": \"sic_connection\"")
    case .slowCurrent:
      if current == nil {
        report(
          place, "\"\(projection.source)\" has no slow inward current",
          hint: "connections of the type sic_connection start from astrocytes, such as astrocyte_lr_1994")
      } else if plan.populations[target].weightKind == .count {
        report(place, "\(plan.populations[target].model) takes spikes only, no current")
      } else if !projection.plasticity.isEmpty {
        report(self.place(projection.location, "plasticity"), "a connection without spikes can't learn")
      } else {
        return true
      }
    }
    return false
  }
}
