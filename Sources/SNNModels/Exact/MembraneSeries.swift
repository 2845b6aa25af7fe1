import Foundation

/// A synaptic conductance between two events: g(t)/C_m = (g + d t) e^(−t/τ).
struct DecayingConductance {
  /// Per capacitance, 1/ms and 1/ms².
  var g, d: Double
  /// 1/τ in 1/ms.
  var decay: Double
  /// Reversal potential relative to threshold, mV.
  var battery: Double

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

/// The Taylor series of a conductance-driven membrane around now.
///
///     W = V − V_th,  W′ = ν(t) − γ(t) W,
///     γ = (g_L + g_ex + g_in)/C_m,  ν = (g_L (E_L − V_th) + I_e + I)/C_m + Σ_s g_s (E_s − V_th)/C_m
///
/// γ and ν are entire functions of t with known coefficients, so W is entire too and
///
///     (k + 1) w_{k+1} = ν_k − Σ_j γ_j w_{k−j}.
///
/// The coefficients fall like 1/k!, so what is cut off is smaller than the last terms kept. A series serves as far as each
/// of its last two terms is below 10⁻¹⁴ mV (Jorba & Zou 2005, doi:10.1080/10586458.2005.10128904): the rounding of V itself.
struct MembraneSeries {
  static let order = 15
  /// mV.
  static let tolerance = 1e-14

  private(set) var w = SIMD16<Double>()

  /// Around W = `gap` with leak rate `leak` (1/ms) and steady drive `drive` (mV/ms).
  init(gap: Double, leak: Double, drive: Double, _ ex: DecayingConductance, _ inh: DecayingConductance) {
    var gamma = SIMD16<Double>()
    var nu = SIMD16<Double>()
    // (g + d t) e^(−λt) has the coefficients g (−λ)ᵏ/k! + d (−λ)ᵏ⁻¹/(k−1)!.
    var exTerm = 1.0
    var inTerm = 1.0
    var exBefore = 0.0
    var inBefore = 0.0
    for k in 0..<Self.order {
      let e = ex.g * exTerm + ex.d * exBefore
      let i = inh.g * inTerm + inh.d * inBefore
      gamma[k] = e + i
      nu[k] = e * ex.battery + i * inh.battery
      (exBefore, inBefore) = (exTerm, inTerm)
      exTerm *= -ex.decay * Self.reciprocals[k]
      inTerm *= -inh.decay * Self.reciprocals[k]
    }
    gamma[0] += leak
    nu[0] += drive
    w[0] = gap
    for k in 0..<Self.order {
      var sum = nu[k]
      for j in 0...k { sum -= gamma[j] * w[k - j] }
      w[k + 1] = sum * Self.reciprocals[k]
    }
  }

  /// 1/(k + 1).
  private static let reciprocals = SIMD16<Double>((0..<16).map { 1 / Double($0 + 1) })

  /// How far ahead the series serves, at most `end`, in ms.
  func reach(upTo end: Double) -> Double {
    let before = abs(w[Self.order - 1])
    let last = abs(w[Self.order])
    if end < .infinity {
      let square = end * end
      let fourth = square * square
      let fourteenth = fourth * fourth * fourth * square
      if before * fourteenth <= Self.tolerance && last * fourteenth * end <= Self.tolerance { return end }
    }
    let n = Double(Self.order)
    return min(end, pow(Self.tolerance / before, 1 / (n - 1)), pow(Self.tolerance / last, 1 / n))
  }

  /// W(t) in mV.
  func gap(_ t: Double) -> Double {
    var sum = w[Self.order]
    for k in stride(from: Self.order - 1, through: 0, by: -1) { sum = sum * t + w[k] }
    return sum
  }

  /// The first t in (0, `end`] with W(t) ≥ 0, where W(0) < 0.
  ///
  /// With M ≥ W″ on [0, `end`], from the positive coefficients, W lies below the parabola
  /// W(t) + W′(t) x + M x²/2 for all x ≥ 0 within the stretch. So nothing crosses before the parabola does: each step goes
  /// there. The steps end beyond `end`, with no crossing, or close in on the first one, with quadratic convergence,
  /// until they are below 10⁻¹¹ ms.
  func firstCrossing(upTo end: Double) -> Double? {
    var scaled = w
    var power = 1.0
    var highest = w[0]
    var bend = 0.0
    for k in 1...Self.order {
      power *= end
      scaled[k] *= power
      let positive = max(scaled[k], 0)
      highest += positive
      bend += Double(k * (k - 1)) * positive
    }
    if highest < -Self.tolerance { return nil }
    var s = 0.0
    while s < 1 {
      var value = scaled[Self.order]
      var slope = 0.0
      for k in stride(from: Self.order - 1, through: 0, by: -1) {
        slope = slope * s + value
        value = value * s + scaled[k]
      }
      if value >= 0 { return s * end }
      let root = (slope * slope - 2 * bend * value).squareRoot()
      // No curvature upwards and no slope: it never comes back.
      guard slope + root > 0 else { return nil }
      let step = -2 * value / (slope + root)
      s += step
      if step * end < 1e-11 { return s <= 1 ? s * end : nil }
    }
    return nil
  }
}
