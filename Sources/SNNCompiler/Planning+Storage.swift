import SNNDescription
import SNNDynamics
import SNNKernel

/// Whether the synapses of a projection are kept in tables or regenerated when their source spikes.
enum Storage: String, Sendable, CaseIterable { case auto, stored, procedural }

extension PlannedConnection {
  var canBeProcedural: Bool { if case .bySource = blueprint.connectivity { true } else { false } }
  var bytesPerSynapse: Int {
    isProcedural ? 0 : plasticity?.bytesPerSynapse(blueprint) ?? blueprint.bytesPerSynapse
  }
}

extension Planning {
  /// The storage that the file asks for, as far as the rule allows it.
  mutating func storage(_ projection: ProjectionPlan, _ rule: any ConnectionRule) -> Storage {
    let storage = projection.storage.flatMap(Storage.init(rawValue:)) ?? .auto
    guard storage == .procedural, !(rule is any SourceRows) else { return storage }
    let able = catalogue.rules.filter { $0 is any SourceRows.Type }.map { "\"\($0.description.name)\"" }
    report(
      place(projection.location, "storage"),
      "the rule \"\(projection.rule.type)\" can't regenerate the synapses of one source without those of all others",
      hint: "\"procedural\" goes with the rules \(able.joined(separator: ", ")); leave storage out otherwise")
    return .stored
  }

  /// Where tables would need more than `available` bytes, regenerates synapses instead: of the largest projections that leave
  /// the choice and can, as many as it takes. Results are the same, so the choice may look at the machine.
  mutating func fit(into available: Double) {
    let order = plan.connections.indices
      .filter { plan.connections[$0].storage == .auto && plan.connections[$0].canBeProcedural }
      .sorted { plan.tableBytes(plan.connections[$0]) > plan.tableBytes(plan.connections[$1]) }
    for c in order where plan.predictedBytes > available {
      let bytes = plan.tableBytes(plan.connections[c])
      plan.connections[c].isProcedural = true
      plan.notes.append(
        "\(plan.connections[c].blueprint.name): synapses are regenerated at each spike (storage \"procedural\"), because their "
          + "tables would need \(gigabytes(bytes)) GB and \(gigabytes(available)) GB are available in all; results are the same")
    }
  }

  private func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10)" }
}
