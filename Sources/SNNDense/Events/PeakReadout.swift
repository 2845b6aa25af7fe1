/// The highest potential of leaky integrators that hear a layer's spikes and never spike.
///
///     o = max V(t), 0 ≤ t ≤ T,  V(t) = Σ w k(t − s),  s the arrival of each spike;   k(u) = r (e^(−u/τ_m) − e^(−u/τ_s))
///
/// Where the peak is smooth, or at T, its own time does not count: ∂o/∂w = k(t* − s), ∂o/∂s = −w k′(t* − s). A peak at an
/// inhibitory arrival moves with it, and that arrival has ∂o/∂s = V̇ before it instead.
struct PeakReadout {
  let neuron: LeakyNeuron
  /// T in ms.
  let end: Double
  /// The peak of each output.
  private(set) var peaks: [Peak] = []

  struct Peak {
    var value = 0.0
    var time = 0.0
    /// The spike whose arrival cuts the rise off, and V̇ before.
    var cut: (spike: Int, slope: Double)?
  }

  init(_ neuron: LeakyNeuron, end: Double) { (self.neuron, self.end) = (neuron, end) }

  mutating func add(_ spikes: [TimedSpike], _ synapses: EventSynapses, to outputs: inout [Double]) {
    peaks = (0..<synapses.targets).map { peak(of: $0, spikes, synapses) }
    for (output, peak) in peaks.enumerated() { outputs[output] += peak.value }
  }

  private func peak(of output: Int, _ spikes: [TimedSpike], _ synapses: EventSynapses) -> Peak {
    var arrivals: [EventLayer.Event] = []
    synapses.arrivals(at: output, of: spikes, until: end, into: &arrivals)
    var (peak, state) = (Peak(), LeakyNeuron.State())
    for k in 0...arrivals.count {
      let arrival = k < arrivals.count ? arrivals[k] : nil
      let next = arrival?.time ?? end
      if let top = neuron.standstill(state, before: next) {
        var there = state
        neuron.flow(&there, to: top)
        if there.v > peak.value { peak = Peak(value: there.v, time: top) }
      }
      neuron.flow(&state, to: next)
      if state.v > peak.value {
        peak = Peak(value: state.v, time: next, cut: arrival.map { (Int($0.spike), neuron.slope(state)) })
      }
      if let arrival { state.i += synapses.weight.start[spikes[Int(arrival.spike)].neuron * synapses.targets + output] }
    }
    return peak
  }

  /// - Parameter errors: Derivatives of the loss with respect to the outputs.
  func goBack(
    _ spikes: [TimedSpike], _ synapses: EventSynapses, _ gradient: EventSynapses, errors: [Double],
    _ derivatives: inout [Double]
  ) {
    for (output, peak) in peaks.enumerated() {
      for (k, spike) in spikes.enumerated() {
        let place = spike.neuron * synapses.targets + output
        let u = peak.time - synapses.arrival(spike.time, place)
        guard u > 0 || peak.cut?.spike == k else { continue }
        let response = neuron.response(max(u, 0))
        gradient.weight.start[place] += errors[output] * response.value
        let slope = peak.cut.flatMap { $0.spike == k ? $0.slope : nil } ?? -synapses.weight.start[place] * response.slope
        if let delay = gradient.delay { delay.start[place] += errors[output] * slope }
        derivatives[k] += errors[output] * slope
      }
    }
  }
}
