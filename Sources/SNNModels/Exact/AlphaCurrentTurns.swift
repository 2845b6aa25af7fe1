import Foundation

/// When a sum of two alpha-shaped currents changes from rising to falling or back.
///
///     I′(t) = (α + β t) e^(−t/τ) of each synapse
///
/// With equal time constants, or one synapse silent, I′ has the sign of a straight line. Else take the slower synapse's
/// exponential out of the sum; what remains, h₀ = α_s + β_s t + (α_f + β_f t) e^(−δt) with δ = 1/τ_f − 1/τ_s > 0, has the
/// sign of I′. Its second derivative is a straight line times e^(−δt), with one zero in closed form; so h₀′ has one zero at
/// most on either side of that, and h₀ one at most between any two of those (Rolle). Each is bracketed by a change of sign
/// and polished: all of them, three at most, are found.
struct AlphaCurrentTurns {
  /// Ascending; infinity for those that do not exist.
  private(set) var times = SIMD4<Double>(repeating: .infinity)
  private(set) var count = 0

  /// One synapse's share of I′.
  struct Share {
    var alpha, beta, decay: Double

    /// Of a current with I(0) = `i`, J(0) = `j`, and `decay` = 1/τ: I′ = J − I/τ, J′ = −J/τ.
    init(i: Double, j: Double, decay: Double) {
      alpha = j - i * decay
      beta = -j * decay
      self.decay = decay
    }
    func value(_ t: Double) -> Double { (alpha + beta * t) * exp(-t * decay) }
    var isSilent: Bool { alpha == 0 && beta == 0 }
  }

  /// Turns of the sum of two shares in (0, `end`); `end` may be infinite only where I′ is a straight line.
  static func of(_ a: Share, _ b: Share, end: Double) -> Self {
    if isStraight(a, b) {
      let t = -(a.alpha + b.alpha) / (a.beta + b.beta)
      var turns = Self()
      if t > 0 && t < end { turns.append(t) }
      return turns
    }
    let (slow, fast) = a.decay < b.decay ? (a, b) : (b, a)
    let delta = fast.decay - slow.decay
    let first = { (t: Double) -> (Double, Double) in
      let line = delta * (fast.alpha + fast.beta * t)
      let e = exp(-delta * t)
      return (slow.beta + (fast.beta - line) * e, delta * (line - 2 * fast.beta) * e)
    }
    let zeroth = { (t: Double) -> (Double, Double) in
      let share = fast.alpha + fast.beta * t
      let e = exp(-delta * t)
      return (slow.alpha + slow.beta * t + share * e, slow.beta + (fast.beta - delta * share) * e)
    }
    var bends = Self()
    let bend = 2 / delta - fast.alpha / fast.beta
    if bend > 0 && bend < end { bends.append(bend) }
    return Self(zerosOf: zeroth, between: Self(zerosOf: first, between: bends, end: end), end: end)
  }

  /// Whether I′ of the sum has the sign of a straight line.
  static func isStraight(_ a: Share, _ b: Share) -> Bool { a.decay == b.decay || a.isSilent || b.isSilent }

  private init() {}

  /// The zeros of `f` in (0, `end`), which is monotone between neighbours of 0, `knots` and `end`.
  private init(zerosOf f: (Double) -> (Double, Double), between knots: Self, end: Double) {
    var left = 0.0
    var leftValue = f(0).0
    for n in 0...knots.count {
      let right = n < knots.count ? knots.times[n] : end
      let rightValue = f(right).0
      if leftValue < 0 && rightValue > 0 {
        append(root(below: left, above: right, of: f))
      } else if leftValue > 0 && rightValue < 0 {
        append(root(below: right, above: left, of: f))
      } else if rightValue == 0 && right < end {
        append(right)
      }
      (left, leftValue) = (right, rightValue)
    }
  }

  private mutating func append(_ t: Double) {
    times[count] = t
    count += 1
  }
}
