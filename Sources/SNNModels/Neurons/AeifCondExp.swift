import Foundation
import SNNDynamics
import SNNSignals

/// Adaptive exponential integrate-and-fire neuron with exponential synaptic conductances.
///
///     C_m dV_m/dt = −g_L (V_m − E_L) + g_L Δ_T e^((V_m − V_th)/Δ_T) − g_ex (V_m − E_ex) − g_in (V_m − E_in) − w + I_e + I
///     τ_w dw/dt = a (V_m − E_L) − w
///     dg_ex/dt = −g_ex/τ_syn,ex,     g_ex ← g_ex + |weight| at each input spike; g_in likewise
///     V_m ≥ V_peak  ⇒  spike; V_m ← V_reset, w ← w + b, held for t_ref      (Δ_T = 0: V_m ≥ V_th, without the exponential)
///
/// Brette & Gerstner (2005), doi:10.1152/jn.00686.2005. Integrated neuron by neuron (Runge-Kutta-Fehlberg) with the
/// method, the tolerance (1e-6, NEST's default `gsl_error_tol`) and the step control of NEST's `aeif_cond_exp`: the reset happens
/// inside the step, at the end of the solver's own step that passed V_peak, and integration goes on from there. V_m enters
/// the right-hand side as min(V_m, V_peak). A neuron sends at most one spike in a step (NEST: any number), though w grows at each
/// reset. V_m starts at E_L, in NEST at −70.6 mV whatever E_L.
public struct AeifCondExp: ClockedNeuron {
  public static let name = "aeif_cond_exp"
  public static let summary = "Adaptive exponential integrate-and-fire neuron with exponential synaptic conductances."
  public static let equations = """
    C_m dV_m/dt = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th)/Delta_T)
                  - g_ex (V_m - E_ex) - g_in (V_m - E_in) - w + I_e + I
    tau_w dw/dt = a (V_m - E_L) - w
    dg_ex/dt = -g_ex/tau_syn_ex;  g_ex += weight at each input spike with weight > 0
    dg_in/dt = -g_in/tau_syn_in;  g_in += -weight at each input spike with weight < 0
    V_m >= V_peak: spike, V_m = V_reset for t_ref, w += b   (Delta_T = 0: V_m >= V_th, without the exponential)
    """
  public static let source = "Brette & Gerstner (2005), doi:10.1152/jn.00686.2005; NEST aeif_cond_exp"
  public static let weightKind = WeightKind.conductance

  public var cM = 281.0
  public var tRef = 0.0
  public var vReset = -60.0
  public var eL = -70.6
  public var gL = 30.0
  public var iE = 0.0
  public var a = 4.0
  public var b = 80.5
  public var deltaT = 2.0
  public var tauW = 144.0
  public var vTh = -50.4
  public var vPeak = 0.0
  public var eEx = 0.0
  public var tauSynEx = 0.2
  public var eIn = -85.0
  public var tauSynIn = 2.0

  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("C_m", \.cM, .pF, "membrane capacitance", .positive),
    Parameter("t_ref", \.tRef, .ms, "absolute refractory period", .nonNegative),
    Parameter("V_reset", \.vReset, .mV, "reset potential"),
    Parameter("E_L", \.eL, .mV, "leak reversal potential"),
    Parameter("g_L", \.gL, .nS, "leak conductance", .nonNegative),
    Parameter("I_e", \.iE, .pA, "constant input current"),
    Parameter("a", \.a, .nS, "subthreshold adaptation"),
    Parameter("b", \.b, .pA, "spike-triggered adaptation"),
    Parameter("Delta_T", \.deltaT, .mV, "slope factor", .nonNegative),
    Parameter("tau_w", \.tauW, .ms, "adaptation time constant", .positive),
    Parameter("V_th", \.vTh, .mV, "spike initiation threshold"),
    Parameter("V_peak", \.vPeak, .mV, "spike detection threshold"),
    Parameter("E_ex", \.eEx, .mV, "excitatory reversal potential"),
    Parameter("tau_syn_ex", \.tauSynEx, .ms, "decay time of the excitatory conductance", .positive),
    Parameter("E_in", \.eIn, .mV, "inhibitory reversal potential"),
    Parameter("tau_syn_in", \.tauSynIn, .ms, "decay time of the inhibitory conductance", .positive),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("g_ex", \.gEx, .nS, "excitatory conductance"),
    StateVariable<State, Lanes>("g_in", \.gIn, .nS, "inhibitory conductance"),
    StateVariable<State, Lanes>("w", \.w, .pA, "adaptation current"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v, gEx, gIn, w: Lanes
    /// Steps for which the membrane is still held.
    public var hold: Lanes
    /// The step with which the solver will try next, ms.
    public var trial: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    public var length, cM, eL, gL, iE, a, b, deltaT, tauW, vTh, vPeak, eEx, tauEx, eIn, tauIn: Lanes
    /// V_peak, or V_th without the exponential.
    public var cut: Lanes
    public var vReset, hold: Lanes
  }

  public var refractoryPeriod: Double { tRef }

  public func problems() -> [String] {
    var found: [String] = []
    if vPeak < vTh { found.append("V_peak (\(vPeak) mV) must not be below V_th (\(vTh) mV)") }
    if vReset >= vPeak { found.append("V_reset (\(vReset) mV) must be below V_peak (\(vPeak) mV)") }
    // exp(660) is 1e287: what remains of the range of a Double serves the solver.
    if deltaT > 0, (vPeak - vTh) / deltaT >= 660 {
      found.append(
        "V_peak (\(vPeak) mV) is too far above V_th (\(vTh) mV) for Delta_T (\(deltaT) mV): the exponential overflows")
    }
    return found
  }

  public func initialState() -> State {
    State(
      v: Lanes(repeating: eL), gEx: Lanes(), gIn: Lanes(), w: Lanes(), hold: Lanes(), trial: Lanes(repeating: 0.01))
  }

  public func propagator(step h: Double) -> Propagator {
    func all(_ x: Double) -> Lanes { Lanes(repeating: x) }
    return Propagator(
      length: all(h), cM: all(cM), eL: all(eL), gL: all(gL), iE: all(iE), a: all(a), b: all(b), deltaT: all(deltaT),
      tauW: all(tauW), vTh: all(vTh), vPeak: all(vPeak), eEx: all(eEx), tauEx: all(tauSynEx), eIn: all(eIn),
      tauIn: all(tauSynIn), cut: all(deltaT > 0 ? vPeak : vTh), vReset: all(vReset),
      hold: all(refractorySteps(tRef, step: h)))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    var fired = LaneMask(repeating: false)
    for lane in 0..<8 where evolve(&s, p, lane, current: input.current[lane]) { fired[lane] = true }
    s.gEx += input.excitatory.magnitudes
    s.gIn += input.inhibitory.magnitudes
    return fired
  }

  /// One neuron over one step; whether it spiked.
  @inline(never) @usableFromInline
  static func evolve(_ s: inout State, _ p: Propagator, _ lane: Int, current: Double) -> Bool {
    var equation = AdaptiveExponential(p, lane, current: current)
    var y = AdaptiveExponential.Vector(s.v[lane], s.gEx[lane], s.gIn[lane], s.w[lane])
    var hold = s.hold[lane]
    var trial = s.trial[lane]
    var spiked = false
    var remaining = p.length[lane]
    while remaining > 0 {
      equation.isHeld = hold > 0
      remaining -= equation.advance(&y, &trial, atMost: remaining)
      if hold > 0 {
        y[0] = p.vReset[lane]
      } else if y[0] >= p.cut[lane] {
        y[0] = p.vReset[lane]
        y[3] += p.b[lane]
        // The rest of this step counts as refractory too: one more, taken off below.
        hold = p.hold[lane] > 0 ? p.hold[lane] + 1 : 0
        spiked = true
      }
    }
    s.v[lane] = y[0]
    s.gEx[lane] = y[1]
    s.gIn[lane] = y[2]
    s.w[lane] = y[3]
    s.hold[lane] = max(hold - 1, 0)
    s.trial[lane] = trial
    return spiked
  }
}
