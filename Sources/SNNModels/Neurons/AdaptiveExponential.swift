import Foundation

/// The equations of one ``AeifCondExp`` neuron over one step, and the solver that advances them.
///
/// Runge-Kutta-Fehlberg 4(5): Fehlberg (1969), NASA TR R-315. The fifth-order solution is kept, and the step is adapted so
/// that the estimated error of each variable y stays below ε (1 + |h dy/dt|).
struct AdaptiveExponential {
  /// V_m, g_ex, g_in, w.
  typealias Vector = SIMD4<Double>
  /// Relative to the change in one step, and absolute in mV, nS, pA.
  static let tolerance = 1e-6

  private let cM, eL, gL, a, deltaT, tauW, vTh, vPeak, vReset, eEx, tauEx, eIn, tauIn, drive: Double
  /// The membrane is refractory: V_m stays at V_reset.
  var isHeld = false

  init(_ p: AeifCondExp.Propagator, _ lane: Int, current: Double) {
    cM = p.cM[lane]
    eL = p.eL[lane]
    gL = p.gL[lane]
    a = p.a[lane]
    deltaT = p.deltaT[lane]
    tauW = p.tauW[lane]
    vTh = p.vTh[lane]
    vPeak = p.vPeak[lane]
    vReset = p.vReset[lane]
    eEx = p.eEx[lane]
    tauEx = p.tauEx[lane]
    eIn = p.eIn[lane]
    tauIn = p.tauIn[lane]
    drive = p.iE[lane] + current
  }

  func derivative(_ y: Vector) -> Vector {
    let v = isHeld ? vReset : min(y[0], vPeak)
    var f = Vector(0, -y[1] / tauEx, -y[2] / tauIn, (a * (v - eL) - y[3]) / tauW)
    if !isHeld {
      let upstroke = deltaT == 0 ? 0 : gL * deltaT * exp((v - vTh) / deltaT)
      f[0] = (upstroke - gL * (v - eL) - y[1] * (v - eEx) - y[2] * (v - eIn) - y[3] + drive) / cM
    }
    return f
  }

  /// Takes one accepted step, of `trial` ms or less and no further than `limit`, and sets `trial` for the next. Returns its
  /// length.
  func advance(_ y: inout Vector, _ trial: inout Double, atMost limit: Double) -> Double {
    let k1 = derivative(y)
    var h = trial
    while true {
      h = min(h, limit)
      let (next, error) = attempt(y, k1, h)
      let scale = (h * derivative(next)).magnitudes + 1
      let worst = (error.magnitudes / (Self.tolerance * scale)).max()
      if worst > 1.1 {
        let smaller = h * max(0.9 * pow(worst, -1.0 / 5), 0.2)
        // A step that can no longer shrink in double precision is taken as it is.
        if limit - smaller < limit {
          h = smaller
          continue
        }
      }
      y = next
      trial = worst < 0.5 ? h * min(max(0.9 * pow(worst, -1.0 / 6), 1), 5) : h
      return h
    }
  }

  /// The fifth-order solution after `h` ms, and its distance from the fourth-order one.
  private func attempt(_ y: Vector, _ k1: Vector, _ h: Double) -> (next: Vector, error: Vector) {
    let k2 = derivative(y + h * Self.sum(k1, 1.0 / 4))
    let k3 = derivative(y + h * Self.sum(k1, 3.0 / 32, k2, 9.0 / 32))
    let k4 = derivative(y + h * Self.sum(k1, 1932.0 / 2197, k2, -7200.0 / 2197, k3, 7296.0 / 2197))
    let k5 = derivative(
      y + h * Self.sum(k1, 8341.0 / 4104, k2, -32832.0 / 4104, k3, 29440.0 / 4104, k4, -845.0 / 4104))
    let k6 = derivative(
      y + h
        * Self.sum(
          k1, -6080.0 / 20520, k2, 41040.0 / 20520, k3, -28352.0 / 20520, k4, 9295.0 / 20520, k5, -5643.0 / 20520))
    let slope = Self.sum(
      k1, 16.0 / 135, k3, 6656.0 / 12825, k4, 28561.0 / 56430, k5, -9.0 / 50, k6, 2.0 / 55)
    let error = Self.sum(
      k1, 1.0 / 360, k3, -128.0 / 4275, k4, -2197.0 / 75240, k5, 1.0 / 50, k6, 2.0 / 55)
    return (y + h * slope, h * error)
  }

  /// The sum of up to five slopes with their coefficients.
  @inline(__always)
  private static func sum(
    _ a: Vector, _ ca: Double, _ b: Vector = .zero, _ cb: Double = 0, _ c: Vector = .zero, _ cc: Double = 0,
    _ d: Vector = .zero, _ cd: Double = 0, _ e: Vector = .zero, _ ce: Double = 0
  ) -> Vector {
    var total = a * ca + b * cb
    total += c * cc
    total += d * cd
    total += e * ce
    return total
  }
}

extension SIMD4<Double> {
  fileprivate var magnitudes: Self { replacing(with: -self, where: self .< 0) }
}
