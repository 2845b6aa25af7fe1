import Foundation
import SNNDynamics
import SNNSignals

/// Leaky integrate-and-fire neuron whose input spikes make the membrane potential jump, stepped exactly.
///
///     dV_m/dt = −(V_m − E_L)/τ_m + (I_e + I)/C_m,     V_m ← V_m + w at each input spike
///     V_m ≥ V_th  ⇒  spike; V_m ← V_reset, held for t_ref (input spikes in this time are lost)
///
/// Exact step (Rotter & Diesmann 1999, doi:10.1007/s004220050570) over h with the current constant in it:
///
///     V_m(t + h) = P V_m(t) + (1 − P) (E_L + (τ_m/C_m) (I_e + I)) + Σ w,     P = e^(−h/τ_m)
///
/// NEST's `iaf_psc_delta` with `refractory_input` false and without the lower bound `V_min`, which are left out.
public struct IafPscDelta: ClockedNeuron {
  public static let name = "iaf_psc_delta"
  public static let summary = "Leaky integrate-and-fire neuron with delta-shaped synaptic currents."
  public static let equations = """
    dV_m/dt = -(V_m - E_L)/tau_m + (I_e + I)/C_m;  V_m += weight at each input spike
    V_m >= V_th: spike, V_m = V_reset for t_ref; input spikes in this time are lost
    """
  public static let source = "Rotter & Diesmann (1999), doi:10.1007/s004220050570; NEST iaf_psc_delta"
  public static let weightKind = WeightKind.potential

  public var tauM = 10.0
  public var cM = 250.0
  public var tRef = 2.0
  public var eL = -70.0
  public var vTh = -55.0
  public var vReset = -70.0
  public var iE = 0.0

  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_m", \.tauM, .ms, "membrane time constant", .positive),
    Parameter("C_m", \.cM, .pF, "membrane capacitance", .positive),
    Parameter("t_ref", \.tRef, .ms, "absolute refractory period", .nonNegative),
    Parameter("E_L", \.eL, .mV, "resting potential"),
    Parameter("V_th", \.vTh, .mV, "spike threshold"),
    Parameter("V_reset", \.vReset, .mV, "reset potential"),
    Parameter("I_e", \.iE, .pA, "constant input current"),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential")
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// V_m per V_m, V_m per pA, and what E_L and I_e add.
    public var vv, vi, drift: Lanes
    public var vTh, vReset: Lanes
  }

  public var refractoryPeriod: Double { tRef }
  public func problems() -> [String] { resetProblems(vReset: vReset, vTh: vTh) }

  public func initialState() -> State { State(v: Lanes(repeating: eL)) }

  public func propagator(step h: Double) -> Propagator {
    let approach = -expm1(-h / tauM)
    return Propagator(
      vv: Lanes(repeating: exp(-h / tauM)), vi: Lanes(repeating: approach * tauM / cM),
      drift: Lanes(repeating: approach * (eL + tauM / cM * iE)), vTh: Lanes(repeating: vTh),
      vReset: Lanes(repeating: vReset))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let v = p.vv * s.v + (p.drift + p.vi * input.current) + input.excitatory
    s.v = v.replacing(with: s.v, where: input.held)
    let fired = s.v .>= p.vTh
    if _slowPath(fired.hasAny) { s.v.replace(with: p.vReset, where: fired) }
    return fired
  }
}
