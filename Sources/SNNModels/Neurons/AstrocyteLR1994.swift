import Foundation
import SNNDynamics
import SNNSignals

/// Astrocyte whose calcium oscillates by release from the endoplasmic reticulum, with the slow inward current that it causes in
/// neurons.
///
///     dCa/dt = J_channel − J_pump + J_leak + J_noise        Ca_ER = (Ca_tot − C)/ratio_ER_cyt,   C = Ca within [0, Ca_tot]
///     J_channel = ratio_ER_cyt rate_IP3R (m n h)³ (Ca_ER − C),   m = IP3/(IP3 + K_d,IP3,1),   n = C/(C + K_d,act)
///     J_leak = ratio_ER_cyt rate_L (Ca_ER − C)              J_pump = rate_SERCA C²/(K_m,SERCA² + C²)
///     dh/dt = k_IP3R K_d,inh (IP3 + K_d,IP3,1)/(IP3 + K_d,IP3,2) (1 − h) − k_IP3R C h
///     dIP3/dt = (IP3_0 − IP3)/τ_IP3,     IP3 ← IP3 + Δ_IP3 w at each input spike
///     SIC = SIC_scale ln y where y = (Ca − SIC_th) · 1000 > 1, else 0
///
/// Li & Rinzel (1994), doi:10.1006/jtbi.1994.1041; slow inward current: Nadkarni & Jung (2003),
/// doi:10.1103/PhysRevLett.91.268101. NEST's `astrocyte_lr_1994`. IP3 is exact; Ca and h advance by the classical Runge-Kutta
/// method, whose error of 1e-14 in a step of 0.1 ms is far below the tolerance of NEST's adaptive solver (1e-3 relative to each
/// variable, in fact some 1e-9). An injected current is J_noise, 1 pA counting as 1 µM/ms. It sends no spikes: connections of the
/// type `sic_connection` carry `SIC`. IP3 starts at IP3_0, in NEST at 0.16 µM whatever IP3_0.
public struct AstrocyteLR1994: ClockedNeuron {
  public static let name = "astrocyte_lr_1994"
  public static let summary = "Astrocyte with Li-Rinzel calcium dynamics and the slow inward current that it causes."
  public static let equations = """
    dCa_astro/dt = J_channel - J_pump + J_leak + J_noise;  C = Ca_astro within [0, Ca_tot];  Ca_ER = (Ca_tot - C)/ratio_ER_cyt
    J_channel = ratio_ER_cyt*rate_IP3R*m^3*n^3*h_IP3R^3*(Ca_ER - C);  m = IP3/(IP3 + Kd_IP3_1);  n = C/(C + Kd_act)
    J_leak = ratio_ER_cyt*rate_L*(Ca_ER - C);  J_pump = rate_SERCA*C^2/(Km_SERCA^2 + C^2)
    dh_IP3R/dt = k_IP3R*Kd_inh*(IP3 + Kd_IP3_1)/(IP3 + Kd_IP3_2)*(1 - h_IP3R) - k_IP3R*C*h_IP3R
    dIP3/dt = (IP3_0 - IP3)/tau_IP3;  IP3 += delta_IP3*weight at each input spike
    SIC = SIC_scale*ln(y) for y = (Ca_astro - SIC_th)*1000 > 1, else 0: sent through sic_connection, no spikes
    """
  public static let source =
    "Li & Rinzel (1994), doi:10.1006/jtbi.1994.1041; Nadkarni & Jung (2003), doi:10.1103/PhysRevLett.91.268101; "
    + "NEST astrocyte_lr_1994"
  public static let weightKind = WeightKind.factor
  public static let slowCurrent: String? = "SIC"

  public var caTot = 2.0, ip3Rest = 0.16, kdIP31 = 0.13, kdIP32 = 0.9434, kdAct = 0.08234, kdInh = 1.049, kmSERCA = 0.1
  public var sicScale = 1.0, sicTh = 0.19669, deltaIP3 = 0.0002, kIP3R = 0.0002, rateIP3R = 0.006, rateL = 0.00011
  public var rateSERCA = 0.0009, ratio = 0.185, tauIP3 = 7142.0

  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("Ca_tot", \.caTot, .micromolar, "total free calcium, in terms of the volume of the cytosol", .positive),
    Parameter("IP3_0", \.ip3Rest, .micromolar, "baseline of IP3", .nonNegative),
    Parameter("Kd_IP3_1", \.kdIP31, .micromolar, "first IP3R dissociation constant of IP3", .positive),
    Parameter("Kd_IP3_2", \.kdIP32, .micromolar, "second IP3R dissociation constant of IP3", .positive),
    Parameter("Kd_act", \.kdAct, .micromolar, "IP3R dissociation constant of calcium, activation", .positive),
    Parameter("Kd_inh", \.kdInh, .micromolar, "IP3R dissociation constant of calcium, inhibition", .nonNegative),
    Parameter("Km_SERCA", \.kmSERCA, .micromolar, "half-activation of the SERCA pump", .positive),
    Parameter("SIC_scale", \.sicScale, .pA, "scale of the slow inward current", .positive),
    Parameter("SIC_th", \.sicTh, .micromolar, "calcium above which there is a slow inward current", .nonNegative),
    Parameter("delta_IP3", \.deltaIP3, .micromolar, "what a spike of weight 1 adds to IP3", .nonNegative),
    Parameter("k_IP3R", \.kIP3R, .perMicromolarMillisecond, "IP3R binding constant of calcium inhibition", .nonNegative),
    Parameter("rate_IP3R", \.rateIP3R, .perMillisecond, "greatest rate of release through IP3R", .nonNegative),
    Parameter("rate_L", \.rateL, .perMillisecond, "rate of the leak from the endoplasmic reticulum", .nonNegative),
    Parameter("rate_SERCA", \.rateSERCA, .micromolarPerMillisecond, "greatest rate of uptake by the pump", .nonNegative),
    Parameter("ratio_ER_cyt", \.ratio, .none, "volume of the endoplasmic reticulum over that of the cytosol", .positive),
    Parameter("tau_IP3", \.tauIP3, .ms, "decay time of IP3", .positive),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("IP3", \.ip3, .micromolar, "inositol 1,4,5-trisphosphate"),
    StateVariable<State, Lanes>("Ca_astro", \.ca, .micromolar, "calcium in the cytosol"),
    StateVariable<State, Lanes>("h_IP3R", \.h, .none, "fraction of IP3 receptors not inactivated by calcium"),
    StateVariable<State, Lanes>("SIC", \.sic, .pA, "slow inward current in neurons, per unit of weight"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var ip3, ca, h, sic: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// The step, and what is left of IP3 − IP3_0 after half of it and all.
    public var length, half, whole: Lanes
    public var rest, kd1, kd2, delta: Lanes
    public var caTot, perRatio, kdAct, km2, rateSERCA, k: Lanes
    /// ratio · rate_IP3R, ratio · rate_L, and k_IP3R K_d,inh.
    public var channel, leak, open: Lanes
    /// 1000 SIC_th.
    public var threshold, scale: Lanes
  }

  public var refractoryPeriod: Double { 0 }

  public func initialState() -> State {
    State(ip3: Lanes(repeating: ip3Rest), ca: Lanes(repeating: 0.073), h: Lanes(repeating: 0.793), sic: Lanes())
  }

  public func propagator(step h: Double) -> Propagator {
    func all(_ x: Double) -> Lanes { Lanes(repeating: x) }
    return Propagator(
      length: all(h), half: all(exp(-0.5 * h / tauIP3)), whole: all(exp(-h / tauIP3)), rest: all(ip3Rest), kd1: all(kdIP31),
      kd2: all(kdIP32), delta: all(deltaIP3), caTot: all(caTot), perRatio: all(1 / ratio), kdAct: all(kdAct),
      km2: all(kmSERCA * kmSERCA), rateSERCA: all(rateSERCA), k: all(kIP3R), channel: all(ratio * rateIP3R),
      leak: all(ratio * rateL), open: all(kIP3R * kdInh), threshold: all(1000 * sicTh), scale: all(sicScale))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    evolve(&s, p, noise: input.current)
    s.ip3 += p.delta * input.excitatory
    let y = s.ca * 1000 - p.threshold
    let isAbove = y .> 1
    s.sic = Lanes()
    if isAbove.hasAny { s.sic.replace(with: p.scale * y.replacing(with: 1, where: .!isAbove).logarithm(), where: isAbove) }
    return LaneMask(repeating: false)
  }

  @inlinable @inline(__always)
  static func evolve(_ s: inout State, _ p: Propagator, noise: Lanes) {
    let excess = s.ip3 - p.rest
    let (middle, end) = (p.rest + p.half * excess, p.rest + p.whole * excess)
    let halfStep = 0.5 * p.length
    let start = p.receptor(s.ip3)
    let k1 = p.slope(s.ca, s.h, start, noise)
    let between = p.receptor(middle)
    let k2 = p.slope(s.ca + halfStep * k1.ca, s.h + halfStep * k1.h, between, noise)
    let k3 = p.slope(s.ca + halfStep * k2.ca, s.h + halfStep * k2.h, between, noise)
    let k4 = p.slope(s.ca + p.length * k3.ca, s.h + p.length * k3.h, p.receptor(end), noise)
    let sixth = p.length * (1.0 / 6)
    s.ca += sixth * ((k1.ca + k4.ca) + 2 * (k2.ca + k3.ca))
    s.h += sixth * ((k1.h + k4.h) + 2 * (k2.h + k3.h))
    s.ip3 = end
  }
}

extension AstrocyteLR1994.Propagator {
  /// What IP3 does to its receptors: ratio · rate_IP3R m³, and the rate at which they recover.
  @inlinable @inline(__always)
  func receptor(_ ip3: Lanes) -> (channel: Lanes, recovery: Lanes) {
    let bound = ip3 + kd1
    let m = ip3 / bound
    return (channel * (m * m * m), open * bound / (ip3 + kd2))
  }

  /// dCa/dt and dh/dt.
  @inlinable @inline(__always)
  func slope(_ ca: Lanes, _ h: Lanes, _ receptor: (channel: Lanes, recovery: Lanes), _ noise: Lanes) -> (ca: Lanes, h: Lanes) {
    let c = ca.replacing(with: 0, where: ca .< 0).replacing(with: caTot, where: ca .> caTot)
    let gradient = (caTot - c) * perRatio - c
    let open = c / (c + kdAct) * h
    let c2 = c * c
    let pump = rateSERCA * (c2 / (km2 + c2))
    return (
      (receptor.channel * (open * open * open) + leak) * gradient - pump + noise, receptor.recovery * (1 - h) - k * c * h
    )
  }
}
