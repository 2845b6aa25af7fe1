import Foundation
import SNNDynamics
import SNNSignals

/// Astrocyte that hears the neurotransmitter of its synapses and answers with gliotransmitter: calcium, IP3 and the presynaptic
/// receptors that it binds.
///
///     dY_S/dt = −Ω_c Y_S,     Y_S ← Y_S + ρ_c Y_T w at each input spike (w: what the synapse releases)
///     dΓ_A/dt = O_N Y_S (1 − Γ_A) − Ω_N (1 + ζ C/(C + K_KC)) Γ_A
///     dI/dt = O_β Γ_A + O_δ/(1 + I/κ_δ) C²/(C² + K_δ²) − O_3K C⁴/(C⁴ + K_D⁴) I/(I + K_3K) − Ω_5P I + J_ex
///     dC/dt = (Ω_C m³ h³ + Ω_L) (C_T − (1 + ρ_A) C) − O_P C²/(C² + K_P²),   m = I/(I + d_1) C/(C + d_5)
///     dh/dt = O_2 (Q_2 − (Q_2 + C) h),   Q_2 = d_2 (I + d_1)/(I + d_3)
///     J_ex = −F_ex/2 (1 + tanh((|I − I_bias| − I_Θ)/ω_I)) sign(I − I_bias)
///     C passes C_Θ upward  ⇒  spike; G_A ← G_A + ρ_e G_T U_A x_A, x_A ← x_A − U_A x_A
///     dx_A/dt = Ω_A (1 − x_A),   dG_A/dt = −Ω_e G_A,   dΓ_S/dt = O_G G_A (1 − Γ_S) − Ω_G Γ_S
///
/// Stimberg, Goodman, Brette & De Pittà (2019), doi:10.1007/978-3-030-00817-8_18 (bioRxiv 198366). Γ_S is the same for all synapses
/// of an astrocyte, so it is a variable of the astrocyte: rules of plasticity read it (`gliotransmission`). Y_S, x_A and G_A are
/// exact, the rest advances by the classical Runge-Kutta method. A spike marks each release of gliotransmitter.
public struct AstrocyteDePitta2018: ClockedNeuron {
  public static let name = "astrocyte_depitta_2018"
  public static let summary = "Astrocyte that senses neurotransmitter and releases gliotransmitter."
  public static let equations = """
    dY_S/dt = -Omega_c*Y_S;  Y_S += rho_c*Y_T*weight at each input spike
    dGamma_A/dt = O_N*Y_S*(1 - Gamma_A) - Omega_N*(1 + zeta*C/(C + K_KC))*Gamma_A;  C = Ca_astro, I = IP3
    dIP3/dt = O_beta*Gamma_A + O_delta/(1 + I/kappa_delta)*C^2/(C^2 + K_delta^2)
              - O_3K*C^4/(C^4 + K_D^4)*I/(I + K_3K) - Omega_5P*I + J_ex
    J_ex = -F_ex/2*(1 + tanh((|I - I_bias| - I_Theta)/omega_I))*sign(I - I_bias)
    dCa_astro/dt = (Omega_C*m^3*h^3 + Omega_L)*(C_T - (1 + rho_A)*C) - O_P*C^2/(C^2 + K_P^2);  m = I/(I + d_1)*C/(C + d_5)
    dh/dt = O_2*(Q_2*(1 - h) - C*h);  Q_2 = d_2*(I + d_1)/(I + d_3)
    C passes C_Theta upward: spike, G_A += rho_e*G_T*U_A*x_A, x_A -= U_A*x_A
    dx_A/dt = Omega_A*(1 - x_A);  dG_A/dt = -Omega_e*G_A;  dGamma_S/dt = O_G*G_A*(1 - Gamma_S) - Omega_G*Gamma_S
    """
  public static let source = "Stimberg, Goodman, Brette & De Pitta (2019), doi:10.1007/978-3-030-00817-8_18"
  public static let weightKind = WeightKind.factor

  public var rhoC = 0.005, yT = 500e3, omegaC = 0.04
  public var oN = 0.3e-3, omegaN = 0.5e-3, kKC = 0.5, zeta = 10.0
  public var oBeta = 3.2e-3, oDelta = 0.6e-3, kappaDelta = 1.5, kDelta = 0.1, omega5P = 0.05e-3, kD = 0.7, k3K = 1.0, o3K = 4.5e-3
  public var fEx = 2e-3, iBias = 0.0, iTheta = 0.3, omegaI = 0.05
  public var oP = 0.9e-3, kP = 0.05, cT = 2.0, rhoA = 0.18, omegaRelease = 6e-3, omegaL = 0.1e-3
  public var d1 = 0.13, d2 = 1.05, o2 = 0.2e-3, d3 = 0.9434, d5 = 0.08
  public var cTheta = 0.5, omegaA = 0.6e-3, uA = 0.6, gT = 200e3, rhoE = 6.5e-4, omegaE = 0.06
  public var oG = 1.5e-3, omegaG = 0.5 / 60e3

  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("rho_c", \.rhoC, .none, "volume of synaptic vesicles over that outside the cells", .nonNegative),
    Parameter("Y_T", \.yT, .micromolar, "neurotransmitter in the vesicles", .nonNegative),
    Parameter("Omega_c", \.omegaC, .perMillisecond, "clearance of neurotransmitter", .nonNegative),
    Parameter("O_N", \.oN, .perMicromolarMillisecond, "binding of neurotransmitter", .nonNegative),
    Parameter("Omega_N", \.omegaN, .perMillisecond, "unbinding of neurotransmitter", .nonNegative),
    Parameter("K_KC", \.kKC, .micromolar, "calcium affinity of protein kinase C", .positive),
    Parameter("zeta", \.zeta, .none, "greatest loss of receptor affinity by it", .nonNegative),
    Parameter("O_beta", \.oBeta, .micromolarPerMillisecond, "production of IP3 by bound receptors", .nonNegative),
    Parameter("O_delta", \.oDelta, .micromolarPerMillisecond, "endogenous production of IP3", .nonNegative),
    Parameter("kappa_delta", \.kappaDelta, .micromolar, "its inhibition by IP3", .positive),
    Parameter("K_delta", \.kDelta, .micromolar, "its calcium affinity", .positive),
    Parameter("Omega_5P", \.omega5P, .perMillisecond, "degradation of IP3 by 5-phosphatase", .nonNegative),
    Parameter("K_D", \.kD, .micromolar, "calcium affinity of 3-kinase", .positive),
    Parameter("K_3K", \.k3K, .micromolar, "IP3 affinity of 3-kinase", .positive),
    Parameter("O_3K", \.o3K, .micromolarPerMillisecond, "degradation of IP3 by 3-kinase", .nonNegative),
    Parameter("F_ex", \.fEx, .micromolarPerMillisecond, "greatest flow of IP3 from outside", .nonNegative),
    Parameter("I_bias", \.iBias, .micromolar, "IP3 outside", .nonNegative),
    Parameter("I_Theta", \.iTheta, .micromolar, "gradient at which it flows", .nonNegative),
    Parameter("omega_I", \.omegaI, .micromolar, "width of that threshold", .positive),
    Parameter("O_P", \.oP, .micromolarPerMillisecond, "greatest uptake of calcium by the pump", .nonNegative),
    Parameter("K_P", \.kP, .micromolar, "calcium affinity of the pump", .positive),
    Parameter("C_T", \.cT, .micromolar, "total free calcium", .positive),
    Parameter("rho_A", \.rhoA, .none, "volume of the endoplasmic reticulum over that of the cytosol", .nonNegative),
    Parameter("Omega_C", \.omegaRelease, .perMillisecond, "greatest release of calcium by IP3 receptors", .nonNegative),
    Parameter("Omega_L", \.omegaL, .perMillisecond, "leak of calcium", .nonNegative),
    Parameter("d_1", \.d1, .micromolar, "IP3 binding affinity", .positive),
    Parameter("d_2", \.d2, .micromolar, "dissociation of inactivating calcium", .nonNegative),
    Parameter("O_2", \.o2, .perMicromolarMillisecond, "binding of inactivating calcium", .nonNegative),
    Parameter("d_3", \.d3, .micromolar, "dissociation of IP3", .positive),
    Parameter("d_5", \.d5, .micromolar, "dissociation of activating calcium", .positive),
    Parameter("C_Theta", \.cTheta, .micromolar, "calcium at which gliotransmitter is released", .positive),
    Parameter("Omega_A", \.omegaA, .perMillisecond, "recovery of gliotransmitter", .nonNegative),
    Parameter("U_A", \.uA, .none, "part of it that is released", .fraction),
    Parameter("G_T", \.gT, .micromolar, "gliotransmitter in the vesicles", .nonNegative),
    Parameter("rho_e", \.rhoE, .none, "volume of astrocytic vesicles over that outside the cells", .nonNegative),
    Parameter("Omega_e", \.omegaE, .perMillisecond, "clearance of gliotransmitter", .nonNegative),
    Parameter("O_G", \.oG, .perMicromolarMillisecond, "binding of gliotransmitter", .nonNegative),
    Parameter("Omega_G", \.omegaG, .perMillisecond, "unbinding of gliotransmitter", .nonNegative),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("Y_S", \.y, .micromolar, "neurotransmitter around the astrocyte"),
    StateVariable<State, Lanes>("Gamma_A", \.gammaA, .none, "fraction of its receptors that are bound"),
    StateVariable<State, Lanes>("IP3", \.ip3, .micromolar, "inositol 1,4,5-trisphosphate"),
    StateVariable<State, Lanes>("Ca_astro", \.ca, .micromolar, "calcium in the cytosol"),
    StateVariable<State, Lanes>("h", \.h, .none, "fraction of IP3 receptors not inactivated by calcium"),
    StateVariable<State, Lanes>("x_A", \.xA, .none, "gliotransmitter ready for release, as a fraction"),
    StateVariable<State, Lanes>("G_A", \.gA, .micromolar, "gliotransmitter around the synapses"),
    StateVariable<State, Lanes>("Gamma_S", \.gammaS, .none, "fraction of presynaptic receptors that are bound"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var y, gammaA, ip3, ca, h, xA, gA, gammaS: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    public var length: Lanes
    /// What is left of Y_S and G_A after half a step and a whole one, and of 1 − x_A after a whole one.
    public var yHalf, yWhole, gHalf, gWhole, recovery: Lanes
    public var release, oN, omegaN, kKC, zeta, oBeta, oDelta, perKappa, kDelta2, omega5P, kD4, k3K, o3K: Lanes
    public var fEx, iBias, iTheta, perOmegaI: Lanes
    public var oP, kP2, cT, volume, omegaRelease, omegaL, d1, d2, o2, d3, d5, cTheta, uA, answer, oG, omegaG: Lanes
  }

  public var refractoryPeriod: Double { 0 }

  public func initialState() -> State {
    let none = Lanes()
    return State(
      y: none, gammaA: none, ip3: none, ca: none, h: Lanes(repeating: 0.9), xA: Lanes(repeating: 1), gA: none, gammaS: none)
  }

  public func propagator(step h: Double) -> Propagator {
    func all(_ x: Double) -> Lanes { Lanes(repeating: x) }
    return Propagator(
      length: all(h), yHalf: all(exp(-0.5 * h * omegaC)), yWhole: all(exp(-h * omegaC)), gHalf: all(exp(-0.5 * h * omegaE)),
      gWhole: all(exp(-h * omegaE)), recovery: all(exp(-h * omegaA)), release: all(rhoC * yT), oN: all(oN),
      omegaN: all(omegaN), kKC: all(kKC), zeta: all(zeta), oBeta: all(oBeta), oDelta: all(oDelta), perKappa: all(1 / kappaDelta),
      kDelta2: all(kDelta * kDelta), omega5P: all(omega5P), kD4: all(kD * kD * kD * kD), k3K: all(k3K), o3K: all(o3K),
      fEx: all(fEx), iBias: all(iBias), iTheta: all(iTheta), perOmegaI: all(1 / omegaI), oP: all(oP), kP2: all(kP * kP),
      cT: all(cT), volume: all(1 + rhoA), omegaRelease: all(omegaRelease), omegaL: all(omegaL), d1: all(d1), d2: all(d2),
      o2: all(o2), d3: all(d3), d5: all(d5), cTheta: all(cTheta), uA: all(uA), answer: all(rhoE * gT), oG: all(oG),
      omegaG: all(omegaG))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let wasBelow = s.ca .<= p.cTheta
    evolve(&s, p, source: input.current)
    s.y += p.release * input.excitatory
    let released = wasBelow .& (s.ca .> p.cTheta)
    if _slowPath(released.hasAny) {
      let amount = p.uA * s.xA
      s.gA.replace(with: s.gA + p.answer * amount, where: released)
      s.xA.replace(with: s.xA - amount, where: released)
    }
    return released
  }

  /// One step without events.
  @inline(never) @usableFromInline
  static func evolve(_ s: inout State, _ p: Propagator, source: Lanes) {
    let half = 0.5 * p.length
    let start = Slow(gammaA: s.gammaA, ip3: s.ip3, ca: s.ca, h: s.h, gammaS: s.gammaS)
    let (yMiddle, gMiddle) = (s.y * p.yHalf, s.gA * p.gHalf)
    let k1 = p.slope(start, s.y, s.gA, source)
    let k2 = p.slope(start.moved(by: half, k1), yMiddle, gMiddle, source)
    let k3 = p.slope(start.moved(by: half, k2), yMiddle, gMiddle, source)
    s.y *= p.yWhole
    s.gA *= p.gWhole
    let k4 = p.slope(start.moved(by: p.length, k3), s.y, s.gA, source)
    let sixth = p.length * (1.0 / 6)
    let end = start.moved(by: sixth, k1).moved(by: 2 * sixth, k2).moved(by: 2 * sixth, k3).moved(by: sixth, k4)
    (s.gammaA, s.ip3, s.ca, s.h, s.gammaS) = (end.gammaA, end.ip3, end.ca, end.h, end.gammaS)
    s.xA = 1 - (1 - s.xA) * p.recovery
  }

  /// What has no closed form.
  struct Slow {
    var gammaA, ip3, ca, h, gammaS: Lanes

    @inline(__always)
    func moved(by dt: Lanes, _ slope: Slow) -> Slow {
      Slow(
        gammaA: gammaA + dt * slope.gammaA, ip3: ip3 + dt * slope.ip3, ca: ca + dt * slope.ca, h: h + dt * slope.h,
        gammaS: gammaS + dt * slope.gammaS)
    }
  }
}

extension AstrocyteDePitta2018.Propagator {
  /// The time derivative; `source` is injected IP3 (1 pA counts as 1 µM/ms).
  @inline(__always)
  func slope(_ s: AstrocyteDePitta2018.Slow, _ y: Lanes, _ gA: Lanes, _ source: Lanes) -> AstrocyteDePitta2018.Slow {
    let (c, i) = (s.ca, s.ip3)
    let c2 = c * c
    let c4 = c2 * c2
    let unbinding = omegaN * (1 + zeta * c / (c + kKC))
    let endogenous = oDelta / (1 + i * perKappa) * (c2 / (c2 + kDelta2))
    let kinase = o3K * (c4 / (c4 + kD4)) * (i / (i + k3K))
    let gradient = i - iBias
    // (1 + tanh z)/2 is 1/(1 + e^(−2z)).
    let flow = fEx / (1 + ((gradient.magnitudes - iTheta) * perOmegaI * -2).exponential())
    let inward = Lanes().replacing(with: flow, where: gradient .< 0).replacing(with: Lanes() - flow, where: gradient .> 0)
    let open = i / (i + d1) * (c / (c + d5)) * s.h
    let q2 = d2 * (i + d1) / (i + d3)
    return AstrocyteDePitta2018.Slow(
      gammaA: oN * y * (1 - s.gammaA) - unbinding * s.gammaA,
      ip3: (oBeta * s.gammaA + endogenous - kinase) - omega5P * i + (inward + source),
      ca: (omegaRelease * (open * open * open) + omegaL) * (cT - volume * c) - oP * (c2 / (c2 + kP2)),
      h: o2 * (q2 * (1 - s.h) - c * s.h), gammaS: oG * gA * (1 - s.gammaS) - omegaG * s.gammaS)
  }
}
