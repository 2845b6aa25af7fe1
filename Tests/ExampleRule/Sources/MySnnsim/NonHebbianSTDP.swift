import SNNSim

/// Pair-based plasticity with non-Hebbian terms: each spike changes the weight by itself too, which can keep the rate of the
/// target neuron stable without bounds.
///
///     pre spike:   w ← w + η (w_in − A₋ y)          post spike:  w ← w + η (w_out + A₊ x)          0 ≤ w ≤ w_max
///
/// with traces x of the presynaptic and y of the postsynaptic spikes, +1 at each. Kempter, Gerstner & van Hemmen (1999),
/// doi:10.1103/PhysRevE.59.4498.
public struct NonHebbianSTDP: LearningRule {
  public static let name = "stdp_non_hebbian"
  public static let summary = "Pair-based plasticity in which each spike also changes the weight by itself."
  public static let equations = """
    x, y: +1 at a pre, post spike; decay tau_plus, tau_minus
    pre spike: w += eta*(w_in - A_minus*y);  post spike: w += eta*(w_out + A_plus*x);  0 <= w <= w_max
    """
  public static let pairing = "All pairs; window exp(-|dt|/tau). dt = 0: the pair itself changes nothing."
  public static let source = "Kempter, Gerstner & van Hemmen (1999), doi:10.1103/PhysRevE.59.4498"

  // 1. Parameters: a property each, and one row of the table, from which parsing, checks, `models` and the schema are made.
  public var tauPlus = 10.0, tauMinus = 10.0, aPlus = 1.0, aMinus = 1.0, wIn = 0.1, wOut = -0.1, eta = 1e-3, wMax = 1.0
  public init() {}
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_plus", \.tauPlus, .ms, "decay of x", .positive),
    Parameter("tau_minus", \.tauMinus, .ms, "decay of y", .positive),
    Parameter("A_plus", \.aPlus, .none, "potentiation by a pair", .nonNegative),
    Parameter("A_minus", \.aMinus, .none, "depression by a pair", .nonNegative),
    Parameter("w_in", \.wIn, .none, "change by a presynaptic spike alone"),
    Parameter("w_out", \.wOut, .none, "change by a postsynaptic spike alone"),
    Parameter("eta", \.eta, .none, "size of all changes, in the unit of the weight", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]

  // 2. Traces, which the kernel keeps and decays exactly.
  public var presynapticTraces: Traces { .one(tauPlus) }
  public var postsynapticTraces: Traces { .one(tauMinus) }

  // 3. What happens at a spike. Both traces are those just before it.
  public func presynapticSpike(_ s: inout PlasticWeight, _ traces: TraceValues) {
    s.weight = min(wMax, max(0, s.weight + eta * (wIn - aMinus * traces.post.x)))
  }
  public func postsynapticSpike(_ s: inout PlasticWeight, _ traces: TraceValues) {
    s.weight = min(wMax, max(0, s.weight + eta * (wOut + aPlus * traces.pre.x)))
  }
}
