import SNNDynamics
import SNNSignals

extension SynapseTable {
  /// Appends an event for each synapse of the spiking sources.
  func deliver(_ packet: SpikePacket, into inbox: EventInbox) {
    let kind: NeuronEvent.Kind = receptor == .excitatory ? .excitatory : .inhibitory
    for spike in packet.spikes {
      for place in row(Int(spike.id)) {
        inbox.append(
          NeuronEvent(
            time: spike.time + exactDelay(place), value: weight(place), index: UInt32(targets[place]), kind: kind))
      }
    }
  }

  @inline(__always)
  private func exactDelay(_ place: Int) -> Time {
    switch delays {
    case .sharedTime(let time): time
    case .times(let counts, let shift): Time(picoseconds: Int64(counts[place]) &<< Int64(shift))
    case .sharedSteps, .byteSteps, .shortSteps:
      preconditionFailure("a table with delays in steps reached an exact chunk")
    }
  }
}
