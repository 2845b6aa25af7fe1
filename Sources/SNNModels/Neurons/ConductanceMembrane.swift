import SNNDynamics

/// A membrane driven by conductances that are known at every moment: dV/dt = a(t) − b(t) V.
///
/// Conductances follow their closed forms, so only V is integrated: classic fourth-order Runge-Kutta substeps whose stages
/// fall on the start, the middle and the end.
@usableFromInline
enum ConductanceMembrane {
  /// The largest b times substep of the vector path; a lane beyond it takes more substeps. One substep then errs by at
  /// most 0.2⁵/120 = 3e-6 of the distance between V and its momentary equilibrium.
  @usableFromInline static let rateLimit = 0.2

  /// The number of substeps of a step of `h` ms, `perTau` of them to the shortest synaptic time constant but two at least.
  ///
  /// Simpson's rule on e^(−t/τ) errs by (d/τ)⁵/2880 for a substep d, on t e^(−t/τ) by some more: six (exponential) and eight
  /// (alpha) to a τ leave an error of V_m of 1e-6 mV after a synapse of 25 nS with τ = 0.2 ms, measured against DOP853.
  static func substeps(step h: Double, shortest tau: Double, perTau: Double) -> Double {
    min(max(2, (perTau * h / tau - 1e-9).rounded(.up)), 1e6)
  }

  /// The number of substeps for which b stays below the limit when it starts at `rate`.
  @usableFromInline
  static func substeps(step h: Double, rate: Double) -> Int {
    Int(min((h * rate / rateLimit).rounded(.up), 1e6))
  }

  /// One Runge-Kutta step of length `d`.
  @inlinable @inline(__always)
  static func step(
    _ v: Lanes, _ d: Lanes, start: (a: Lanes, b: Lanes), middle: (a: Lanes, b: Lanes), end: (a: Lanes, b: Lanes)
  ) -> Lanes {
    let half = 0.5 * d
    let k1 = start.a - start.b * v
    let k2 = middle.a - middle.b * (v + half * k1)
    let k3 = middle.a - middle.b * (v + half * k2)
    let k4 = end.a - end.b * (v + d * k3)
    return v + (1.0 / 6) * d * ((k1 + k4) + 2 * (k2 + k3))
  }
}

extension SIMD8<Double> {
  /// |x| of each lane. What reaches a conductance adds its magnitude; its sign has done its work in choosing the receptor.
  @inlinable @inline(__always)
  var magnitudes: Lanes { replacing(with: -self, where: self .< 0) }
}
