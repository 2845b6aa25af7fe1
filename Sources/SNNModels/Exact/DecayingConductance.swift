import Foundation

/// A synaptic conductance between two events: g(t)/C_m = (g + d t) e^(−t/τ).
struct DecayingConductance {
  /// Per capacitance, 1/ms and 1/ms².
  var g, d: Double
  /// 1/τ in 1/ms.
  var decay: Double
  /// Reversal potential relative to threshold, mV.
  var battery: Double

  static let none = DecayingConductance(g: 0, d: 0, decay: 0, battery: 0)

  /// The highest value it may still reach, 1/ms: (g + d t) e^(−t/τ) ≤ g + d τ/e.
  var highest: Double { g + d / (M_E * decay) }

  /// Whether all that is left moves the membrane by less than 10⁻¹⁵ mV.
  var isSpent: Bool { highest <= 1e-17 * decay }

  mutating func flow(_ dt: Double) {
    let e = exp(-dt * decay)
    g = (g + d * dt) * e
    d *= e
  }
}
