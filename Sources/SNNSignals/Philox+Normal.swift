import Foundation

extension RandomStream {
  /// A standard normal number of two words: the inverse of the normal distribution function at a uniform number.
  ///
  /// Five draws in six need only arithmetic, which gives the same bits on every machine; the tails take a logarithm and a root.
  @inlinable
  public static func normal(_ w: Philox.Words) -> Double { normalQuantile(unit(w.x, w.y)) }

  /// The number below which a standard normal variable lies with probability `p`, for 0 < p < 1.
  ///
  /// Algorithm AS 241, PPND16: Wichura (1988), doi:10.2307/2347330, relative error about 10⁻¹⁶. The coefficients are the
  /// published ones; they stand in the formulas, where the compiler sees them as constants.
  @inlinable
  public static func normalQuantile(_ p: Double) -> Double {
    let q = p - 0.5
    if abs(q) <= 0.425 { return q * centralRatio(0.180625 - q * q) }
    let r = (-log(q < 0 ? p : 1 - p)).squareRoot()
    let z = r <= 5 ? shoulderRatio(r - 1.6) : tailRatio(r - 5)
    return q < 0 ? -z : z
  }

  /// 0.075 ≤ p ≤ 0.925.
  @inlinable @inline(__always)
  static func centralRatio<X: RatioArgument>(_ r: X) -> X {
    var n = r * 2.5090809287301226727e3 + 3.3430575583588128105e4
    n = (n * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4
    n = (n * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
    n = (n * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    var d = r * 5.2264952788528545610e3 + 2.8729085735721942674e4
    d = (d * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4
    d = (d * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
    d = (d * r + 4.2313330701600911252e1) * r + 1
    return n / d
  }

  /// Below 0.075 and above 0.925, as far as √(−ln p) ≤ 5; `r` is that less 1.6.
  @inlinable @inline(__always)
  static func shoulderRatio<X: RatioArgument>(_ r: X) -> X {
    var n = r * 7.74545014278341407640e-4 + 2.27238449892691845833e-2
    n = (n * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0
    n = (n * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0
    n = (n * r + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
    var d = r * 1.05075007164441684324e-9 + 5.47593808499534494600e-4
    d = (d * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1
    d = (d * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0
    d = (d * r + 2.05319162663775882187e0) * r + 1
    return n / d
  }

  @inlinable
  static func tailRatio(_ r: Double) -> Double {
    var n = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
    n = (n * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2
    n = (n * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0
    n = (n * r + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
    var d = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
    d = (d * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4
    d = (d * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1
    d = (d * r + 5.99832206555887937690e-1) * r + 1
    return n / d
  }
}

/// What a rational function is evaluated at: one number or several at once.
@usableFromInline
protocol RatioArgument {
  static func + (a: Self, b: Double) -> Self
  static func * (a: Self, b: Double) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
}
extension Double: RatioArgument {}
extension SIMD8: RatioArgument where Scalar == Double {}
