import SNNDynamics

/// The equations of eight ``AeifCondExp`` neurons over one step, and the solver that advances them.
///
/// Runge-Kutta-Fehlberg 4(5): Fehlberg (1969), NASA TR R-315. The fifth-order solution is kept, and each neuron's own step is
/// adapted so that the estimated error of each variable y stays below ε (1 + |h dy/dt|).
struct AdaptiveExponential {
  /// V_m, g_ex, g_in, w.
  struct Vector {
    var v, ex, inh, w: Lanes
  }
  /// What is left of an attempt at a step.
  struct Attempt {
    /// The fifth-order solution, and its distance from the fourth-order one.
    var next, error: Vector
  }
  /// Relative to the change in one step, and absolute in mV, nS, pA.
  static let tolerance = 1e-6

  let p: AeifCondExp.Propagator
  let drive: Lanes

  /// dy/dt; the membrane of a `held` lane stays at V_reset.
  @inline(__always)
  func derivative(_ y: Vector, held: LaneMask) -> Vector {
    let v = y.v.replacing(with: p.vPeak, where: y.v .> p.vPeak).replacing(with: p.vReset, where: held)
    let fromRest = v - p.eL
    let upstroke = p.gLDelta * ((v - p.vTh) * p.perDelta).exponential()
    let synapses = y.ex * (v - p.eEx) + y.inh * (v - p.eIn)
    let slope = (((upstroke - p.gL * fromRest) - synapses) - y.w + drive) * p.perC
    return Vector(
      v: slope.replacing(with: 0, where: held), ex: y.ex * p.perTauEx, inh: y.inh * p.perTauIn,
      w: (p.a * fromRest - y.w) * p.perTauW)
  }

  /// A step of `h` ms from `y`.
  @inline(__always)
  func attempt(_ y: Vector, _ h: Lanes, held: LaneMask) -> Attempt {
    let k1 = derivative(y, held: held)
    let k2 = derivative(y + h * (k1 * (1.0 / 4)), held: held)
    let k3 = derivative(y + h * (k1 * (3.0 / 32) + k2 * (9.0 / 32)), held: held)
    let k4 = derivative(
      y + h * ((k1 * (1932.0 / 2197) + k2 * (-7200.0 / 2197)) + k3 * (7296.0 / 2197)), held: held)
    let k5 = derivative(
      y + h * ((k1 * (8341.0 / 4104) + k2 * (-32832.0 / 4104)) + (k3 * (29440.0 / 4104) + k4 * (-845.0 / 4104))),
      held: held)
    let k6 = derivative(
      y + h
        * ((k1 * (-6080.0 / 20520) + k2 * (41040.0 / 20520))
          + ((k3 * (-28352.0 / 20520) + k4 * (9295.0 / 20520)) + k5 * (-5643.0 / 20520))),
      held: held)
    let slope =
      (k1 * (16.0 / 135) + k3 * (6656.0 / 12825)) + ((k4 * (28561.0 / 56430) + k5 * (-9.0 / 50)) + k6 * (2.0 / 55))
    let error =
      (k1 * (1.0 / 360) + k3 * (-128.0 / 4275)) + ((k4 * (-2197.0 / 75240) + k5 * (1.0 / 50)) + k6 * (2.0 / 55))
    return Attempt(next: y + h * slope, error: h * error)
  }

  /// What `attempt` may err by in each variable: the tolerance times this.
  @inline(__always)
  func scale(_ next: Vector, _ h: Lanes, held: LaneMask) -> Vector {
    let change = h * derivative(next, held: held)
    return Vector(
      v: change.v.magnitudes + 1, ex: change.ex.magnitudes + 1, inh: change.inh.magnitudes + 1, w: change.w.magnitudes + 1)
  }
}

extension AdaptiveExponential.Vector {
  @inline(__always)
  static func + (a: Self, b: Self) -> Self { Self(v: a.v + b.v, ex: a.ex + b.ex, inh: a.inh + b.inh, w: a.w + b.w) }
  @inline(__always)
  static func * (a: Self, c: Double) -> Self { Self(v: a.v * c, ex: a.ex * c, inh: a.inh * c, w: a.w * c) }
  @inline(__always)
  static func * (h: Lanes, a: Self) -> Self { Self(v: h * a.v, ex: h * a.ex, inh: h * a.inh, w: h * a.w) }

  @inline(__always)
  mutating func replace(with other: Self, where mask: LaneMask) {
    v.replace(with: other.v, where: mask)
    ex.replace(with: other.ex, where: mask)
    inh.replace(with: other.inh, where: mask)
    w.replace(with: other.w, where: mask)
  }
}

extension AdaptiveExponential.Attempt {
  /// Lanes in which an error exceeds `factor` tolerances.
  @inline(__always)
  func exceeds(_ factor: Double, _ scale: AdaptiveExponential.Vector) -> LaneMask {
    let bound = factor * AdaptiveExponential.tolerance
    return ((error.v.magnitudes .> bound * scale.v) .| (error.ex.magnitudes .> bound * scale.ex))
      .| ((error.inh.magnitudes .> bound * scale.inh) .| (error.w.magnitudes .> bound * scale.w))
  }

  /// The greatest error in tolerances.
  func worst(_ scale: AdaptiveExponential.Vector) -> Lanes {
    var worst = error.v.magnitudes / scale.v
    let ex = error.ex.magnitudes / scale.ex
    worst.replace(with: ex, where: ex .> worst)
    let inh = error.inh.magnitudes / scale.inh
    worst.replace(with: inh, where: inh .> worst)
    let w = error.w.magnitudes / scale.w
    worst.replace(with: w, where: w .> worst)
    return worst * (1 / AdaptiveExponential.tolerance)
  }
}
