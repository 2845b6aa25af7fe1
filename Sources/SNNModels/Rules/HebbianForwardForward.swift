import Foundation
import SNNDynamics

/// Forward-forward learning at single neurons: each learns to fire for positive data and to be silent for negative data. The
/// spikes of a third population, the `modulator`, say which are shown: data are positive while their trace n is above ½.
///
///     post spike:  w ← w + η (t − p) x,   p = 1/(1 + e^(−k (y − θ))),   t = 1 if n > ½, else 0;      0 ≤ w ≤ w_max
///
/// y, the neuron's own recent spikes, is its goodness, p its belief that the data are positive, and t − p the derivative of
/// ln p (positive) or ln(1 − p) (negative) by the excess k (y − θ). A spike stands for where the goodness depends on the
/// potential, and the presynaptic trace x for how the potential depends on the weight: three factors, all at the synapse.
/// Potentiation ends when y is above θ in positive data, depression when it is below in negative data. An inhibitory projection,
/// whose weights are magnitudes, takes a negative η.
///
/// Hinton (2022), arXiv:2212.13345, has the goodness of a whole layer, a sum of squares over its units that no synapse can know
/// of; the learner `spiking_forward_forward` has it too. Here every neuron is a layer by itself.
public struct HebbianForwardForward: LearningRule {
  public static let name = "hebbian_forward_forward"
  public static let summary =
    "Forward-forward at single neurons, which learn to fire for positive and to be silent for negative data."
  public static let equations = """
    x, y: +1 at a pre, post spike; decay with tau_plus, tau_y
    n: +1 at a spike of the modulator's population, modulator_delay later; decays with tau_n;  t = 1 if n > 1/2, else 0
    post spike: w += eta*(t - p)*x,  p = 1/(1 + exp(-k*(y - theta)));  0 <= w <= w_max
    """
  public static let pairing = """
    Window: exp(-dt/tau_plus) for dt > 0, all pairs; pre spikes change nothing. y is that before the post spike in hand.
    dt = 0: the post spike comes first, with an x that lacks this pre spike. A release counts for later spikes.
    """
  public static let source = "Hinton (2022), arXiv:2212.13345, of single neurons"
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_plus", \.tauPlus, .ms, "decay of the presynaptic trace", .positive),
    Parameter("tau_y", \.tauY, .ms, "decay of the goodness", .positive),
    Parameter("tau_n", \.tauN, .ms, "decay of the modulator", .positive),
    Parameter("eta", \.eta, .none, "size of a change, in the unit of the weight; negative for inhibitory synapses"),
    Parameter("theta", \.theta, .none, "goodness between positive and negative data, spikes", .nonNegative),
    Parameter("k", \.k, .none, "sharpness of the belief, per spike", .positive),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var tauPlus = 20.0, tauY = 200.0, tauN = 20.0, eta = 0.01, theta = 5.0, k = 1.0, wMax = 1.0
  public init() {}

  public struct Synapse: PlasticSynapse {
    public var weight: Double
    /// n at the latest event.
    @usableFromInline var modulator = 0.0
    public init(weight: Double) { self.weight = weight }
  }
  public var presynapticTraces: Traces { .one(tauPlus) }
  public var postsynapticTraces: Traces { .one(tauY) }
  public var modulatorTau: Double? { tauN }
  @inlinable public static var evolves: Bool { true }

  @inlinable public func evolve(_ s: inout Synapse, _ dt: Double, modulator: Double) {
    s.modulator = modulator * exp(-dt / tauN)
  }
  @inlinable public func postsynapticSpike(_ s: inout Synapse, _ traces: TraceValues) {
    let target = s.modulator > 0.5 ? 1.0 : 0.0
    let belief = 1 / (1 + exp(-k * (traces.post.x - theta)))
    s.weight = min(wMax, max(0, s.weight + eta * (target - belief) * traces.pre.x))
  }
}
