import Foundation
import SNNSignals

/// How much a synaptic current moves the membrane potential in one step.
///
///     τ_m dV/dt = −V + (τ_m/C_m) I,     I(t) = (I₀ + İ₀ t) e^(−t/τ_s)
///     V(h) = e^(−h/τ_m) V(0) + perCurrent · I₀ + perRise · İ₀
///
/// The integrals are written in x = h/τ_m − h/τ_s, so that nothing cancels where τ_m and τ_s are close or equal: the case in
/// which the textbook form (Rotter & Diesmann 1999, doi:10.1007/s004220050570) divides zero by zero.
struct SynapticResponse {
  /// mV per pA of current at the start of the step.
  let perCurrent: Double
  /// mV per pA/ms of İ₀ at the start of the step.
  let perRise: Double

  init(tauM: Double, tauSyn: Double, cM: Double, step h: Double) {
    let x = h / tauM - h / tauSyn
    // ∫₀¹ e^(xr) dr and ∫₀¹ r e^(xr) dr grow without bound for x > 0; mirroring the interval keeps the exponents negative.
    let zeroth: Double
    let first: Double
    if x <= 0 {
      zeroth = exp(-h / tauM) * Self.zerothMoment(x)
      first = exp(-h / tauM) * Self.firstMoment(x)
    } else {
      zeroth = exp(-h / tauSyn) * Self.zerothMoment(-x)
      first = exp(-h / tauSyn) * (Self.zerothMoment(-x) - Self.firstMoment(-x))
    }
    perCurrent = h / cM * zeroth
    perRise = h * h / cM * first
  }

  /// ∫₀¹ e^(xr) dr.
  static func zerothMoment(_ x: Double) -> Double {
    x == 0 ? 1 : expm1(x) / x
  }

  /// ∫₀¹ r e^(xr) dr, by its power series Σ xᵏ / (k! (k + 2)) where the closed form cancels.
  static func firstMoment(_ x: Double) -> Double {
    guard abs(x) < 1 else { return (x * exp(x) - expm1(x)) / (x * x) }
    var power = 1.0
    var sum = 0.5
    // |x| < 1: the term k = 18 is below 1e-17.
    for k in 1...18 {
      power *= x / Double(k)
      sum += power / Double(k + 2)
    }
    return sum
  }
}

/// "V_reset (−50) must be below V_th (−55)" if it is not.
func resetProblems(vReset: Double, vTh: Double) -> [String] {
  vReset < vTh ? [] : ["V_reset (\(vReset) mV) must be below V_th (\(vTh) mV)"]
}
