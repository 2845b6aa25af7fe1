import Foundation
import SNNDynamics
import SNNSignals

/// Leaky integrate-and-fire neuron with exponential synaptic currents, stepped exactly.
///
///     dV_m/dt = −(V_m − E_L)/τ_m + (I_ex + I_in + I_e + I)/C_m
///     dI_ex/dt = −I_ex/τ_syn,ex,     I_ex ← I_ex + w at each input spike; I_in likewise
///     V_m ≥ V_th  ⇒  spike; V_m ← V_reset, held for t_ref while the synaptic currents go on
///
/// Exact steps: Rotter & Diesmann (1999), doi:10.1007/s004220050570; model: Tsodyks, Uziel & Markram (2000),
/// doi:10.1523/JNEUROSCI.20-01-j0003.2000. The order within a step is NEST's: membrane from the currents at the start of the
/// step, decay of the currents, arriving spikes, threshold. An arriving spike therefore moves V_m from the next step on.
///
/// NEST's `iaf_psc_exp` with its deterministic threshold (`delta` 0); the stochastic one (`rho`, `delta`) and currents
/// through NEST's second current receptor are left out.
public struct IafPscExp: ClockedNeuron {
  public static let name = "iaf_psc_exp"
  public static let summary = "Leaky integrate-and-fire neuron with exponential synaptic currents."
  public static let equations = """
    dV_m/dt = -(V_m - E_L)/tau_m + (I_syn_ex + I_syn_in + I_e + I)/C_m
    dI_syn_ex/dt = -I_syn_ex/tau_syn_ex;  I_syn_ex += weight at each input spike with weight > 0
    dI_syn_in/dt = -I_syn_in/tau_syn_in;  I_syn_in += weight at each input spike with weight < 0
    V_m >= V_th: spike, V_m = V_reset for t_ref
    """
  public static let source =
    "Tsodyks, Uziel & Markram (2000), doi:10.1523/JNEUROSCI.20-01-j0003.2000; "
    + "Rotter & Diesmann (1999), doi:10.1007/s004220050570; NEST iaf_psc_exp"
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
    Parameter("tau_syn_ex", \.tauSynEx, .ms, "decay time of the excitatory current", .positive),
    Parameter("tau_syn_in", \.tauSynIn, .ms, "decay time of the inhibitory current", .positive),
    Parameter("I_e", \.iE, .pA, "constant input current"),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("I_syn_ex", \.iEx, .pA, "excitatory synaptic current"),
    StateVariable<State, Lanes>("I_syn_in", \.iIn, .pA, "inhibitory synaptic current"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v, iEx, iIn: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// V_m per V_m, per synaptic current, per injected current, and what E_L and I_e add.
    public var vv, vEx, vIn, vi, drift: Lanes
    /// Decay of the synaptic currents.
    public var ex, `in`: Lanes
    public var vTh, vReset: Lanes
  }

  public var refractoryPeriod: Double { tRef }
  public func problems() -> [String] { resetProblems(vReset: vReset, vTh: vTh) }

  public func initialState() -> State {
    State(v: Lanes(repeating: eL), iEx: Lanes(), iIn: Lanes())
  }

  public func propagator(step h: Double) -> Propagator {
    let approach = -expm1(-h / tauM)
    let excitatory = SynapticResponse(tauM: tauM, tauSyn: tauSynEx, cM: cM, step: h)
    let inhibitory = SynapticResponse(tauM: tauM, tauSyn: tauSynIn, cM: cM, step: h)
    return Propagator(
      vv: Lanes(repeating: exp(-h / tauM)), vEx: Lanes(repeating: excitatory.perCurrent),
      vIn: Lanes(repeating: inhibitory.perCurrent), vi: Lanes(repeating: approach * tauM / cM),
      drift: Lanes(repeating: approach * (eL + tauM / cM * iE)), ex: Lanes(repeating: exp(-h / tauSynEx)),
      in: Lanes(repeating: exp(-h / tauSynIn)), vTh: Lanes(repeating: vTh), vReset: Lanes(repeating: vReset))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let v = p.vv * s.v + (p.vEx * s.iEx + p.vIn * s.iIn) + (p.drift + p.vi * input.current)
    s.v = v.replacing(with: s.v, where: input.held)
    s.iEx = p.ex * s.iEx + input.excitatory
    s.iIn = p.in * s.iIn + input.inhibitory
    let fired = s.v .>= p.vTh
    if _slowPath(fired.hasAny) { s.v.replace(with: p.vReset, where: fired) }
    return fired
  }
}
