import SNNSignals

extension WindowLoop: Checkpointed {
  /// Everything that the next windows depend on, between two calls of ``run(until:)``: neurons, what is on its way, synapses,
  /// sources. Not what is made with the network, nor who runs what: a checkpoint may be restored onto any number of workers.
  public func pass(through state: StateTransfer) throws {
    try state.section("loop") { try passTimes(through: state) }
    for (s, signal) in network.signals.enumerated() { try state.section("signal \(s)") { try signal.pass(through: state) } }
    for (s, schedule) in network.schedules.enumerated() {
      try state.section("schedule \(s)") { try schedule.pass(through: state) }
    }
    try state.section("board") { try board.pass(through: state) }
    for population in network.populations {
      for c in population.chunks {
        try state.section("chunk \(c) of \(population.name)") { try network.chunks[c].pass(through: state) }
      }
    }
    // What the spikes of a cut window cross is drawn again.
    if state.isRestoring && now != network.windowLength * now.stepsFloor(network.windowLength) {
      ProceduralProjection.regenerate(network.procedural, board, pool)
    }
  }
}

/// The records of changes of a network, which outlive their windows.
public final class ProbeStates: Checkpointed {
  private let network: CompiledNetwork

  init(_ network: CompiledNetwork) { self.network = network }

  /// After the loop's own state.
  public func pass(through state: StateTransfer) throws {
    for (p, probe) in network.changeProbes.enumerated() {
      try state.section("changes \(p)") { try probe.pass(through: state, network) }
    }
  }

  /// Records begin at `time`.
  public func begin(at time: Time) {
    for probe in network.changeProbes { probe.begin(at: time) }
  }
}
