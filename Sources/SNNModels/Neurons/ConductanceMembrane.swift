import SNNDynamics

/// A membrane driven by conductances that are known at every moment: dV/dt = b(t) − a(t) V.
///
/// Between input spikes a and b are sums of exponentials, so that their integrals over a step h are constants times the
/// conductances at its start. One step of the Magnus expansion of fourth order, with the second term integrated exactly too:
///
///     V(h) = V + φ(A) (B − A V + Ω),    A = ∫₀ʰ a dt,  B = ∫₀ʰ b dt,  φ(A) = (1 − e^(−A))/A
///     Ω = ½ ∫∫ (a(s) b(t) − a(t) b(s)) ds dt over 0 < s < t < h
///
/// Magnus (1954), doi:10.1002/cpa.3160070404; Blanes, Casas, Oteo & Ros (2009), doi:10.1016/j.physrep.2008.11.001, for the
/// 2 × 2 matrix of (V, 1), of which only this much is not zero. Without conductances all that errs is the polynomial for φ.
///
/// Ω couples each pair of the functions f of time that a and b are made of, by C_jk = ½ ∫∫ (f_j(s) f_k(t) − f_k(s) f_j(t)). Closed
/// forms of C lose all digits for short steps. Joining two steps loses none: with f(t + h) = T f(t) and I = ∫f,
///
///     I(2h) = I + T I,    C(2h) = C + T C Tᵀ + ½ (I (T I)ᵀ − (T I) Iᵀ)
///
/// from a step so short that its C does not matter. Only sums and products: the same bits on every CPU.
@usableFromInline
enum ConductanceMembrane {
  /// Doublings from the step whose C counts as zero. Each divides what is left of that error by four or more: 6e-8 of Ω.
  static let doublings = 12
  static let shortest = 0x1p-12

  /// 1 − e^(−x) for small x. A function that has died out after one `shortest` step stays so.
  static func shortLoss(_ x: Lanes) -> Lanes {
    let x = x.replacing(with: 0.5, where: x .> 0.5)
    let tail: Lanes = 1 - x * (1.0 / 3) * (1 - x * 0.25)
    return x * (1 - 0.5 * x * tail)
  }

  /// φ(A) to 1.3e-08 for 0 ≤ A ≤ `rangeLimit`: the polynomial of degree four nearest to it there.
  @inlinable @inline(__always)
  static func phi(_ a: Lanes) -> Lanes {
    0.9999999874132066
      + a * (-0.4999982000604863 + a * (0.1666253058210804 + a * (-0.04133187277489009 + a * 0.007211245604887138)))
  }

  /// The largest A of a step or substep.
  static let rangeLimit = 0.35
  /// The largest A A_var (A (A + x) + A_var) of a step: the next terms of the expansion are about 1/720 of it, times the distance
  /// of V from its momentary equilibrium; 4e-7 of that distance. x = h/τ with the shorter τ, and A_var is the change of a over the
  /// step times h: x times the part of conductances that decay, twice what the rise of others gives to A.
  static let errorLimit = 3e-4

  /// The largest A for which a step keeps to `limit` if nothing is about to rise.
  static func rateLimit(stiffness x: Double, limit: Double = errorLimit) -> Double {
    func error(_ a: Double) -> Double { a * a * a * x * (a + 2 * x) }
    var (low, high) = (0.0, rangeLimit)
    if error(high) <= limit { return high }
    for _ in 0..<30 {
      let a = 0.5 * (low + high)
      if error(a) <= limit { low = a } else { high = a }
    }
    return low
  }

  /// The number of substeps, a power of two, for A = `total`, A_var = `varying` and x = `stiffness`.
  static func substeps(total: Lanes, varying: Lanes, stiffness x: Lanes, limit: Double = errorLimit) -> Lanes {
    var error = total * varying * (total * (total + x) + varying)
    var counts = Lanes(repeating: 1)
    // A million at most: what needs more is the work of a wrong unit.
    for _ in 0..<20 {
      let wide = (rangeLimit * counts .< total) .| (error .> limit)
      guard wide.hasAny else { break }
      counts.replace(with: 2 * counts, where: wide)
      // Each substep errs by 1/32, and there are two.
      error.replace(with: error * (1.0 / 16), where: wide)
    }
    return counts
  }

  /// h/τ with the shorter τ.
  static func stiffness(step h: Lanes, _ tauEx: Lanes, _ tauIn: Lanes) -> Lanes {
    h / tauEx.replacing(with: tauIn, where: tauIn .< tauEx)
  }
}

extension SIMD8<Double> {
  /// |x| of each lane. What reaches a conductance adds its magnitude; its sign has done its work in choosing the receptor.
  @inlinable @inline(__always)
  var magnitudes: Lanes {
    unsafeBitCast(unsafeBitCast(self, to: SIMD8<UInt64>.self) & 0x7fff_ffff_ffff_ffff, to: Lanes.self)
  }
}
