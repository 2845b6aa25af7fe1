import SNNDynamics

/// The equations of eight ``AeifCondExp`` neurons over one step.
struct AdaptiveExponential: FehlbergSystem {
  /// V_m, g_ex, g_in, w.
  struct Vector {
    var v, ex, inh, w: Lanes
  }

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
}

extension AdaptiveExponential.Vector: LaneVector {
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
  @inline(__always)
  var onePlusMagnitudes: Self {
    Self(v: v.magnitudes + 1, ex: ex.magnitudes + 1, inh: inh.magnitudes + 1, w: w.magnitudes + 1)
  }
  @inline(__always)
  func exceeds(_ bound: Double, _ scale: Self) -> LaneMask {
    ((v.magnitudes .> bound * scale.v) .| (ex.magnitudes .> bound * scale.ex))
      .| ((inh.magnitudes .> bound * scale.inh) .| (w.magnitudes .> bound * scale.w))
  }
  func greatest(over scale: Self) -> Lanes {
    (v.magnitudes / scale.v).larger(ex.magnitudes / scale.ex).larger(inh.magnitudes / scale.inh)
      .larger(w.magnitudes / scale.w)
  }
}

extension SIMD8<Double> {
  /// The larger of two in each lane.
  @inline(__always)
  func larger(_ other: Self) -> Self { replacing(with: other, where: other .> self) }
}
