import Foundation

/// How a leaky membrane answers one synaptic current between two events, in closed form.
///
/// The current is I(t) = (I₀ + J₀ t) e^(−t/τ_s), J₀ zero for exponential synapses. The membrane without any other drive
/// then moves from 0 to I₀ K(t) + J₀ L(t), with z = 1/τ_m − 1/τ_s and
///
///     K(t) = (1/C_m) ∫₀ᵗ e^(−(t−u)/τ_m)   e^(−u/τ_s) du = (e^(−t/τ_s) − e^(−t/τ_m)) / (C_m z)
///     L(t) = (1/C_m) ∫₀ᵗ e^(−(t−u)/τ_m) u e^(−u/τ_s) du = (t e^(−t/τ_s)/C_m − K(t)) / z
///
/// Both are non-negative. The quotients lose digits as z → 0: in absolute terms no more than the membrane itself while
/// |z| τ_m ≥ 1/4; below that, and at τ_s = τ_m, series in z t take their place, which have no singularity.
struct CurrentResponse: BitwiseCopyable, Sendable {
  /// 1/τ_s in 1/ms.
  var decay: Double
  /// z in 1/ms.
  var difference: Double
  /// 1/z, or 0 where the series are used.
  var inverseDifference: Double
  /// 1/C_m in 1/pF.
  var perCapacitance: Double
  /// Upper bounds of K (mV/pA) and L (mV·ms/pA) over all t ≥ 0.
  var highestK: Double
  var highestL: Double

  init(tauM: Double, tauSyn: Double, cM: Double) {
    decay = 1 / tauSyn
    difference = 1 / tauM - decay
    inverseDifference = abs(difference) * tauM < 0.25 ? 0 : 1 / difference
    perCapacitance = 1 / cM
    highestK = 0
    highestL = 0
    // K and L rise from 0 to one peak and fall. Around the peak they are flat, so a golden-section search, good to half
    // of the digits in t, gives the height to all of them; the factor covers what is left.
    let r = self
    let longest = 40 * max(tauM, tauSyn)
    highestK = (1 + 1e-9) * peak(upTo: longest) { r.k($0, membrane: exp(-$0 / tauM), synapse: exp(-$0 * r.decay)) }
    highestL = (1 + 1e-9) * peak(upTo: longest) { r.l($0, membrane: exp(-$0 / tauM), synapse: exp(-$0 * r.decay)) }
  }

  /// K(t), given e^(−t/τ_m) and e^(−t/τ_s).
  @inline(__always)
  func k(_ t: Double, membrane: Double, synapse: Double) -> Double {
    if inverseDifference != 0 { return perCapacitance * inverseDifference * (synapse - membrane) }
    let x = difference * t
    if abs(x) >= 1 { return perCapacitance * (synapse - membrane) / difference }
    return perCapacitance * membrane * t * (x == 0 ? 1 : expm1(x) / x)
  }

  /// L(t), given e^(−t/τ_m) and e^(−t/τ_s).
  @inline(__always)
  func l(_ t: Double, membrane: Double, synapse: Double) -> Double {
    if inverseDifference != 0 {
      return perCapacitance * inverseDifference * (t * synapse - inverseDifference * (synapse - membrane))
    }
    let x = difference * t
    if abs(x) >= 1 { return perCapacitance * (t * synapse - (synapse - membrane) / difference) / difference }
    // (x eˣ − eˣ + 1)/x² = Σ xⁿ / (n! (n + 2)); 18 terms leave less than 10⁻¹⁷ for |x| < 1.
    var term = 1.0
    var sum = 0.5
    for n in 1..<18 {
      term *= x / Double(n)
      sum += term / Double(n + 2)
    }
    return perCapacitance * membrane * t * t * sum
  }
}

/// The height of the only peak of `f` in [0, `end`], found on a logarithmic axis.
private func peak(upTo end: Double, of f: (Double) -> Double) -> Double {
  let golden = 0.5 * (5.0.squareRoot() - 1)
  var low = log(end) - 40
  var high = log(end)
  var left = high - golden * (high - low)
  var right = low + golden * (high - low)
  var leftValue = f(exp(left))
  var rightValue = f(exp(right))
  while high - low > 1e-6 {
    if leftValue > rightValue {
      (high, right, rightValue) = (right, left, leftValue)
      left = high - golden * (high - low)
      leftValue = f(exp(left))
    } else {
      (low, left, leftValue) = (left, right, rightValue)
      right = low + golden * (high - low)
      rightValue = f(exp(right))
    }
  }
  return max(leftValue, rightValue)
}
