import SNNDynamics

/// Triplet rule: pairs of spikes whose effect grows with the spikes just before them. Traces r₁ (τ₊), r₂ (τ_x) of presynaptic and
/// o₁ (τ₋), o₂ (τ_y) of postsynaptic spikes, each taken just before the spike in hand:
///
///     pre spike:   w ← w − o₁ (A₂₋ + A₃₋ r₂)          post spike:  w ← w + r₁ (A₂₊ + A₃₊ o₂)          0 ≤ w ≤ w_max
///
/// Pfister & Gerstner (2006), doi:10.1523/JNEUROSCI.1425-06.2006; NEST's stdp_triplet_synapse, whose defaults (visual cortex,
/// all-to-all) these are. `nearest` lets a trace become 1 instead of growing by 1.
public struct STDPTriplet: LearningRule {
  public static let name = "stdp_triplet"
  public static let summary = "Triplet spike-timing-dependent plasticity."
  public static let equations = """
    r_1, r_2: +1 (nearest: = 1) at a pre spike; decay tau_plus, tau_x.  o_1, o_2: the same at a post spike; tau_minus, tau_y
    pre spike: w -= o_1*(A2_minus + A3_minus*r_2);  post spike: w += r_1*(A2_plus + A3_plus*o_2);  0 <= w <= w_max
    """
  public static let pairing = """
    Window: that of pairs, exp(-dt/tau_plus) for dt > 0 and exp(dt/tau_minus) for dt < 0, times the triplet factors.
    All spikes (all_to_all) or the latest of each side (nearest); r_2 and o_2 are those before the spike in hand.
    dt = 0: the post spike comes first, with traces that lack this pre spike; the pair itself changes nothing (as in NEST).
    """
  public static let source = "Pfister & Gerstner (2006), doi:10.1523/JNEUROSCI.1425-06.2006; NEST stdp_triplet_synapse"
  public static let choices = [
    ParameterChoice<Self>("pairing", \.nearest, ["all_to_all", "nearest"], "which spikes count")
  ]
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_plus", \.tauPlus, .ms, "decay of r_1", .positive),
    Parameter("tau_x", \.tauX, .ms, "decay of r_2", .positive),
    Parameter("tau_minus", \.tauMinus, .ms, "decay of o_1", .positive),
    Parameter("tau_y", \.tauY, .ms, "decay of o_2", .positive),
    Parameter("A2_plus", \.a2Plus, .none, "potentiation by a pair", .nonNegative),
    Parameter("A3_plus", \.a3Plus, .none, "potentiation by a triplet", .nonNegative),
    Parameter("A2_minus", \.a2Minus, .none, "depression by a pair", .nonNegative),
    Parameter("A3_minus", \.a3Minus, .none, "depression by a triplet", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var tauPlus = 16.8, tauX = 101.0, tauMinus = 33.7, tauY = 125.0
  public var a2Plus = 5e-10, a3Plus = 6.2e-3, a2Minus = 7e-3, a3Minus = 2.3e-4, wMax = 100.0
  public var nearest = 0
  public init() {}

  public var presynapticTraces: Traces { .two(tauPlus, tauX, isNearest: nearest == 1) }
  public var postsynapticTraces: Traces { .two(tauMinus, tauY, isNearest: nearest == 1) }

  @inlinable public func presynapticSpike(_ s: inout PlasticWeight, _ t: TraceValues) {
    s.weight = max(0, s.weight - t.post.x * (a2Minus + a3Minus * t.pre.y))
  }
  @inlinable public func postsynapticSpike(_ s: inout PlasticWeight, _ t: TraceValues) {
    s.weight = min(wMax, s.weight + t.pre.x * (a2Plus + a3Plus * t.post.y))
  }
}
