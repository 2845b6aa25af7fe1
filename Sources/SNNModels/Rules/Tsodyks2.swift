import Foundation
import SNNDynamics

/// Short-term plasticity of release: resources x that a spike depletes and a release probability u that it facilitates.
///
///     at a spike, dt after the last:  x ← 1 + (x − x u − 1) e^(−dt/τ_rec)     u ← U + u (1 − U) e^(−dt/τ_fac)
///     transmitted: u x w
///
/// Tsodyks, Pawelzik & Markram (1998), doi:10.1162/089976698300017502; NEST's tsodyks2_synapse.
public struct Tsodyks2: ReleaseRule {
  public static let name = "tsodyks2"
  public static let summary = "Short-term depression and facilitation; combines with every learning rule."
  public static let equations = """
    at a spike, dt after the last: x = 1 + (x - x*u - 1)*exp(-dt/tau_rec);  u = U + u*(1 - U)*exp(-dt/tau_fac)
    transmitted: u*x*w; at the first spike x and u are those given
    """
  public static let source = "Tsodyks, Pawelzik & Markram (1998), doi:10.1162/089976698300017502; NEST tsodyks2_synapse"
  public static let parameters: [Parameter<Self>] = [
    Parameter("U", \.baseline, .none, "release probability of a rested synapse", .fraction),
    Parameter("u", \.u, .none, "release probability at t = 0", .fraction),
    Parameter("x", \.x, .none, "resources at t = 0", .fraction),
    Parameter("tau_rec", \.tauRec, .ms, "recovery of resources", .positive),
    Parameter("tau_fac", \.tauFac, .ms, "decay of facilitation; 0 for none", .nonNegative),
  ]
  public var baseline = 0.5, u = 0.5, x = 1.0, tauRec = 800.0, tauFac = 0.0
  public init() {}

  public var initialState: SIMD4<Double> { SIMD4(u, x, 0, 0) }

  public func spike(_ s: inout SIMD4<Double>, interval dt: Double) -> Double {
    if dt < .infinity {
      let recovery = exp(-dt / tauRec)
      let facilitation = tauFac > 0 ? exp(-dt / tauFac) : 0
      s.y = 1 + (s.y - s.y * s.x - 1) * recovery
      s.x = baseline + s.x * (1 - baseline) * facilitation
    }
    return s.x * s.y
  }
}
