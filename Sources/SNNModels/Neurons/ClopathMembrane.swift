import SNNDynamics

/// The equations of eight ``AeifPscDeltaClopath`` neurons over one step.
struct ClopathMembrane: FehlbergSystem {
  struct Vector {
    var v, w, z, th, plus, minus, bar: Lanes
  }
  /// Neurons at V_clamp, and at V_reset.
  struct Hold {
    var clamped, reset: LaneMask
  }

  let p: AeifPscDeltaClopath.Propagator
  let drive: Lanes

  @inline(__always)
  func derivative(_ y: Vector, held: Hold) -> Vector {
    let v = y.v.replacing(with: p.vPeak, where: y.v .> p.vPeak).replacing(with: p.vReset, where: held.reset)
      .replacing(with: p.vClamp, where: held.clamped)
    let fromRest = v - p.eL
    let upstroke = p.gLDelta * ((v - y.th) * p.perDelta).exponential()
    let slope = (((upstroke - p.gL * fromRest) - y.w) + y.z + drive) * p.perC
    return Vector(
      v: slope.replacing(with: 0, where: held.clamped .| held.reset),
      w: ((p.a * fromRest - y.w) * p.perTauW).replacing(with: 0, where: held.clamped), z: y.z * p.perTauZ,
      th: (y.th - p.thRest) * p.perTauTh, plus: (v - y.plus) * p.perTauPlus, minus: (v - y.minus) * p.perTauMinus,
      bar: (y.minus - y.bar) * p.perTauBar)
  }
}

extension ClopathMembrane.Vector: LaneVector {
  @inline(__always)
  private func map(_ f: (Lanes) -> Lanes) -> Self {
    Self(v: f(v), w: f(w), z: f(z), th: f(th), plus: f(plus), minus: f(minus), bar: f(bar))
  }
  @inline(__always)
  private func map(_ b: Self, _ f: (Lanes, Lanes) -> Lanes) -> Self {
    Self(
      v: f(v, b.v), w: f(w, b.w), z: f(z, b.z), th: f(th, b.th), plus: f(plus, b.plus), minus: f(minus, b.minus),
      bar: f(bar, b.bar))
  }

  @inline(__always) static func + (a: Self, b: Self) -> Self { a.map(b) { $0 + $1 } }
  @inline(__always) static func * (a: Self, c: Double) -> Self { a.map { $0 * c } }
  @inline(__always) static func * (h: Lanes, a: Self) -> Self { a.map { h * $0 } }
  @inline(__always)
  mutating func replace(with other: Self, where mask: LaneMask) { self = map(other) { $0.replacing(with: $1, where: mask) } }
  @inline(__always) var onePlusMagnitudes: Self { map { $0.magnitudes + 1 } }
  @inline(__always)
  func exceeds(_ bound: Double, _ scale: Self) -> LaneMask { greatest(over: scale) .> Lanes(repeating: bound) }
  @inline(__always)
  func greatest(over scale: Self) -> Lanes {
    let e = map(scale) { $0.magnitudes / $1 }
    return e.v.larger(e.w).larger(e.z).larger(e.th).larger(e.plus).larger(e.minus).larger(e.bar)
  }
}
