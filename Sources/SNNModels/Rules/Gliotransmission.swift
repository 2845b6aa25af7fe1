import SNNDynamics
import SNNSignals

/// Release of neurotransmitter that an astrocyte controls: short-term plasticity whose release probability of rest U_0 goes with
/// the fraction Γ of presynaptic receptors that gliotransmitter holds.
///
///     between spikes: du/dt = −Ω_f u, dx/dt = Ω_d (1 − x)
///     spike:  U_0 = (1 − Γ) U_0* + α Γ;   u ← u + U_0 (1 − u);   r = u x;   x ← x − r;   transmitted: r w
///
/// De Pittà, Volman, Berry & Ben-Jacob (2011), doi:10.1371/journal.pcbi.1002293, as in Stimberg et al. (2019),
/// doi:10.1007/978-3-030-00817-8_18. α < U_0* makes release fall, α > U_0* rise. Each synapse keeps u and x of its own, because
/// the astrocytes of a neuron's targets differ; without astrocytes Γ is 0 (Tsodyks & Markram 1997).
public struct Gliotransmission: LearningRule {
  public static let name = "gliotransmission"
  public static let summary = "Short-term plasticity whose release an astrocyte raises or lowers."
  public static let equations = """
    du/dt = -Omega_f*u;  dx/dt = Omega_d*(1 - x);  u = 0, x = 1 at t = 0
    spike: U_0 = (1 - Gamma)*U_0_star + alpha*Gamma;  u += U_0*(1 - u);  r = u*x;  x -= r;  transmitted: r*w
    Gamma: Gamma_S of the astrocyte of the target neuron, as it was at the last sample; 0 without astrocytes
    """
  public static let pairing = "Presynaptic spikes alone; the weight itself stays as it is."
  public static let source =
    "De Pitta et al. (2011), doi:10.1371/journal.pcbi.1002293; Stimberg et al. (2019), doi:10.1007/978-3-030-00817-8_18"
  @inlinable public static var astrocyteVariable: String? { "Gamma_S" }
  public static let needsAstrocytes = false
  /// Nothing is learned, so there is no end of it.
  public static var kernelFields: [FieldDescription] { astrocyteFields }
  public static let parameters: [Parameter<Self>] = [
    Parameter("U_0_star", \.u0Star, .none, "release probability of a rested synapse without gliotransmitter", .fraction),
    Parameter("Omega_f", \.omegaF, .perMillisecond, "decay of facilitation", .positive),
    Parameter("Omega_d", \.omegaD, .perMillisecond, "recovery of resources", .positive),
    Parameter("alpha", \.alpha, .none, "the release probability when gliotransmitter holds all receptors", .fraction),
  ]
  public var u0Star = 0.6, omegaF = 3.33e-3, omegaD = 2e-3, alpha = 0.0
  public init() {}

  public struct Synapse: PlasticSynapse {
    public var weight: Double
    /// Just after the last spike.
    public var u = 0.0, x = 1.0
    /// What the last spike released.
    public var r = 0.0
    @inlinable public init(weight: Double) { self.weight = weight }
    @inlinable public var transmitted: Double { r * weight }
  }

  /// e^(−Ω Δt) since the last spike, 0 before the first.
  public var presynapticTraces: Traces { .two(1 / omegaF, 1 / omegaD, isNearest: true) }

  @inlinable public func presynapticSpike(_ s: inout Synapse, _ t: TraceValues) {
    let u0 = (1 - t.astrocyte) * u0Star + alpha * t.astrocyte
    let x = 1 - (1 - s.x) * t.pre.y
    s.u *= t.pre.x
    s.u += u0 * (1 - s.u)
    s.r = s.u * x
    s.x = x - s.r
  }
}
