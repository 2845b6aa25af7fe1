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
/// Brette & Gerstner (2005), doi:10.1152/jn.00686.2005. Every neuron has its own steps, by the method
/// (Runge-Kutta-Fehlberg), the tolerance (1e-6, NEST's default `gsl_error_tol`) and the step control of NEST's `aeif_cond_exp`; a
/// block of eight goes on until its last neuron is through. The reset happens inside the step, at the end of the solver's own
/// step that passed V_peak, and integration goes on from there. V_m enters the right-hand side as min(V_m, V_peak). A neuron
/// sends at most one spike in a step (NEST: any number), though w grows at each reset. V_m starts at E_L, in NEST at −70.6 mV
/// whatever E_L.
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
    public var length, perC, eL, gL, iE, a, b, vTh, vPeak, eEx, eIn: Lanes
    /// g_L Δ_T and 1/Δ_T; both 0 without the exponential.
    public var gLDelta, perDelta: Lanes
    /// 1/τ_w, −1/τ_syn.
    public var perTauW, perTauEx, perTauIn: Lanes
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
      length: all(h), perC: all(1 / cM), eL: all(eL), gL: all(gL), iE: all(iE), a: all(a), b: all(b), vTh: all(vTh),
      vPeak: all(vPeak), eEx: all(eEx), eIn: all(eIn), gLDelta: all(gL * deltaT), perDelta: all(deltaT > 0 ? 1 / deltaT : 0),
      perTauW: all(1 / tauW), perTauEx: all(-1 / tauSynEx), perTauIn: all(-1 / tauSynIn),
      cut: all(deltaT > 0 ? vPeak : vTh), vReset: all(vReset), hold: all(refractorySteps(tRef, step: h)))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let fired = evolve(&s, p, current: input.current)
    s.gEx += input.excitatory.magnitudes
    s.gIn += input.inhibitory.magnitudes
    return fired
  }

  /// One step without synaptic input; who spiked.
  @inline(never) @usableFromInline
  static func evolve(_ s: inout State, _ p: Propagator, current: Lanes) -> LaneMask {
    var y = Variables(v: s.v, ex: s.gEx, inh: s.gIn, w: s.w)
    let fired = Equations(p: p, drive: p.iE + current).evolve(&y, holding: &s.hold, &s.trial)
    (s.v, s.gEx, s.gIn, s.w) = (y.v, y.ex, y.inh, y.w)
    return fired
  }

  struct Variables: AdaptiveVariables {
    var v, ex, inh, w: Lanes

    @inline(__always)
    static func + (a: Self, b: Self) -> Self { Self(v: a.v + b.v, ex: a.ex + b.ex, inh: a.inh + b.inh, w: a.w + b.w) }
    @inline(__always)
    static func * (a: Self, c: Double) -> Self { Self(v: a.v * c, ex: a.ex * c, inh: a.inh * c, w: a.w * c) }
    @inline(__always)
    static func * (h: Lanes, a: Self) -> Self { Self(v: h * a.v, ex: h * a.ex, inh: h * a.inh, w: h * a.w) }
    @inline(__always)
    mutating func replace(with other: Self, where mask: LaneMask) {
      v.replace(with: other.v, where: mask)
      ex.replace(with: other.ex, where: mask)
      inh.replace(with: other.inh, where: mask)
      w.replace(with: other.w, where: mask)
    }
    @inline(__always)
    var onePlusMagnitudes: Self { Self(v: v.magnitudes + 1, ex: ex.magnitudes + 1, inh: inh.magnitudes + 1, w: w.magnitudes + 1) }
    @inline(__always)
    func exceeds(_ bound: Double, _ scale: Self) -> LaneMask {
      ((v.magnitudes .> bound * scale.v) .| (ex.magnitudes .> bound * scale.ex))
        .| ((inh.magnitudes .> bound * scale.inh) .| (w.magnitudes .> bound * scale.w))
    }
    func greatest(over scale: Self) -> Lanes {
      (v.magnitudes / scale.v)
        .larger(ex.magnitudes / scale.ex).larger(inh.magnitudes / scale.inh)
        .larger(w.magnitudes / scale.w)
    }
  }

  struct Equations: AdaptiveExponential {
    let p: Propagator
    /// I_e and the injected current.
    let drive: Lanes
    var length: Lanes { p.length }
    var cut: Lanes { p.cut }
    var vReset: Lanes { p.vReset }
    var b: Lanes { p.b }
    var hold: Lanes { p.hold }

    @inline(__always)
    func derivative(_ y: Variables, held: LaneMask) -> Variables {
      let v = y.v.replacing(with: p.vPeak, where: y.v .> p.vPeak).replacing(with: p.vReset, where: held)
      let fromRest = v - p.eL
      let upstroke = p.gLDelta * ((v - p.vTh) * p.perDelta).exponential()
      let synapses = y.ex * (v - p.eEx) + y.inh * (v - p.eIn)
      let slope = (((upstroke - p.gL * fromRest) - synapses) - y.w + drive) * p.perC
      return Variables(
        v: slope.replacing(with: 0, where: held), ex: y.ex * p.perTauEx, inh: y.inh * p.perTauIn,
        w: (p.a * fromRest - y.w) * p.perTauW)
    }
  }
}
