import Foundation
import SNNDynamics
import SNNSignals

/// Leaky integrate-and-fire neuron with alpha-shaped synaptic conductances.
///
///     C_m dV_m/dt = −g_L (V_m − E_L) − g_ex (V_m − E_ex) − g_in (V_m − E_in) + I_e + I
///     g_ex(t) = |w| (e/τ_syn,ex) t e^(−t/τ_syn,ex) after each input spike (peak |w| at t = τ_syn,ex); g_in likewise
///     V_m ≥ V_th  ⇒  spike; V_m ← V_reset, held for t_ref while the conductances go on
///
/// Each conductance is kept as (g, D) with g(t) = (g₀ + D₀ t) e^(−t/τ), D(t) = D₀ e^(−t/τ); an input spike adds |w| e/τ to D.
/// Meffin, Burkitt & Grayden (2004), doi:10.1023/B:JCNS.0000014108.03012.81. V_m advances by an exponential step of fourth order
/// (``ConductanceMembrane``), in substeps where conductances are strong, and agrees with a tight DOP853 solution to 3e-6 mV
/// (NEST's `iaf_cond_alpha` asks 1e-3 mV of its adaptive solver). V_m starts at E_L, in NEST at −70 mV whatever E_L.
public struct IafCondAlpha: ClockedNeuron {
  public static let name = "iaf_cond_alpha"
  public static let summary = "Leaky integrate-and-fire neuron with alpha-shaped synaptic conductances."
  public static let equations = """
    C_m dV_m/dt = -g_L (V_m - E_L) - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_e + I
    g_ex(t) = weight * (e/tau_syn_ex) * t * exp(-t/tau_syn_ex) after each input spike with weight > 0
    g_in(t) = -weight * (e/tau_syn_in) * t * exp(-t/tau_syn_in) after each input spike with weight < 0
    V_m >= V_th: spike, V_m = V_reset for t_ref
    """
  public static let source =
    "Meffin, Burkitt & Grayden (2004), doi:10.1023/B:JCNS.0000014108.03012.81; NEST iaf_cond_alpha"
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
    Parameter("tau_syn_ex", \.tauSynEx, .ms, "rise time of the excitatory conductance", .positive),
    Parameter("tau_syn_in", \.tauSynIn, .ms, "rise time of the inhibitory conductance", .positive),
    Parameter("I_e", \.iE, .pA, "constant input current"),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("g_ex", \.gEx, .nS, "excitatory conductance"),
    StateVariable<State, Lanes>("g_in", \.gIn, .nS, "inhibitory conductance"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v, gEx, gIn: Lanes
    /// D of each conductance, nS/ms.
    public var dEx, dIn: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// g_L E_L + I_e, and h/C_m.
    public var drive, perDrive: Lanes
    /// What the leak, 1 nS and 1 nS/ms of each conductance give to A.
    public var leak, rateEx, rateIn, riseEx, riseIn: Lanes
    /// What 1 nS gives to B + Ω: `push − turn · (drive + I)`, and 1 nS/ms.
    public var pushEx, pushIn, turnEx, turnIn, risePushEx, risePushIn, riseTurnEx, riseTurnIn: Lanes
    /// And what pairs give: g_ex g_in, g_ex D_in, D_ex g_in, D_ex D_in.
    public var crossGG, crossGD, crossDG, crossDD: Lanes
    /// The largest A of one step and of what D gives to it, the step, the decay over it, and D per weight (e/τ).
    public var limit, riseLimit, length, ex, `in`, kickEx, kickIn: Lanes
    public var vTh, vReset: Lanes
  }

  public var refractoryPeriod: Double { tRef }
  public func problems() -> [String] { resetProblems(vReset: vReset, vTh: vTh) }

  public func initialState() -> State {
    State(v: Lanes(repeating: eL), gEx: Lanes(), gIn: Lanes(), dEx: Lanes(), dIn: Lanes())
  }

  public func propagator(step h: Double) -> Propagator {
    func all(_ x: Double) -> Lanes { Lanes(repeating: x) }
    let membrane = Membrane(
      perC: all(1 / cM), gL: all(gL), eEx: all(eEx), eIn: all(eIn), tauEx: all(tauSynEx), tauIn: all(tauSynIn))
    var p = membrane.propagator(step: all(h))
    p.drive = all(gL * eL + iE)
    let x = h / min(tauSynEx, tauSynIn)
    // Half of the error for what decays, the rest for what rises: v = limit x + 2 rise at most.
    let limit = ConductanceMembrane.rateLimit(stiffness: x, limit: Self.errorLimit / 2)
    let q = limit * (limit + x)
    let v = 0.5 * ((q * q + 4 * Self.errorLimit / limit).squareRoot() - q)
    p.limit = all(limit)
    p.riseLimit = all(0.5 * (v - limit * x))
    p.vTh = all(vTh)
    p.vReset = all(vReset)
    return p
  }

  /// A quarter of what ``ConductanceMembrane`` takes: after a spike conductances rise step by step, so errors do not die out.
  static let errorLimit = ConductanceMembrane.errorLimit / 4

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let base = p.drive + input.current
    let rise = p.rise(s)
    let a = p.a(s, rise: rise)
    var v = p.evolved(s, base, a: a)
    v.replace(with: s.v, where: input.held)
    var fired = LaneMask(repeating: false)
    let strong = (a .> p.limit) .| (rise .> p.riseLimit)
    if _slowPath((strong .| (v .>= p.vTh)).hasAny) {
      if strong.hasAny {
        var fine = StrongStep(v: v, strong: strong .& .!input.held, base: base, start: s, p: p)
        fine.evolve()
        v = fine.v
      }
      fired = v .>= p.vTh
      v.replace(with: p.vReset, where: fired)
    }
    s.v = v
    p.decay(&s)
    s.dEx += p.kickEx * input.excitatory.magnitudes
    s.dIn += p.kickIn * input.inhibitory.magnitudes
    return fired
  }

  /// A step in which some lanes need substeps. All of it lies in memory, for the reason told at ``IafCondExp``.
  @usableFromInline
  struct StrongStep {
    /// V_m after the step, at first as the common step has it.
    @usableFromInline var v: Lanes
    @usableFromInline let strong: LaneMask
    @usableFromInline let base: Lanes
    @usableFromInline let start: State
    @usableFromInline let p: Propagator

    @usableFromInline
    init(v: Lanes, strong: LaneMask, base: Lanes, start: State, p: Propagator) {
      self.v = v
      self.strong = strong
      self.base = base
      self.start = start
      self.p = p
    }

    @inline(never) @usableFromInline
    mutating func evolve() {
      let membrane = Membrane(p)
      let rise = p.rise(start)
      let a = p.a(start, rise: rise)
      let x = ConductanceMembrane.stiffness(step: p.length, membrane.tauEx, membrane.tauIn)
      let varying = (a - p.leak - rise) * x + 2 * rise
      var counts = ConductanceMembrane.substeps(total: a, varying: varying, stiffness: x, limit: IafCondAlpha.errorLimit)
      counts.replace(with: 1, where: .!strong)
      let fine = membrane.propagator(step: p.length / counts)
      var s = start
      var k = 0.0
      while true {
        let rest = counts .> k
        guard rest.hasAny else { break }
        s.v.replace(with: fine.evolved(s, base, a: fine.a(s, rise: fine.rise(s))), where: rest)
        fine.decay(&s)
        k += 1
      }
      v.replace(with: s.v, where: strong)
    }
  }

  /// What the constants of a step of any length are made from.
  struct Membrane {
    var perC, gL, eEx, eIn, tauEx, tauIn: Lanes
  }
}

extension IafCondAlpha.Propagator {
  /// What D gives to A.
  @inlinable @inline(__always)
  func rise(_ s: IafCondAlpha.State) -> Lanes { riseEx * s.dEx + riseIn * s.dIn }

  /// A of one step.
  @inlinable @inline(__always)
  func a(_ s: IafCondAlpha.State, rise: Lanes) -> Lanes { leak + ((rateEx * s.gEx + rateIn * s.gIn) + rise) }

  /// V one step later; `base` is the driving current at V = 0.
  @inlinable @inline(__always)
  func evolved(_ s: IafCondAlpha.State, _ base: Lanes, a: Lanes) -> Lanes {
    let perGEx = (pushEx - turnEx * base) + (crossGG * s.gIn + crossGD * s.dIn)
    let perDEx = (risePushEx - riseTurnEx * base) + (crossDG * s.gIn + crossDD * s.dIn)
    let inh = s.gIn * (pushIn - turnIn * base) + s.dIn * (risePushIn - riseTurnIn * base)
    let b = perDrive * base + ((s.gEx * perGEx + s.dEx * perDEx) + inh)
    return s.v + ConductanceMembrane.phi(a) * (b - a * s.v)
  }

  /// The conductances one step later, without input.
  @inlinable @inline(__always)
  func decay(_ s: inout IafCondAlpha.State) {
    s.gEx = ex * (s.gEx + length * s.dEx)
    s.gIn = `in` * (s.gIn + length * s.dIn)
    s.dEx *= ex
    s.dIn *= `in`
  }
}

extension IafCondAlpha.Membrane {
  /// Back from the constants of a step.
  init(_ p: IafCondAlpha.Propagator) {
    perC = p.perDrive / p.length
    gL = p.leak / p.perDrive
    tauEx = Lanes(repeating: M_E) / p.kickEx
    tauIn = Lanes(repeating: M_E) / p.kickIn
    eEx = p.pushEx / (p.rateEx + p.turnEx * gL)
    eIn = p.pushIn / (p.rateIn + p.turnIn * gL)
  }

  /// Without threshold, drive and limit.
  func propagator(step: Lanes) -> IafCondAlpha.Propagator {
    let moments = AlphaMoments(step: step, tauEx: tauEx, tauIn: tauIn)
    let (ex, inh) = (moments.ex, moments.in)
    let perC2 = perC * perC
    let perDrive = step * perC
    let span = perC2 * (eIn - eEx)
    let none = Lanes()
    return IafCondAlpha.Propagator(
      drive: none, perDrive: perDrive, leak: perDrive * gL, rateEx: ex.g * perC, rateIn: inh.g * perC,
      riseEx: ex.d * perC, riseIn: inh.d * perC, pushEx: push(ex.g, ex.cG, eEx), pushIn: push(inh.g, inh.cG, eIn),
      turnEx: ex.cG * perC2, turnIn: inh.cG * perC2, risePushEx: push(ex.d, ex.cD, eEx),
      risePushIn: push(inh.d, inh.cD, eIn), riseTurnEx: ex.cD * perC2, riseTurnIn: inh.cD * perC2,
      crossGG: moments.gg * span, crossGD: moments.gd * span, crossDG: moments.dg * span, crossDD: moments.dd * span,
      limit: none, riseLimit: none, length: step, ex: 1 - ex.loss, in: 1 - inh.loss, kickEx: Lanes(repeating: M_E) / tauEx,
      kickIn: Lanes(repeating: M_E) / tauIn, vTh: none, vReset: none)
  }

  /// What a function of integral `i` and commutator `c` with 1 gives to B + Ω with the reversal potential `e`.
  private func push(_ i: Lanes, _ c: Lanes, _ e: Lanes) -> Lanes { (i * perC + c * perC * perC * gL) * e }
}
