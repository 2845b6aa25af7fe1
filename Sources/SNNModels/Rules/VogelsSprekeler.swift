import SNNDynamics

/// Inhibitory plasticity that balances excitation: the rate of the target neuron moves to ρ₀ = α / (2 τ).
///
///     pre spike:   w ← w + η (x_post − α)          post spike:  w ← w + η x_pre          0 ≤ w ≤ w_max
///
/// with traces that grow by 1 at each spike and decay with τ; w is the strength of the inhibitory synapse, whatever its sign in
/// the network file. Vogels, Sprekeler, Zenke, Clopath & Gerstner (2011), doi:10.1126/science.1211095; NEST's
/// vogels_sprekeler_synapse.
public struct VogelsSprekeler: PairRule {
  public static let name = "vogels_sprekeler"
  public static let summary = "Inhibitory plasticity that brings the target neuron to a set rate."
  public static let equations = """
    x_pre, x_post: +1 at a pre, post spike; decay tau
    pre spike: w += eta*(x_post - alpha);  post spike: w += eta*x_pre;  0 <= w <= w_max
    w is the magnitude of the weight; alpha = 2*tau*rate (tau = 20 ms: 0.12 for 3 Hz)
    """
  public static let pairing = """
    Window: exp(-|dt|/tau), all pairs; each pre spike also depresses by eta*alpha.
    dt = 0: the post spike comes first, with a trace that lacks this pre spike; the pair itself changes nothing.
    """
  public static let source = "Vogels et al. (2011), doi:10.1126/science.1211095; NEST vogels_sprekeler_synapse"
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau", \.tau, .ms, "decay of both traces", .positive),
    Parameter("eta", \.eta, .none, "size of a change, in the unit of the weight", .nonNegative),
    Parameter("alpha", \.alpha, .none, "depression by each presynaptic spike", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var tau = 20.0, eta = 0.001, alpha = 0.12, wMax = 1.0
  public init() {}

  public var presynapticTraces: Traces { .one(tau) }
  public var postsynapticTraces: Traces { .one(tau) }

  @inlinable @inline(__always) public func afterPresynapticSpike(_ w: Lanes, _ k: Lanes) -> Lanes {
    ((w + eta * k).atMost(wMax) - eta * alpha).atLeast(0)
  }
  @inlinable @inline(__always) public func afterPostsynapticSpike(_ w: Lanes, _ k: Lanes) -> Lanes {
    (w + eta * k).atMost(wMax)
  }
}
