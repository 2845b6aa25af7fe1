/// The course of a membrane V between two events, and the search for its first crossing of threshold.
///
/// A current-based membrane obeys τ_m V′ = −(V − E_L) + (τ_m/C_m) I, hence
///
///     d/dt (e^(t/τ_m) V′) = e^(t/τ_m) I′/C_m.                                                            (1)
///
/// So between two zeros of I′, which are few and known, the shape of V is simple:
///
/// *While the current falls* (I′ ≤ 0), (1) says that V′ can change sign once at most, from + to −: V rises, then falls.
/// While it rises V″ = −V′/τ_m + I′/C_m ≤ 0: V is concave, below each of its tangents. Newton's step from a point below
/// threshold goes to where the tangent meets threshold, so the curve has no crossing before it: the steps walk up to the
/// first crossing from the left and never beyond it. They end at the crossing, at the end of the stretch, or at a point
/// with V′ ≤ 0, after which V only falls.
///
/// *While the current rises* (I′ ≥ 0), V′ can change sign only from − to +: V falls, then rises, and from a point below
/// threshold it crosses exactly once when it ends at or above threshold, and not at all when it ends below.
///
/// Together these miss no crossing, however short the time above threshold, up to the rounding of V itself (about
/// 10⁻¹⁴ mV). The crossing is found until Newton's step is below 10⁻¹¹ ms.
protocol MembraneCourse {
  /// V(t) − V_th in mV, and V′(t) in mV/ms.
  func gapAndSlope(_ t: Double) -> (gap: Double, slope: Double)
  /// V(∞) − V_th in mV.
  var finalGap: Double { get }
  /// τ_m in ms: the first guess of how far to look.
  var tauM: Double { get }
}

extension MembraneCourse {
  /// The first crossing in (`start`, `end`], where the current falls and the membrane stands below threshold at `start`.
  func crossingWhileCurrentFalls(from start: Double, to end: Double) -> Double? {
    var t = start
    while t < end {
      let (gap, slope) = gapAndSlope(t)
      if gap >= 0 { return t }
      if slope <= 0 { return nil }
      let step = -gap / slope
      t += step
      if step < 1e-11 { return t <= end ? t : nil }
    }
    return nil
  }

  /// The crossing in (`start`, `end`], where the current rises and the membrane stands below threshold at `start`.
  /// `end` may be infinite.
  func crossingWhileCurrentRises(from start: Double, to end: Double) -> Double? {
    var low = start
    var high = end
    if end == .infinity {
      if finalGap <= 0 { return nil }
      high = start + tauM
      while gapAndSlope(high).gap < 0 {
        low = high
        high = start + 2 * (high - start)
      }
    } else if gapAndSlope(end).gap < 0 {
      return nil
    }
    return root(below: low, above: high) { gapAndSlope($0) }
  }
}

/// The root of a function between `low`, where it is negative, and `high`, where it is not: Newton's method, kept within the
/// bracket by bisection, until its step is below 10⁻¹² ms. `f` gives value and slope.
@inline(__always)
func root(below low: Double, above high: Double, of f: (Double) -> (Double, Double)) -> Double {
  var low = low
  var high = high
  var t = high
  while abs(high - low) > 1e-12 {
    let (value, slope) = f(t)
    if value >= 0 { high = t } else { low = t }
    let newton = t - value / slope
    let next = newton > min(low, high) && newton < max(low, high) ? newton : 0.5 * (low + high)
    if next == t || next == low || next == high { break }
    if abs(next - t) < 1e-12 { return next }
    t = next
  }
  return high
}
