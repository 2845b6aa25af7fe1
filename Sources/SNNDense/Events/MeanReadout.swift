/// The mean of leaky integrators that hear a layer's spikes and never spike.
///
///     o = (1/T) ∫₀ᵀ e^(−λ t/T) V(t) dt = Σ w K(s),   s the arrival of each spike,  K(s) = (1/T) ∫ₛᵀ e^(−λ t/T) k(t − s) dt
///     k(u) = r (e^(−u/τ_m) − e^(−u/τ_s))
///
/// The integrator is linear: what the adjoint equations say of it is K and K′, in closed form.
struct MeanReadout {
  let neuron: LeakyNeuron
  /// T in ms.
  let end: Double
  /// λ: how much less late potentials count. Mészáros, Knight & Nowotny (2025), arXiv:2501.07331, take 1.
  let fade: Double

  /// K(s), and its slope in 1/ms.
  func response(_ s: Double) -> (value: Double, slope: Double) {
    guard s < end else { return (0, 0) }
    let rate = fade / end
    let (a, b) = (1 / neuron.tauM + rate, 1 / neuron.tauS + rate)
    let (membrane, synapse) = (Double.exponential(-a * (end - s)), Double.exponential(-b * (end - s)))
    let scale = neuron.ratio * Double.exponential(-rate * s) / end
    let value = scale * ((1 - membrane) / a - (1 - synapse) / b)
    return (value, scale * (synapse - membrane) - rate * value)
  }

  func add(_ spikes: [TimedSpike], _ synapses: EventSynapses, to outputs: inout [Double]) {
    forEach(spikes, synapses) { _, place, output, response in outputs[output] += synapses.weight.start[place] * response.value }
  }

  /// - Parameter errors: Derivatives of the loss with respect to the outputs.
  func goBack(
    _ spikes: [TimedSpike], _ synapses: EventSynapses, _ gradient: EventSynapses, errors: [Double],
    _ derivatives: inout [Double]
  ) {
    forEach(spikes, synapses) { spike, place, output, response in
      gradient.weight.start[place] += errors[output] * response.value
      let x = errors[output] * synapses.weight.start[place] * response.slope
      if let delay = gradient.delay { delay.start[place] += x }
      derivatives[spike] += x
    }
  }

  /// Each spike at each output: the spike's place, the synapse's, the output, K and K′.
  @inline(__always)
  private func forEach(
    _ spikes: [TimedSpike], _ synapses: EventSynapses, _ body: (Int, Int, Int, (value: Double, slope: Double)) -> Void
  ) {
    for (k, spike) in spikes.enumerated() {
      let row = spike.neuron * synapses.targets
      // Without delays a spike arrives everywhere at once.
      let shared: (value: Double, slope: Double)? = synapses.delay == nil ? response(spike.time) : nil
      for output in 0..<synapses.targets {
        body(k, row + output, output, shared ?? response(synapses.arrival(spike.time, row + output)))
      }
    }
  }
}
