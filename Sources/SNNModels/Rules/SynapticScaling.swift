import SNNDynamics

/// Synaptic scaling: slowly, all weights onto a neuron grow or shrink together until it fires at its target rate.
///
///     every `interval`:  w ← w (1 + η (r_target − r)),    r = y/τ        0 ≤ w ≤ w_max
///
/// with the trace y of the neuron's spikes (+1 at each, decay τ), whose mean is τ r. Ratios of weights stay as they are, but at the
/// bound. Turrigiano et al. (1998), doi:10.1038/36103; as multiplicative rule with a rate sensor van Rossum, Bi & Turrigiano (2000),
/// doi:10.1523/JNEUROSCI.20-23-08812.2000. The time constant 1/(η r) · interval should be ten times τ or more, or rates oscillate.
public struct SynapticScaling: LearningRule {
  public static let name = "synaptic_scaling"
  public static let summary = "Scales all weights onto a neuron towards its target rate."
  public static let equations = """
    y: +1 at a post spike; decay tau;  r = y/tau
    every interval: w *= 1 + eta*(rate - r);  0 <= w <= w_max
    """
  public static let pairing = "No pairs: presynaptic spikes change nothing."
  public static let source = "van Rossum, Bi & Turrigiano (2000), doi:10.1523/JNEUROSCI.20-23-08812.2000"
  public static let parameters: [Parameter<Self>] = [
    Parameter("rate", \.rate, .Hz, "target rate", .nonNegative),
    Parameter("eta", \.eta, .none, "part of the weight per Hz of difference", .nonNegative),
    Parameter("tau", \.tau, .ms, "time constant of the rate", .positive),
    Parameter("interval", \.interval, .ms, "time between two scalings", .positive),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var rate = 5.0, eta = 1e-3, tau = 1000.0, interval = 1000.0, wMax = 1e9
  public init() {}

  public var postsynapticTraces: Traces { .one(tau) }
  public var tickInterval: Double? { interval }

  @inlinable public func tick(_ s: inout PlasticWeight, _ t: TraceValues, _ onto: SynapsesOntoNeuron) {
    s.weight = min(wMax, max(0, s.weight * (1 + eta * (rate - 1000 * t.post.x / tau))))
  }
}
