import SNNDynamics

/// Some variables of eight neurons.
protocol LaneVector {
  static func + (a: Self, b: Self) -> Self
  static func * (a: Self, c: Double) -> Self
  static func * (h: Lanes, a: Self) -> Self
  mutating func replace(with other: Self, where mask: LaneMask)
  /// 1 + |x| of each variable.
  var onePlusMagnitudes: Self { get }
  /// Lanes in which the magnitude of some variable exceeds `bound` times that of `scale`.
  func exceeds(_ bound: Double, _ scale: Self) -> LaneMask
  /// The greatest of |x| / scale.
  func greatest(over scale: Self) -> Lanes
}

/// Differential equations of eight neurons, advanced by Runge-Kutta-Fehlberg 4(5): Fehlberg (1969), NASA TR R-315.
///
/// The fifth-order solution is kept, and each neuron's own step is adapted so that the estimated error of each variable y stays
/// below ε (1 + |h dy/dt|): the step control of GSL's `gsl_odeiv_control_yp_new`, as NEST uses it.
protocol FehlbergSystem {
  associatedtype Vector: LaneVector
  /// What stands still.
  associatedtype Hold
  func derivative(_ y: Vector, held: Hold) -> Vector
}

/// What is left of an attempt at a step.
struct FehlbergAttempt<Vector: LaneVector> {
  /// The fifth-order solution, and its distance from the fourth-order one.
  var next, error: Vector

  /// Lanes in which an error exceeds `factor` tolerances.
  @inline(__always)
  func exceeds(_ factor: Double, _ scale: Vector) -> LaneMask { error.exceeds(factor * Fehlberg.tolerance, scale) }

  /// The greatest error in tolerances.
  func worst(_ scale: Vector) -> Lanes { error.greatest(over: scale) * (1 / Fehlberg.tolerance) }
}

enum Fehlberg {
  /// Relative to the change in one step, and absolute in the unit of each variable: NEST's default `gsl_error_tol`.
  static let tolerance = 1e-6

  /// Sets the steps to try next after an attempt at `h`; which lanes must try again. `worst` is the greatest error in tolerances.
  @inline(never)
  static func adapt(_ trial: inout Lanes, _ h: Lanes, worst: Lanes, _ remaining: Lanes, where active: LaneMask) -> LaneMask {
    // Beyond these errors a step shrinks or grows by a factor of five whatever they are.
    var bounded = worst.replacing(with: 1e-6, where: .!(worst .>= 1e-6))
    bounded.replace(with: 1e6, where: worst .> 1e6)
    let shrunk = 0.9 * bounded.inverseRoot(5)
    let smaller = h * shrunk.replacing(with: 0.2, where: shrunk .< 0.2)
    // A step that can no longer shrink in double precision is taken as it is.
    let again = active .& (worst .> 1.1) .& (remaining - smaller .< remaining)
    var grown = 0.9 * bounded.inverseRoot(6)
    grown.replace(with: 1, where: grown .< 1)
    grown.replace(with: 5, where: grown .> 5)
    trial.replace(with: h, where: active)
    trial.replace(with: h * grown, where: active .& (worst .< 0.5))
    trial.replace(with: smaller, where: again)
    return again
  }
}

extension FehlbergSystem {
  /// A step of `h` ms from `y`.
  @inline(__always)
  func attempt(_ y: Vector, _ h: Lanes, held: Hold) -> FehlbergAttempt<Vector> {
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
    return FehlbergAttempt(next: y + h * slope, error: h * error)
  }

  /// What `attempt` may err by in each variable: the tolerance times this.
  @inline(__always)
  func scale(_ next: Vector, _ h: Lanes, held: Hold) -> Vector { (h * derivative(next, held: held)).onePlusMagnitudes }
}
