import Foundation
import SNNDynamics
import SNNSignals

/// Leaky integrate-and-fire neuron with exponential synaptic conductances.
///
///     C_m dV_m/dt = −g_L (V_m − E_L) − g_ex (V_m − E_ex) − g_in (V_m − E_in) + I_e + I
///     dg_ex/dt = −g_ex/τ_syn,ex,     g_ex ← g_ex + |w| at each input spike; g_in likewise
///     V_m ≥ V_th  ⇒  spike; V_m ← V_reset, held for t_ref while the conductances go on
///
/// Meffin, Burkitt & Grayden (2004), doi:10.1023/B:JCNS.0000014108.03012.81. Conductances decay exactly; V_m advances by an
/// exponential step of fourth order (``ConductanceMembrane``), in substeps where conductances are strong, and agrees with a tight
/// DOP853 solution to 2e-6 mV (NEST's `iaf_cond_exp` asks 1e-3 mV of its adaptive solver). V_m starts at E_L, in NEST at −70 mV
/// whatever E_L.
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
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// g_L E_L + I_e, and h/C_m.
    public var drive, perDrive: Lanes
    /// What the leak and 1 nS of each conductance give to A.
    public var leak, rateEx, rateIn: Lanes
    /// What 1 nS gives to B + Ω: `push − turn · (drive + I)`, and `cross` for 1 nS of both.
    public var pushEx, pushIn, turnEx, turnIn, cross: Lanes
    /// The largest A of one step, and the decay over it.
    public var limit, ex, `in`: Lanes
    public var vTh, vReset: Lanes
    /// The step, ms.
    public var length: Lanes
  }

  public var refractoryPeriod: Double { tRef }
  public func problems() -> [String] { resetProblems(vReset: vReset, vTh: vTh) }

  public func initialState() -> State {
    State(v: Lanes(repeating: eL), gEx: Lanes(), gIn: Lanes())
  }

  public func propagator(step h: Double) -> Propagator {
    func all(_ x: Double) -> Lanes { Lanes(repeating: x) }
    let membrane = Membrane(
      perC: all(1 / cM), gL: all(gL), eEx: all(eEx), eIn: all(eIn), tauEx: all(tauSynEx), tauIn: all(tauSynIn))
    var p = membrane.propagator(step: all(h))
    p.drive = all(gL * eL + iE)
    p.limit = all(ConductanceMembrane.rateLimit(stiffness: h / min(tauSynEx, tauSynIn)))
    p.vTh = all(vTh)
    p.vReset = all(vReset)
    return p
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let base = p.drive + input.current
    let a = p.a(s.gEx, s.gIn)
    var v = p.evolved(s.v, s.gEx, s.gIn, base, a: a)
    v.replace(with: s.v, where: input.held)
    var fired = LaneMask(repeating: false)
    let strong = a .> p.limit
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
    s.gEx = p.ex * s.gEx + input.excitatory.magnitudes
    s.gIn = p.in * s.gIn + input.inhibitory.magnitudes
    return fired
  }

  /// A step in which some lanes need substeps. All of it lies in memory: a vector that is passed by value outside of a loop
  /// makes the optimiser cut the loop's own vectors into pairs.
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
      let a = p.a(start.gEx, start.gIn)
      let x = ConductanceMembrane.stiffness(step: p.length, membrane.tauEx, membrane.tauIn)
      var counts = ConductanceMembrane.substeps(total: a, varying: (a - p.leak) * x, stiffness: x)
      counts.replace(with: 1, where: .!strong)
      let fine = membrane.propagator(step: p.length / counts)
      var (v, ex, inh) = (start.v, start.gEx, start.gIn)
      var k = 0.0
      while true {
        let rest = counts .> k
        guard rest.hasAny else { break }
        v.replace(with: fine.evolved(v, ex, inh, base, a: fine.a(ex, inh)), where: rest)
        ex *= fine.ex
        inh *= fine.in
        k += 1
      }
      self.v.replace(with: v, where: strong)
    }
  }

  /// What the constants of a step of any length are made from.
  struct Membrane {
    var perC, gL, eEx, eIn, tauEx, tauIn: Lanes
  }
}

extension IafCondExp.Propagator {
  /// A of one step.
  @inlinable @inline(__always)
  func a(_ ex: Lanes, _ inh: Lanes) -> Lanes { leak + (rateEx * ex + rateIn * inh) }

  /// V one step later; `base` is the driving current at V = 0.
  @inlinable @inline(__always)
  func evolved(_ v: Lanes, _ ex: Lanes, _ inh: Lanes, _ base: Lanes, a: Lanes) -> Lanes {
    let b =
      perDrive * base + (ex * ((pushEx - turnEx * base) + cross * inh) + inh * (pushIn - turnIn * base))
    return v + ConductanceMembrane.phi(a) * (b - a * v)
  }
}

extension IafCondExp.Membrane {
  /// Back from the constants of a step.
  init(_ p: IafCondExp.Propagator) {
    perC = p.perDrive / p.length
    gL = p.leak / p.perDrive
    tauEx = p.rateEx / ((1 - p.ex) * perC)
    tauIn = p.rateIn / ((1 - p.in) * perC)
    eEx = p.pushEx / (p.rateEx + p.turnEx * gL)
    eIn = p.pushIn / (p.rateIn + p.turnIn * gL)
  }

  /// Without threshold, drive and limit.
  func propagator(step: Lanes) -> IafCondExp.Propagator {
    // C of (1, e^(−t/τ_ex)), (1, e^(−t/τ_in)) and of both exponentials; 1 − e^(−h/τ).
    var (cEx, cIn, c) = (Lanes(), Lanes(), Lanes())
    var h = step * ConductanceMembrane.shortest
    var lossEx = ConductanceMembrane.shortLoss(h / tauEx)
    var lossIn = ConductanceMembrane.shortLoss(h / tauIn)
    for _ in 0..<ConductanceMembrane.doublings {
      let (keptEx, keptIn) = (1 - lossEx, 1 - lossIn)
      let (integralEx, integralIn) = (lossEx * tauEx, lossIn * tauIn)
      c += keptEx * keptIn * c + 0.5 * integralEx * integralIn * (lossEx - lossIn)
      cEx += keptEx * cEx - 0.5 * h * lossEx * integralEx
      cIn += keptIn * cIn - 0.5 * h * lossIn * integralIn
      lossEx *= 2 - lossEx
      lossIn *= 2 - lossIn
      h *= Lanes(repeating: 2)
    }
    let perC2 = perC * perC
    let perDrive = step * perC
    let (rateEx, rateIn) = (lossEx * tauEx * perC, lossIn * tauIn * perC)
    let (turnEx, turnIn) = (cEx * perC2, cIn * perC2)
    let none = Lanes()
    return IafCondExp.Propagator(
      drive: none, perDrive: perDrive, leak: perDrive * gL, rateEx: rateEx, rateIn: rateIn,
      pushEx: (rateEx + turnEx * gL) * eEx, pushIn: (rateIn + turnIn * gL) * eIn, turnEx: turnEx, turnIn: turnIn,
      cross: c * perC2 * (eIn - eEx), limit: none, ex: 1 - lossEx, in: 1 - lossIn, vTh: none, vReset: none, length: step)
  }
}
