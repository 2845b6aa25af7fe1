import Foundation
import SNNDynamics

/// Pair STDP that becomes a change of weight only while calcium is high in the astrocyte of the target neuron: a three-factor rule.
///
///     e: decays with τ_e;   post spike: e ← e + A₊ x_pre;   pre spike: e ← e − A₋ x_post
///     dw/dt = η M(C) e,   M(C) = 1/(1 + e^(−(C − C_th)/s)),   0 ≤ w ≤ w_max
///
/// x_pre and x_post grow by 1 at a spike and decay with τ₊ and τ₋. C is the calcium as it was at the astrocyte's last sample. No
/// agreed equation exists; the parts are those of Tang et al. (2019), arXiv:1907.01620 (an astrocyte's event switches STDP on),
/// and of Wade et al. (2011), doi:10.1371/journal.pone.0029445 (calcium decides about plasticity); this form is ours.
public struct AstrocyteGatedSTDP: LearningRule {
  public static let name = "astrocyte_gated_stdp"
  public static let summary = "Spike-timing-dependent plasticity while the target's astrocyte is active."
  public static let equations = """
    x_pre, x_post: +1 at a pre, post spike; decay with tau_plus, tau_minus
    de/dt = -e/tau_e;  post spike: e += A_plus*x_pre;  pre spike: e -= A_minus*x_post
    dw/dt = eta*M(C)*e;  M(C) = 1/(1 + exp(-(C - C_th)/s));  0 <= w <= w_max
    C: Ca_astro of the astrocyte of the target neuron, as it was at the last sample
    """
  public static let pairing = """
    Window: A_plus*exp(-dt/tau_plus) for dt > 0, -A_minus*exp(dt/tau_minus) for dt < 0, all pairs, into the eligibility e.
    dt = 0: the post spike comes first, with an x_pre that lacks this pre spike; the pair itself changes nothing.
    """
  public static let source =
    "after Tang et al. (2019), arXiv:1907.01620, and Wade et al. (2011), doi:10.1371/journal.pone.0029445"
  @inlinable public static var astrocyteVariable: String? { "Ca_astro" }
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_plus", \.tauPlus, .ms, "decay of the presynaptic trace", .positive),
    Parameter("tau_minus", \.tauMinus, .ms, "decay of the postsynaptic trace", .positive),
    Parameter("A_plus", \.aPlus, .none, "eligibility by a pair pre before post", .nonNegative),
    Parameter("A_minus", \.aMinus, .none, "loss of eligibility by a pair post before pre", .nonNegative),
    Parameter("tau_e", \.tauE, .ms, "decay of eligibility", .positive),
    Parameter("eta", \.eta, .perMillisecond, "change of weight per eligibility, in the unit of the weight", .nonNegative),
    Parameter("C_th", \.cTh, .micromolar, "calcium at which the gate is half open", .nonNegative),
    Parameter("s", \.slope, .micromolar, "width of the gate", .positive),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var tauPlus = 20.0, tauMinus = 20.0, aPlus = 0.01, aMinus = 0.0105, tauE = 1000.0, eta = 1e-3
  public var cTh = 0.19669, slope = 0.02, wMax = 1.0
  public init() {}

  public struct Synapse: PlasticSynapse {
    public var weight: Double
    public var eligibility = 0.0
    @inlinable public init(weight: Double) { self.weight = weight }
  }

  public var presynapticTraces: Traces { .one(tauPlus) }
  public var postsynapticTraces: Traces { .one(tauMinus) }

  @inlinable public func presynapticSpike(_ s: inout Synapse, _ t: TraceValues) { s.eligibility -= aMinus * t.post.x }
  @inlinable public func postsynapticSpike(_ s: inout Synapse, _ t: TraceValues) { s.eligibility += aPlus * t.pre.x }

  @inlinable public static var evolves: Bool { true }
  @inlinable public func evolve(_ s: inout Synapse, _ dt: Double, modulator calcium: Double) {
    let gate = 1 / (1 + exp((cTh - calcium) / slope))
    let lost = -expm1(-dt / tauE)
    s.weight = min(wMax, max(0, s.weight + eta * gate * s.eligibility * tauE * lost))
    s.eligibility -= s.eligibility * lost
  }
}
