import Foundation
import SNNSim

/// Quadratic integrate-and-fire neuron with delta-shaped synaptic currents.
///
///     tau_m dV_m/dt = (V_m − E_L)(V_m − V_c)/(V_c − E_L) + (tau_m/C_m) (I_e + I)
///     V_m ≥ V_peak  ⇒  spike; V_m ← V_reset
///
/// The standard form of a type I membrane near threshold: Latham, Richmond, Nelson & Nirenberg (2000),
/// doi:10.1152/jn.2000.83.2.808. Stepped by the classical Runge-Kutta method of fourth order.
public struct QuadraticNeuron: ClockedNeuron {
  public static let name = "iaf_qif_delta"
  public static let summary = "Quadratic integrate-and-fire neuron with delta-shaped synaptic currents."
  public static let equations = """
    tau_m dV_m/dt = (V_m - E_L) (V_m - V_c) / (V_c - E_L) + (tau_m/C_m) (I_e + I);  V_m += weight at each input spike
    V_m >= V_peak: spike, V_m = V_reset
    """
  public static let source = "Latham, Richmond, Nelson & Nirenberg (2000), doi:10.1152/jn.2000.83.2.808"
  public static let weightKind = WeightKind.potential

  // 1. Parameters: a property each, and one row of the table, which parsing, checks, `snnsim models` and the schema are made of.
  public var tauM = 10.0, cM = 250.0, eL = -70.0, vC = -55.0, vPeak = 0.0, vReset = -80.0, iE = 0.0
  public init() {}
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_m", \.tauM, .ms, "membrane time constant", .positive),
    Parameter("C_m", \.cM, .pF, "membrane capacitance", .positive),
    Parameter("E_L", \.eL, .mV, "resting potential"),
    Parameter("V_c", \.vC, .mV, "critical potential, above which the membrane runs away"),
    Parameter("V_peak", \.vPeak, .mV, "potential at which a spike is counted"),
    Parameter("V_reset", \.vReset, .mV, "reset potential"),
    Parameter("I_e", \.iE, .pA, "constant input current"),
  ]
  public var refractoryPeriod: Double { 0 }
  public func problems() -> [String] {
    var problems: [String] = []
    if vC <= eL { problems.append("V_c (\(vC) mV) must be above E_L (\(eL) mV)") }
    if vReset >= vPeak { problems.append("V_reset (\(vReset) mV) must be below V_peak (\(vPeak) mV)") }
    return problems
  }

  // 2. State and constants of a step, eight neurons side by side.
  public struct State: BitwiseCopyable, Sendable { public var v: Lanes }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// dV/dt = (V − E_L)(V − V_c) slope + drift + perPicoampere · I, all per ms.
    public var eL, vC, slope, drift, perPicoampere, step, vPeak, vReset: Lanes
  }
  public static let stateVariables = [StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential")]
  public func initialState() -> State { State(v: Lanes(repeating: eL)) }
  public func propagator(step h: Double) -> Propagator {
    Propagator(
      eL: Lanes(repeating: eL), vC: Lanes(repeating: vC), slope: Lanes(repeating: 1 / (tauM * (vC - eL))),
      drift: Lanes(repeating: iE / cM), perPicoampere: Lanes(repeating: 1 / cM), step: Lanes(repeating: h),
      vPeak: Lanes(repeating: vPeak), vReset: Lanes(repeating: vReset))
  }

  // 3. One step: evolution, then what arrives at its end, then the threshold. Write a * b + c; never addingProduct.
  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let drift = p.drift + p.perPicoampere * input.current
    let half = 0.5 * p.step
    let k1 = slope(s.v, p, drift)
    let k2 = slope(s.v + half * k1, p, drift)
    let k3 = slope(s.v + half * k2, p, drift)
    let k4 = slope(s.v + p.step * k3, p, drift)
    s.v += p.step / 6 * (k1 + 2 * (k2 + k3) + k4) + input.excitatory
    let fired = s.v .>= p.vPeak
    s.v.replace(with: p.vReset, where: fired)
    return fired
  }

  @inlinable @inline(__always)
  static func slope(_ v: Lanes, _ p: Propagator, _ drift: Lanes) -> Lanes { (v - p.eL) * (v - p.vC) * p.slope + drift }
}
