import Foundation
import SNNDynamics
import SNNSignals

/// Leaky integrate-and-fire neuron with alpha-shaped synaptic currents, stepped exactly.
///
///     dV_m/dt = −(V_m − E_L)/τ_m + (I_ex + I_in + I_e + I)/C_m
///     I_ex(t) = w (e/τ_syn,ex) t e^(−t/τ_syn,ex) after each input spike (peak w at t = τ_syn,ex); I_in likewise
///     V_m ≥ V_th  ⇒  spike; V_m ← V_reset, held for t_ref while the synaptic currents go on
///
/// Each current is kept as (I, J) with I(t) = (I₀ + J₀ t) e^(−t/τ), J(t) = J₀ e^(−t/τ); an input spike adds w e/τ to J.
/// Exact steps: Rotter & Diesmann (1999), doi:10.1007/s004220050570; refractoriness: Diesmann et al. (2001),
/// doi:10.1016/S0925-2312(01)00409-X. NEST's `iaf_psc_alpha` without the lower bound `V_min`, which is left out.
public struct IafPscAlpha: ClockedNeuron {
  public static let name = "iaf_psc_alpha"
  public static let summary = "Leaky integrate-and-fire neuron with alpha-shaped synaptic currents."
  public static let equations = """
    dV_m/dt = -(V_m - E_L)/tau_m + (I_syn_ex + I_syn_in + I_e + I)/C_m
    I_syn_ex(t) = weight * (e/tau_syn_ex) * t * exp(-t/tau_syn_ex) after each input spike with weight > 0
    I_syn_in(t) = weight * (e/tau_syn_in) * t * exp(-t/tau_syn_in) after each input spike with weight < 0
    V_m >= V_th: spike, V_m = V_reset for t_ref
    """
  public static let source =
    "Rotter & Diesmann (1999), doi:10.1007/s004220050570; "
    + "Diesmann et al. (2001), doi:10.1016/S0925-2312(01)00409-X; NEST iaf_psc_alpha"
  public static let weightKind = WeightKind.current

  public var tauM = 10.0
  public var cM = 250.0
  public var tRef = 2.0
  public var eL = -70.0
  public var vTh = -55.0
  public var vReset = -70.0
  public var tauSynEx = 2.0
  public var tauSynIn = 2.0
  public var iE = 0.0

  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_m", \.tauM, .ms, "membrane time constant", .positive),
    Parameter("C_m", \.cM, .pF, "membrane capacitance", .positive),
    Parameter("t_ref", \.tRef, .ms, "absolute refractory period", .nonNegative),
    Parameter("E_L", \.eL, .mV, "resting potential"),
    Parameter("V_th", \.vTh, .mV, "spike threshold"),
    Parameter("V_reset", \.vReset, .mV, "reset potential"),
    Parameter("tau_syn_ex", \.tauSynEx, .ms, "rise time of the excitatory current", .positive),
    Parameter("tau_syn_in", \.tauSynIn, .ms, "rise time of the inhibitory current", .positive),
    Parameter("I_e", \.iE, .pA, "constant input current"),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("I_syn_ex", \.iEx, .pA, "excitatory synaptic current"),
    StateVariable<State, Lanes>("I_syn_in", \.iIn, .pA, "inhibitory synaptic current"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v, iEx, iIn: Lanes
    /// J of each current, pA/ms.
    public var jEx, jIn: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// V_m per V_m, per I and J of each synaptic current, per injected current, and what E_L and I_e add.
    public var vv, vEx, vExJ, vIn, vInJ, vi, drift: Lanes
    /// Decay of I and J, and I per J.
    public var ex, exJ, `in`, inJ: Lanes
    /// J per weight: e/τ.
    public var kickEx, kickIn: Lanes
    public var vTh, vReset: Lanes
  }

  public var refractoryPeriod: Double { tRef }
  public func problems() -> [String] { resetProblems(vReset: vReset, vTh: vTh) }

  public func initialState() -> State {
    State(v: Lanes(repeating: eL), iEx: Lanes(), iIn: Lanes(), jEx: Lanes(), jIn: Lanes())
  }

  public func propagator(step h: Double) -> Propagator {
    let approach = -expm1(-h / tauM)
    let excitatory = SynapticResponse(tauM: tauM, tauSyn: tauSynEx, cM: cM, step: h)
    let inhibitory = SynapticResponse(tauM: tauM, tauSyn: tauSynIn, cM: cM, step: h)
    return Propagator(
      vv: Lanes(repeating: exp(-h / tauM)),
      vEx: Lanes(repeating: excitatory.perCurrent), vExJ: Lanes(repeating: excitatory.perRise),
      vIn: Lanes(repeating: inhibitory.perCurrent), vInJ: Lanes(repeating: inhibitory.perRise),
      vi: Lanes(repeating: approach * tauM / cM), drift: Lanes(repeating: approach * (eL + tauM / cM * iE)),
      ex: Lanes(repeating: exp(-h / tauSynEx)), exJ: Lanes(repeating: h * exp(-h / tauSynEx)),
      in: Lanes(repeating: exp(-h / tauSynIn)), inJ: Lanes(repeating: h * exp(-h / tauSynIn)),
      kickEx: Lanes(repeating: M_E / tauSynEx), kickIn: Lanes(repeating: M_E / tauSynIn),
      vTh: Lanes(repeating: vTh), vReset: Lanes(repeating: vReset))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let synaptic = (p.vEx * s.iEx + p.vExJ * s.jEx) + (p.vIn * s.iIn + p.vInJ * s.jIn)
    let v = p.vv * s.v + synaptic + (p.drift + p.vi * input.current)
    s.v = v.replacing(with: s.v, where: input.held)
    s.iEx = p.ex * s.iEx + p.exJ * s.jEx
    s.iIn = p.in * s.iIn + p.inJ * s.jIn
    s.jEx = p.ex * s.jEx + p.kickEx * input.excitatory
    s.jIn = p.in * s.jIn + p.kickIn * input.inhibitory
    let fired = s.v .>= p.vTh
    if _slowPath(fired.hasAny) { s.v.replace(with: p.vReset, where: fired) }
    return fired
  }
}
