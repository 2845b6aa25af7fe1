import SNNDynamics

/// Spike-timing-dependent plasticity of Diehl & Cook's digit learner: nearest spikes, and potentiation only where the target neuron
/// has spiked before, so that it grows with its rate.
///
///     pre spike:   w ← w − η₋ y₁          post spike:  w ← w + η₊ x y₂          0 ≤ w ≤ w_max
///
/// x, y₁, y₂ become 1 at a spike and decay with τ_pre, τ_post1, τ_post2; y₂ is that before the spike in hand. Every `interval` the
/// weights onto a neuron are scaled to the sum `norm`.
public struct STDPDiehlCook: LearningRule {
  public static let name = "stdp_diehl_cook"
  public static let summary = "Nearest-spike triplet plasticity with a fixed sum of weights onto each neuron."
  public static let equations = """
    x, y_1, y_2: = 1 at a pre, post, post spike; decay tau_pre, tau_post1, tau_post2
    pre spike: w -= eta_minus*y_1;  post spike: w += eta_plus*x*y_2;  0 <= w <= w_max
    every interval: w *= norm/(sum of the weights onto the neuron)
    """
  public static let pairing = """
    Window: exp(-dt/tau_pre) for dt > 0, exp(dt/tau_post1) for dt < 0; each spike with the latest of the other side.
    dt = 0: the post spike comes first, with a trace that lacks this pre spike; the pair itself changes nothing.
    """
  public static let source = "Diehl & Cook (2015), doi:10.3389/fncom.2015.00099"
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_pre", \.tauPre, .ms, "decay of x", .positive),
    Parameter("tau_post1", \.tauPost1, .ms, "decay of y_1", .positive),
    Parameter("tau_post2", \.tauPost2, .ms, "decay of y_2", .positive),
    Parameter("eta_minus", \.etaMinus, .none, "depression by a presynaptic spike", .nonNegative),
    Parameter("eta_plus", \.etaPlus, .none, "potentiation by a postsynaptic spike", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
    Parameter("norm", \.norm, .none, "sum of the weights onto a neuron, in their unit", .positive),
    Parameter("interval", \.interval, .ms, "time between two scalings", .positive),
  ]
  public var tauPre = 20.0, tauPost1 = 20.0, tauPost2 = 40.0, etaMinus = 1e-4, etaPlus = 1e-2, wMax = 1.0
  public var norm = 78.0, interval = 500.0
  public init() {}

  public var presynapticTraces: Traces { .one(tauPre, isNearest: true) }
  public var postsynapticTraces: Traces { .two(tauPost1, tauPost2, isNearest: true) }
  public var tickInterval: Double? { interval }

  @inlinable public func presynapticSpike(_ s: inout PlasticWeight, _ t: TraceValues) {
    s.weight = max(0, s.weight - etaMinus * t.post.x)
  }
  @inlinable public func postsynapticSpike(_ s: inout PlasticWeight, _ t: TraceValues) {
    s.weight = min(wMax, s.weight + etaPlus * t.pre.x * t.post.y)
  }
  @inlinable public func tick(_ s: inout PlasticWeight, _ t: TraceValues, _ onto: SynapsesOntoNeuron) {
    if onto.totalWeight > 0 { s.weight *= norm / onto.totalWeight }
  }
}
