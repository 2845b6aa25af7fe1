import Foundation

/// The Taylor series of a conductance-driven membrane around now, in s = t/span.
///
///     W = V − V_th,  W′ = ν(t) − γ(t) W,
///     γ = (g_L + g_ex + g_in)/C_m,  ν = (g_L (E_L − V_th) + I_e + I)/C_m + Σ_s g_s (E_s − V_th)/C_m
///
/// γ and ν are entire functions of t with known coefficients, so W is entire too and
///
///     (k + 1) w_{k+1} = ν_k − Σ_j γ_j w_{k−j}.
///
/// With ρ = γ(0) + 1/τ for the faster synapse, terms fall by ρ span/k or faster from one to the next once k > ρ span. The
/// series ends where that ratio is below 1/2 and two terms in a row are below 10⁻¹⁴ mV, the rounding of V itself; if
/// order 24 does not get there, the span is cut until it does (Jorba & Zou 2005, doi:10.1080/10586458.2005.10128904).
struct MembraneSeries {
  static let highestOrder = 24
  /// mV.
  static let tolerance = 1e-14

  /// Coefficients of s⁰, s¹, …, in mV.
  private let w: UnsafeMutablePointer<Double>
  private let order: Int
  /// How far ahead the series serves, in ms.
  let span: Double

  /// Gives `body` the series around the present of `course`, which serves up to `end` ms or less.
  @inline(__always)
  static func with<R>(_ course: ConductanceCourse, upTo end: Double, _ body: (MembraneSeries) -> R) -> R {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * (highestOrder + 1)) { buffer in
      // A buffer of a non-zero capacity has an address.
      let w = buffer.baseAddress!
      return body(MembraneSeries(course, upTo: end, w: w, gamma: w + highestOrder + 1))
    }
  }

  private init(
    _ course: ConductanceCourse, upTo end: Double, w: UnsafeMutablePointer<Double>, gamma: UnsafeMutablePointer<Double>
  ) {
    // The terms of what is left of a spent fast conductance would only cut the span short.
    let ex = course.ex.isSpent ? .none : course.ex
    let inh = course.inh.isSpent ? .none : course.inh
    let rate = course.gamma + max(ex.decay, inh.decay)
    let trial = min(end, 0.5 * Double(Self.highestOrder) / rate)
    // (g + d t) e^(−λt) has the coefficients g (−λ)ᵏ/k! + d (−λ)ᵏ⁻¹/(k−1)!.
    var exTerm = 1.0
    var inTerm = 1.0
    var exRise = 0.0
    var inRise = 0.0
    var k = 0
    w[0] = course.gap
    while true {
      let e = ex.g * exTerm + ex.d * exRise
      let i = inh.g * inTerm + inh.d * inRise
      gamma[k] = k == 0 ? course.leak + e + i : e + i
      var sum = e * ex.battery + i * inh.battery
      if k == 0 { sum += course.drive }
      for j in 0...k { sum -= gamma[j] * w[k &- j] }
      let factor = trial / Double(k &+ 1)
      w[k &+ 1] = sum * factor
      k &+= 1
      if Double(k) >= 2 * rate * trial && abs(w[k]) <= Self.tolerance && abs(w[k &- 1]) <= Self.tolerance { break }
      if k == Self.highestOrder { break }
      exRise = exTerm * trial
      inRise = inTerm * trial
      exTerm *= -ex.decay * factor
      inTerm *= -inh.decay * factor
    }
    self.w = w
    order = k
    let excess = max(abs(w[k]), abs(w[k - 1]))
    guard excess > Self.tolerance else {
      span = trial
      return
    }
    let cut = pow(Self.tolerance / excess, 1 / Double(k - 1))
    span = trial * cut
    var power = 1.0
    for n in 1...k {
      power *= cut
      w[n] *= power
    }
  }

  /// W at the end of the span, in mV.
  var finalGap: Double {
    var sum = 0.0
    for k in stride(from: order, through: 0, by: -1) { sum += w[k] }
    return sum
  }

  /// The first t in (0, span] with W(t) ≥ 0, where W(0) < 0.
  ///
  /// With M ≥ W″ on the span, from the positive coefficients, W lies below the parabola W(t) + W′(t) x + M x²/2 for all
  /// x ≥ 0 up to its end. So nothing crosses before the parabola does: each step goes there. The steps go past the end,
  /// with no crossing, or close in on the first one, with quadratic convergence, until they are below 10⁻¹¹ ms.
  var firstCrossing: Double? {
    var highest = w[0]
    var bend = 0.0
    for k in 1...order {
      let positive = max(w[k], 0)
      highest += positive
      bend += Double(k * (k - 1)) * positive
    }
    if highest < -Self.tolerance { return nil }
    var s = 0.0
    while s < 1 {
      var value = w[order]
      var slope = 0.0
      for k in stride(from: order - 1, through: 0, by: -1) {
        slope = slope * s + value
        value = value * s + w[k]
      }
      if value >= 0 { return s * span }
      let root = (slope * slope - 2 * bend * value).squareRoot()
      // No slope and no bend upwards: it never comes back.
      guard slope + root > 0 else { return nil }
      let step = -2 * value / (slope + root)
      s += step
      if step * span < 1e-11 { return s <= 1 ? s * span : nil }
    }
    return nil
  }
}
