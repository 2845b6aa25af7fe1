import Foundation
import SNNDynamics

/// Spike-timing-dependent plasticity that dopamine turns into changes of the weight. Pairs of spikes move an eligibility c; the
/// spikes of a third population, the `modulator`, release dopamine n at all synapses of the projection:
///
///     post spike:  c ← c + A₊ K₊        pre spike:  c ← c − A₋ K₋        dc/dt = −c/τ_c
///     release:     n ← n + 1/τ_n                                         dn/dt = −n/τ_n
///     dw/dt = c (n − b),   w_min ≤ w ≤ w_max
///
/// Between events the integral is exact. The weight stops at a bound and leaves it as soon as dw/dt points inwards: where n falls
/// through b between two events, both sides count by themselves. NEST's stdp_dopamine_synapse bounds the weight at events only,
/// which differs with b > 0 at a bound; and each time that its volume_transmitter delivers (`deliver_interval`), a presynaptic
/// spike of the last minimal delay meets dopamine that came after it. A release acts `modulator_delay` after its spike, as one
/// that travels over a connection to NEST's volume_transmitter.
///
/// Izhikevich (2007), doi:10.1093/cercor/bhl152; Potjans, Morrison & Diesmann (2010), doi:10.3389/fncom.2010.00141.
public struct STDPDopamine: LearningRule {
  public static let name = "stdp_dopamine"
  public static let summary = "Spike-timing-dependent plasticity that dopamine turns into changes of the weight."
  public static let equations = """
    K_plus, K_minus: +1 at a pre, post spike; decay with tau_plus, tau_minus
    post spike: c += A_plus*K_plus;  pre spike: c -= A_minus*K_minus;  dc/dt = -c/tau_c
    spike of the modulator's population, modulator_delay later: n += 1/tau_n;  dn/dt = -n/tau_n
    dw/dt = c*(n - b);  w_min <= w <= w_max
    """
  public static let pairing = """
    Window (of c): exp(-dt/tau_plus) for dt > 0 and exp(dt/tau_minus) for dt < 0, all pairs.
    dt = 0: the post spike comes first, with a K_plus that lacks this pre spike; the pair itself changes nothing (as in NEST).
    """
  public static let source =
    "Izhikevich (2007), doi:10.1093/cercor/bhl152; Potjans et al. (2010), doi:10.3389/fncom.2010.00141; NEST stdp_dopamine_synapse"
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_plus", \.tauPlus, .ms, "decay of the presynaptic trace", .positive),
    Parameter("tau_minus", \.tauMinus, .ms, "decay of the postsynaptic trace", .positive),
    Parameter("A_plus", \.aPlus, .none, "eligibility of pre before post"),
    Parameter("A_minus", \.aMinus, .none, "loss of eligibility by post before pre"),
    Parameter("tau_c", \.tauC, .ms, "decay of the eligibility", .positive),
    Parameter("tau_n", \.tauN, .ms, "decay of dopamine", .positive),
    Parameter("b", \.b, .none, "concentration of dopamine that changes nothing, 1/ms"),
    Parameter("w_min", \.wMin, .none, "lower bound, in the unit of the weight", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var tauPlus = 20.0, tauMinus = 20.0, aPlus = 1.0, aMinus = 1.5, tauC = 1000.0, tauN = 200.0, b = 0.0
  public var wMin = 0.0, wMax = 200.0
  public init() {}
  public func problems() -> [String] { wMin > wMax ? ["w_min (\(wMin)) must not be above w_max (\(wMax))"] : [] }

  public struct Synapse: PlasticSynapse {
    public var weight: Double
    @usableFromInline var c = 0.0
    public init(weight: Double) { self.weight = weight }
  }
  public var presynapticTraces: Traces { .one(tauPlus) }
  public var postsynapticTraces: Traces { .one(tauMinus) }
  public var modulatorTau: Double? { tauN }
  @inlinable public static var evolves: Bool { true }

  @inlinable public func postsynapticSpike(_ s: inout Synapse, _ k: TraceValues) { s.c += aPlus * k.pre.x }
  @inlinable public func presynapticSpike(_ s: inout Synapse, _ k: TraceValues) { s.c -= aMinus * k.post.x }

  @inlinable public func evolve(_ s: inout Synapse, _ dt: Double, modulator: Double) {
    guard s.c != 0 else { return }
    let n = modulator / tauN
    let turn = b > 0 && n > b ? tauN * log(n / b) : .infinity
    if turn < dt {
      advance(&s, turn, n)
      advance(&s, dt - turn, b)
    } else {
      advance(&s, dt, n)
    }
  }
  /// `dt` ms in which the weight goes one way, from the concentration `n` on.
  @inlinable func advance(_ s: inout Synapse, _ dt: Double, _ n: Double) {
    let rate = 1 / tauC + 1 / tauN
    s.weight += s.c * (b * tauC * expm1(-dt / tauC) - n / rate * expm1(-dt * rate))
    s.weight = min(wMax, max(wMin, s.weight))
    s.c *= exp(-dt / tauC)
  }
}
