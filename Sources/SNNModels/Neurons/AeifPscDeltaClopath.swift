import Foundation
import SNNDynamics
import SNNSignals

/// Adaptive exponential integrate-and-fire neuron with an adaptive threshold, a spike after-current and the low-pass filtered
/// voltages of ``Clopath``.
///
///     C_m dV_m/dt = −g_L (V_m − E_L) + g_L Δ_T e^((V_m − V_th)/Δ_T) − w + z + I_e + I,   V_m ← V_m + weight at each input spike
///     τ_w dw/dt = a (V_m − E_L) − w       τ_z dz/dt = −z       τ_V,th dV_th/dt = −(V_th − V_th,rest)
///     dū₊/dt = (V_m − ū₊)/τ_ū₊            dū₋/dt = (V_m − ū₋)/τ_ū₋            dū̄/dt = (ū₋ − ū̄)/τ_ū̄
///     V_m ≥ V_peak  ⇒  spike; w ← w + b, z ← I_sp, V_th ← V_th,max; V_m and w stay at V_clamp and as they are for t_clamp;
///     then V_m ← V_reset for t_ref                          (Δ_T = 0: V_m ≥ V_th, without the exponential)
///
/// Clopath, Büsing, Vasilaki & Gerstner (2010), doi:10.1038/nn.2479, with the clamp of the authors' program; NEST's
/// aeif_psc_delta_clopath, with its solver's steps and tolerance (1e-6), as ``AeifCondExp`` has them. As in NEST, an input spike
/// acts after the first of the solver's own steps within the step at whose end it arrives, and is lost while V_m is clamped or
/// held. t_clamp is one step at least (with 0 NEST's neuron stays at V_clamp); V_m starts at E_L, in NEST at −70.6 mV whatever E_L.
public struct AeifPscDeltaClopath: ClockedNeuron {
  public static let name = "aeif_psc_delta_clopath"
  public static let summary = "Adaptive exponential integrate-and-fire neuron with the filtered voltages of Clopath plasticity."
  public static let equations = """
    C_m dV_m/dt = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th)/Delta_T) - w + z + I_e + I;  V_m += weight at each input spike
    tau_w dw/dt = a (V_m - E_L) - w;  tau_z dz/dt = -z;  tau_V_th dV_th/dt = V_th_rest - V_th
    du_bar_plus/dt = (V_m - u_bar_plus)/tau_u_bar_plus;  u_bar_minus likewise;  u_bar_bar filters u_bar_minus
    V_m >= V_peak: spike, w += b, z = I_sp, V_th = V_th_max; V_m = V_clamp for t_clamp, then V_reset for t_ref
    """
  public static let source = "Clopath et al. (2010), doi:10.1038/nn.2479; NEST aeif_psc_delta_clopath"
  public static let weightKind = WeightKind.potential

  public var cM = 281.0, tRef = 0.0, vReset = -60.0, eL = -70.6, gL = 30.0, iE = 0.0, a = 4.0, b = 80.5, deltaT = 2.0
  public var tauW = 144.0, tauZ = 40.0, iSp = 400.0, tauVTh = 50.0, vThMax = 30.4, vThRest = -50.4, vPeak = 33.0
  public var tClamp = 2.0, vClamp = 33.0, tauPlus = 7.0, tauMinus = 10.0, tauBarBar = 500.0
  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("C_m", \.cM, .pF, "membrane capacitance", .positive),
    Parameter("t_ref", \.tRef, .ms, "absolute refractory period, after the clamp", .nonNegative),
    Parameter("V_reset", \.vReset, .mV, "reset potential"),
    Parameter("E_L", \.eL, .mV, "leak reversal potential"),
    Parameter("g_L", \.gL, .nS, "leak conductance", .nonNegative),
    Parameter("I_e", \.iE, .pA, "constant input current"),
    Parameter("a", \.a, .nS, "subthreshold adaptation"),
    Parameter("b", \.b, .pA, "spike-triggered adaptation"),
    Parameter("Delta_T", \.deltaT, .mV, "slope factor", .nonNegative),
    Parameter("tau_w", \.tauW, .ms, "adaptation time constant", .positive),
    Parameter("tau_z", \.tauZ, .ms, "decay of the spike after-current", .positive),
    Parameter("I_sp", \.iSp, .pA, "spike after-current"),
    Parameter("tau_V_th", \.tauVTh, .ms, "decay of the threshold", .positive),
    Parameter("V_th_max", \.vThMax, .mV, "threshold after a spike"),
    Parameter("V_th_rest", \.vThRest, .mV, "threshold at rest"),
    Parameter("V_peak", \.vPeak, .mV, "spike detection threshold"),
    Parameter("t_clamp", \.tClamp, .ms, "duration of the clamp after a spike", .positive),
    Parameter("V_clamp", \.vClamp, .mV, "potential of the clamp"),
    Parameter("tau_u_bar_plus", \.tauPlus, .ms, "filter of u_bar_plus", .positive),
    Parameter("tau_u_bar_minus", \.tauMinus, .ms, "filter of u_bar_minus", .positive),
    Parameter("tau_u_bar_bar", \.tauBarBar, .ms, "filter of u_bar_bar", .positive),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("w", \.w, .pA, "adaptation current"),
    StateVariable<State, Lanes>("z", \.z, .pA, "spike after-current"),
    StateVariable<State, Lanes>("V_th", \.th, .mV, "threshold"),
    StateVariable<State, Lanes>("u_bar_plus", \.plus, .mV, "V_m filtered with tau_u_bar_plus"),
    StateVariable<State, Lanes>("u_bar_minus", \.minus, .mV, "V_m filtered with tau_u_bar_minus"),
    StateVariable<State, Lanes>("u_bar_bar", \.bar, .mV, "u_bar_minus filtered with tau_u_bar_bar"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v, w, z, th, plus, minus, bar: Lanes
    /// Steps for which the membrane is still clamped, and then held.
    public var clamp, hold: Lanes
    /// The step with which the solver will try next, ms.
    public var trial: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    public var length, perC, eL, gL, iE, a, b, iSp, thMax, thRest, vPeak, vReset, vClamp: Lanes
    /// g_L Δ_T and 1/Δ_T; both 0 without the exponential.
    public var gLDelta, perDelta: Lanes
    /// 1/τ of w, ū₊, ū₋, ū̄; −1/τ of z, V_th.
    public var perTauW, perTauZ, perTauTh, perTauPlus, perTauMinus, perTauBar: Lanes
    public var clamp, hold: Lanes
  }

  public var refractoryPeriod: Double { tClamp + tRef }

  public func problems() -> [String] {
    var found: [String] = []
    if vPeak < vThRest { found.append("V_peak (\(vPeak) mV) must not be below V_th_rest (\(vThRest) mV)") }
    if vThMax < vThRest { found.append("V_th_max (\(vThMax) mV) must not be below V_th_rest (\(vThRest) mV)") }
    if vReset >= vPeak { found.append("V_reset (\(vReset) mV) must be below V_peak (\(vPeak) mV)") }
    if deltaT > 0, (vPeak - vThRest) / deltaT >= 660 {
      found.append("V_peak (\(vPeak) mV) is too far above V_th_rest (\(vThRest) mV) for Delta_T (\(deltaT) mV)")
    }
    return found
  }

  public func initialState() -> State {
    let rest = Lanes(repeating: eL)
    return State(
      v: rest, w: Lanes(), z: Lanes(), th: Lanes(repeating: vThRest), plus: rest, minus: rest, bar: rest, clamp: Lanes(),
      hold: Lanes(), trial: Lanes(repeating: 0.01))
  }

  public func propagator(step h: Double) -> Propagator {
    func all(_ x: Double) -> Lanes { Lanes(repeating: x) }
    return Propagator(
      length: all(h), perC: all(1 / cM), eL: all(eL), gL: all(gL), iE: all(iE), a: all(a), b: all(b), iSp: all(iSp),
      thMax: all(vThMax), thRest: all(vThRest), vPeak: all(vPeak), vReset: all(vReset), vClamp: all(vClamp),
      gLDelta: all(gL * deltaT), perDelta: all(deltaT > 0 ? 1 / deltaT : 0), perTauW: all(1 / tauW), perTauZ: all(-1 / tauZ),
      perTauTh: all(-1 / tauVTh), perTauPlus: all(1 / tauPlus), perTauMinus: all(1 / tauMinus), perTauBar: all(1 / tauBarBar),
      clamp: all(max(1, refractorySteps(tClamp, step: h))), hold: all(refractorySteps(tRef, step: h)))
  }

  @inline(never)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let equations = ClopathMembrane(p: p, drive: p.iE + input.current)
    var y = ClopathMembrane.Vector(v: s.v, w: s.w, z: s.z, th: s.th, plus: s.plus, minus: s.minus, bar: s.bar)
    var remaining = p.length
    var arriving = input.excitatory
    var fired = LaneMask(repeating: false)
    while true {
      let held = ClopathMembrane.Hold(clamped: s.clamp .> 0, reset: s.hold .> 0)
      let h = s.trial.replacing(with: remaining, where: remaining .< s.trial)
      let attempt = equations.attempt(y, h, held: held)
      let scale = equations.scale(attempt.next, h, held: held)
      var taken = remaining .> 0
      let partial = (h .< p.length) .| attempt.exceeds(0.5, scale)
      if partial.hasAny {
        taken = taken .& .!Fehlberg.adapt(&s.trial, h, worst: attempt.worst(scale), remaining, where: taken)
      }
      y.replace(with: attempt.next, where: taken)
      remaining.replace(with: remaining - h, where: taken)
      y.v.replace(with: y.v + arriving, where: taken .& .!held.clamped .& .!held.reset)
      arriving.replace(with: 0, where: taken)
      let peak = p.vPeak.replacing(with: y.th, where: p.perDelta .== 0)
      let reached = taken .& .!held.clamped .& (y.v .>= peak)
      y.v.replace(with: p.vClamp, where: reached)
      y.w.replace(with: y.w + p.b, where: reached)
      y.z.replace(with: p.iSp, where: reached)
      y.th.replace(with: p.thMax, where: reached)
      // The rest of this step counts as clamped too, or as held: one more, taken off below.
      s.clamp.replace(with: p.clamp + 1, where: reached)
      fired = fired .| reached
      let released = taken .& (s.clamp .== 1)
      s.clamp.replace(with: 0, where: released)
      s.hold.replace(with: p.hold + 1, where: released .& (p.hold .> 0))
      y.v.replace(with: p.vReset, where: released .| (taken .& (s.hold .> 0)))
      guard (remaining .> 0).hasAny else { break }
    }
    (s.v, s.w, s.z, s.th, s.plus, s.minus, s.bar) = (y.v, y.w, y.z, y.th, y.plus, y.minus, y.bar)
    s.clamp = (s.clamp - 1).replacing(with: 0, where: s.clamp .<= 1)
    s.hold = (s.hold - 1).replacing(with: 0, where: s.hold .<= 1)
    return fired
  }
}
