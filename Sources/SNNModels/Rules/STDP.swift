import SNNDynamics

/// Pair-based spike-timing-dependent plasticity. Each pair of spikes changes the weight by its distance in time, through a trace
/// K₊ of the presynaptic and K₋ of the postsynaptic spikes (+1 at a spike, or = 1 with `nearest`; decay τ₊, τ₋):
///
///     post spike:  w ← w + λ w_max (1 − w/w_max)^μ₊ K₊          pre spike:  w ← w − α λ w_max (w/w_max)^μ₋ K₋
///     power_law:   w ← w + λ w₀ (w/w₀)^μ₊ K₊                                w ← w − α λ w K₋       (no upper bound)
///
/// within [0, w_max]. `additive` is μ₊ = μ₋ = 0 (Song, Miller & Abbott 2000, doi:10.1038/78829), `multiplicative` takes μ₊ and μ₋
/// as given (Gütig et al. 2003, doi:10.1523/JNEUROSCI.23-09-03697.2003; both 1: Rubin, Lee & Sompolinsky 2001), `power_law` is
/// Morrison, Aertsen & Diesmann (2007), doi:10.1162/neco.2007.19.6.1437. NEST's stdp_synapse, stdp_pl_synapse_hom (w₀ = 1) and
/// stdp_nn_symm_synapse; that one pairs postsynaptic spikes before the first presynaptic one with a spike at t = 0, which was none.
public struct STDP: PairRule {
  public static let name = "stdp"
  public static let summary = "Pair-based spike-timing-dependent plasticity: additive, multiplicative or power law."
  public static let equations = """
    K_plus, K_minus: +1 (nearest: = 1) at a pre, post spike; decay with tau_plus, tau_minus
    post spike: w += lambda*w_max*(1 - w/w_max)^mu_plus*K_plus;  pre spike: w -= alpha*lambda*w_max*(w/w_max)^mu_minus*K_minus
    additive: mu_plus = mu_minus = 0;  0 <= w <= w_max
    power_law: w += lambda*w_0*(w/w_0)^mu_plus*K_plus;  w -= alpha*lambda*w*K_minus;  0 <= w
    """
  public static let pairing = """
    Window: exp(-dt/tau_plus) for dt = t_post + dendritic delay - t_pre - axonal delay > 0, exp(dt/tau_minus) for dt < 0.
    All pairs (all_to_all) or each spike with the latest of the other side (nearest).
    dt = 0: the post spike comes first, with a K_plus that lacks this pre spike; the pair itself changes nothing (as in NEST).
    """
  public static let source =
    "Song, Miller & Abbott (2000), doi:10.1038/78829; Morrison et al. (2007), doi:10.1162/neco.2007.19.6.1437"
  public static let choices = [
    ParameterChoice<Self>("dependence", \.dependence, ["multiplicative", "additive", "power_law"], "how a change depends on w"),
    ParameterChoice<Self>("pairing", \.nearest, ["all_to_all", "nearest"], "which pairs of spikes count"),
  ]
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_plus", \.tauPlus, .ms, "decay of the presynaptic trace", .positive),
    Parameter("tau_minus", \.tauMinus, .ms, "decay of the postsynaptic trace", .positive),
    Parameter("lambda", \.lambda, .none, "size of a change", .nonNegative),
    Parameter("alpha", \.alpha, .none, "depression over potentiation", .nonNegative),
    Parameter("mu_plus", \.muPlus, .none, "exponent of potentiation", .nonNegative),
    Parameter("mu_minus", \.muMinus, .none, "exponent of depression", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
    Parameter("w_0", \.w0, .none, "unit of the power law, in the unit of the weight", .positive),
  ]
  public var tauPlus = 20.0, tauMinus = 20.0, lambda = 0.01, alpha = 1.0, muPlus = 1.0, muMinus = 1.0, wMax = 100.0, w0 = 1.0
  public var dependence = 0, nearest = 0
  public init() {}

  public var largestWeight: Double { dependence == 2 ? .infinity : wMax }
  public var presynapticTraces: Traces { .one(tauPlus, isNearest: nearest == 1) }
  public var postsynapticTraces: Traces { .one(tauMinus, isNearest: nearest == 1) }

  @inlinable @inline(__always) public func afterPostsynapticSpike(_ w: Lanes, _ k: Lanes) -> Lanes {
    switch dependence {
    case 1: (w + lambda * wMax * k).atMost(wMax)
    case 2: w + lambda * w0 * (w * (1 / w0)).power(muPlus) * k
    default: (w + lambda * wMax * power(1 - w * (1 / wMax), muPlus) * k).atMost(wMax)
    }
  }
  @inlinable @inline(__always) public func afterPresynapticSpike(_ w: Lanes, _ k: Lanes) -> Lanes {
    switch dependence {
    case 1: (w - alpha * lambda * wMax * k).atLeast(0)
    case 2: (w - alpha * lambda * w * k).atLeast(0)
    default: (w - alpha * lambda * wMax * power(w * (1 / wMax), muMinus) * k).atLeast(0)
    }
  }
  @inlinable @inline(__always) func power(_ x: Lanes, _ exponent: Double) -> Lanes {
    exponent == 1 ? x : x.atLeast(0).power(exponent)
  }
}
