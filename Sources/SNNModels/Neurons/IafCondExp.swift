import Foundation
import SNNDynamics
import SNNSignals

/// Leaky integrate-and-fire neuron with exponential synaptic conductances.
///
///     C_m dV_m/dt = −g_L (V_m − E_L) − g_ex (V_m − E_ex) − g_in (V_m − E_in) + I_e + I
///     dg_ex/dt = −g_ex/τ_syn,ex,     g_ex ← g_ex + |w| at each input spike; g_in likewise
///     V_m ≥ V_th  ⇒  spike; V_m ← V_reset, held for t_ref while the conductances go on
///
/// Meffin, Burkitt & Grayden (2004), doi:10.1023/B:JCNS.0000014108.03012.81. Conductances decay exactly; V_m is integrated
/// in fixed Runge-Kutta substeps and agrees with a tight DOP853 solution to 1e-6 mV, to 2e-5 mV where conductances make the
/// membrane faster than a step (NEST's `iaf_cond_exp` asks 1e-3 mV of its adaptive solver). V_m starts at E_L, in NEST at
/// −70 mV whatever E_L.
public struct IafCondExp: ClockedNeuron {
  public static let name = "iaf_cond_exp"
  public static let summary = "Leaky integrate-and-fire neuron with exponential synaptic conductances."
  public static let equations = """
    C_m dV_m/dt = -g_L (V_m - E_L) - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_e + I
    dg_ex/dt = -g_ex/tau_syn_ex;  g_ex += weight at each input spike with weight > 0
    dg_in/dt = -g_in/tau_syn_in;  g_in += -weight at each input spike with weight < 0
    V_m >= V_th: spike, V_m = V_reset for t_ref
    """
  public static let source =
    "Meffin, Burkitt & Grayden (2004), doi:10.1023/B:JCNS.0000014108.03012.81; NEST iaf_cond_exp"
  public static let weightKind = WeightKind.conductance

  public var vTh = -55.0
  public var vReset = -60.0
  public var tRef = 2.0
  public var gL = 16.6667
  public var cM = 250.0
  public var eEx = 0.0
  public var eIn = -85.0
  public var eL = -70.0
  public var tauSynEx = 0.2
  public var tauSynIn = 2.0
  public var iE = 0.0

  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("V_th", \.vTh, .mV, "spike threshold"),
    Parameter("V_reset", \.vReset, .mV, "reset potential"),
    Parameter("t_ref", \.tRef, .ms, "absolute refractory period", .nonNegative),
    Parameter("g_L", \.gL, .nS, "leak conductance", .nonNegative),
    Parameter("C_m", \.cM, .pF, "membrane capacitance", .positive),
    Parameter("E_ex", \.eEx, .mV, "excitatory reversal potential"),
    Parameter("E_in", \.eIn, .mV, "inhibitory reversal potential"),
    Parameter("E_L", \.eL, .mV, "leak reversal potential"),
    Parameter("tau_syn_ex", \.tauSynEx, .ms, "decay time of the excitatory conductance", .positive),
    Parameter("tau_syn_in", \.tauSynIn, .ms, "decay time of the inhibitory conductance", .positive),
    Parameter("I_e", \.iE, .pA, "constant input current"),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("g_ex", \.gEx, .nS, "excitatory conductance"),
    StateVariable<State, Lanes>("g_in", \.gIn, .nS, "inhibitory conductance"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v, gEx, gIn: Lanes
    /// Steps for which the membrane is still held; counts on below 0 once it is free.
    public var hold: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// 1/C_m, g_L, g_L E_L + I_e, reversal potentials.
    public var perC, gL, drive, eEx, eIn: Lanes
    /// Length of the step and of its substeps, their number, and the decay over half of one.
    public var length, substep, substeps, exHalf, inHalf: Lanes
    /// Decay over the step, and the time constants.
    public var ex, `in`, tauEx, tauIn: Lanes
    public var vTh, vReset, hold: Lanes
  }

  public var refractoryPeriod: Double { tRef }
  public func problems() -> [String] { resetProblems(vReset: vReset, vTh: vTh) }

  public func initialState() -> State {
    State(v: Lanes(repeating: eL), gEx: Lanes(), gIn: Lanes(), hold: Lanes())
  }

  public func propagator(step h: Double) -> Propagator {
    let count = ConductanceMembrane.substeps(step: h, shortest: min(tauSynEx, tauSynIn), perTau: 6)
    let d = h / count
    return Propagator(
      perC: Lanes(repeating: 1 / cM), gL: Lanes(repeating: gL), drive: Lanes(repeating: gL * eL + iE),
      eEx: Lanes(repeating: eEx), eIn: Lanes(repeating: eIn),
      length: Lanes(repeating: h), substep: Lanes(repeating: d), substeps: Lanes(repeating: count),
      exHalf: Lanes(repeating: exp(-d / 2 / tauSynEx)), inHalf: Lanes(repeating: exp(-d / 2 / tauSynIn)),
      ex: Lanes(repeating: exp(-h / tauSynEx)), in: Lanes(repeating: exp(-h / tauSynIn)),
      tauEx: Lanes(repeating: tauSynEx), tauIn: Lanes(repeating: tauSynIn),
      vTh: Lanes(repeating: vTh), vReset: Lanes(repeating: vReset),
      hold: Lanes(repeating: refractorySteps(tRef, step: h)))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let held = s.hold .> 0
    let base = p.drive + input.current
    var v = evolve(s, p, base, p.substep, p.substeps, exHalf: p.exHalf, inHalf: p.inHalf)
    let fast = (p.gL + s.gEx + s.gIn) * p.perC * p.substep .> ConductanceMembrane.rateLimit
    if _slowPath(fast.hasAny) { v = evolveFinely(fast, v, s, p, base) }
    s.v = v.replacing(with: s.v, where: held)
    s.hold -= 1
    s.gEx = p.ex * s.gEx + input.excitatory.magnitudes
    s.gIn = p.in * s.gIn + input.inhibitory.magnitudes
    let fired = s.v .>= p.vTh
    if _slowPath(fired.hasAny) {
      s.v.replace(with: p.vReset, where: fired)
      s.hold.replace(with: p.hold, where: fired)
    }
    return fired
  }

  /// The membrane potential one step later, in `counts` substeps of length `d`.
  @inlinable @inline(__always)
  static func evolve(
    _ s: State, _ p: Propagator, _ base: Lanes, _ d: Lanes, _ counts: Lanes, exHalf: Lanes, inHalf: Lanes
  ) -> Lanes {
    var v = s.v
    var ex = s.gEx
    var inh = s.gIn
    var start = coefficients(p, base, ex, inh)
    for k in 0..<Int(counts.max()) {
      let middle = coefficients(p, base, ex * exHalf, inh * inHalf)
      ex *= exHalf * exHalf
      inh *= inHalf * inHalf
      let end = coefficients(p, base, ex, inh)
      let next = ConductanceMembrane.step(v, d, start: start, middle: middle, end: end)
      v = next.replacing(with: v, where: counts .<= Double(k))
      start = end
    }
    return v
  }

  @inlinable @inline(__always)
  static func coefficients(_ p: Propagator, _ base: Lanes, _ ex: Lanes, _ inh: Lanes) -> (a: Lanes, b: Lanes) {
    (a: (base + (ex * p.eEx + inh * p.eIn)) * p.perC, b: (p.gL + (ex + inh)) * p.perC)
  }

  /// The lanes of `fast`, whose membrane relaxes too fast for the common substep, each with as many substeps as it needs.
  @inline(never) @usableFromInline
  static func evolveFinely(_ fast: LaneMask, _ v: Lanes, _ s: State, _ p: Propagator, _ base: Lanes) -> Lanes {
    var counts = p.substeps
    for i in 0..<8 where fast[i] {
      let rate = (p.gL[i] + s.gEx[i] + s.gIn[i]) * p.perC[i]
      counts[i] = Double(ConductanceMembrane.substeps(step: p.length[i], rate: rate))
    }
    let d = p.length / counts
    let fine = evolve(
      s, p, base, d, counts, exHalf: (-0.5 * d / p.tauEx).map { exp($0) }, inHalf: (-0.5 * d / p.tauIn).map { exp($0) })
    return v.replacing(with: fine, where: fast)
  }
}
