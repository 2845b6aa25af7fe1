/// The way back through a layer: from the last event of the log to the first, exact up to rounding.
///
///     arrival of spike k through a synapse of weight w, delay d, at neuron j (where j's own variables do not jump):
///       ∂L/∂w += −τ_s λ_I,   x = w (λ_V − λ_I),   ∂L/∂d += x,   ∂L/∂t_k += x
///     spike k of neuron j:  λ_V ← λ_V + (θ λ_V + ∂L/∂t_k)/(τ_m V̇_k)
///
/// where ∂L/∂t_k holds by then what all arrivals of the spike and the loss itself have to say of its time. Wunderlich & Pehle
/// (2021), doi:10.1038/s41598-021-91786-z; with delays Mészáros, Knight & Nowotny (2025), arXiv:2501.07331.
extension EventLayer {
  /// The least V̇ in 1/ms, as a multiple of θ, that a spike's derivative is divided by: where the membrane only grazes the
  /// threshold the gradient has a pole.
  static var leastSlope: Double { 1e-3 }

  /// - Parameters:
  ///   - gradient: With respect to weights and delays of the inputs' synapses; the sample's is added.
  ///   - inputDerivatives: With respect to the times of the inputs' spikes; the layer's part is added.
  mutating func goBack(
    _ inputs: [TimedSpike], _ synapses: EventSynapses, _ gradient: EventSynapses,
    recurrent: (synapses: EventSynapses, gradient: EventSynapses)?, until end: Double, _ inputDerivatives: inout [Double]
  ) {
    var adjoints = [LeakyNeuron.Adjoint](repeating: LeakyNeuron.Adjoint(time: end), count: size)
    for event in log.reversed() {
      let (j, k) = (Int(event.neuron), Int(event.spike))
      neuron.flowBack(&adjoints[j], to: event.time)
      if event.kind == .spike {
        let slope = max(spikes[k].slope, Self.leastSlope * neuron.threshold)
        adjoints[j].v += (neuron.threshold * adjoints[j].v + derivatives[k]) / (neuron.tauM * slope)
        continue
      }
      if adjoints[j].isZero { continue }
      if event.kind == .input {
        inputDerivatives[k] += arrive(adjoints[j], inputs[k].neuron * size + j, synapses, gradient)
      } else if let recurrent {
        derivatives[k] += arrive(adjoints[j], spikes[k].neuron * size + j, recurrent.synapses, recurrent.gradient)
      }
    }
  }

  /// Adds an arrival to the gradient; returns the derivative with respect to its time.
  @inline(__always)
  private func arrive(
    _ adjoint: LeakyNeuron.Adjoint, _ place: Int, _ synapses: EventSynapses, _ gradient: EventSynapses
  ) -> Double {
    gradient.weight.start[place] -= neuron.tauS * adjoint.i
    let x = synapses.weight.start[place] * (adjoint.v - adjoint.i)
    if let delay = gradient.delay { delay.start[place] += x }
    return x
  }
}
