public protocol OptimiserKernels: BLASScalar {
  /// v ← μ v + g + λ w, w ← w − η v.
  static func descend(
    _ w: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, _ v: UnsafeMutablePointer<Self>, _ count: Int, rate: Self,
    momentum: Self, decay: Self)
  /// w ← w − η (g + λ w).
  static func descend(
    _ w: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, _ count: Int, rate: Self, decay: Self)
  /// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← (1 − η λ) w − η₁ m / (√v + ε).
  static func adapt(
    _ w: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, _ m: UnsafeMutablePointer<Self>,
    _ v: UnsafeMutablePointer<Self>, _ count: Int, beta1: Self, beta2: Self, rate: Self, shrink: Self, epsilon: Self)
  /// v ← μ v + (1 − μ) d with d within ±bound, h ← h + η v.
  static func hebb(
    _ h: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>, _ d: UnsafePointer<Self>, _ count: Int, rate: Self,
    momentum: Self, bound: Self)
}

extension OptimiserKernels {
  public static func hebb(
    _ h: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>, _ d: UnsafePointer<Self>, _ count: Int, rate: Self,
    momentum: Self, bound: Self
  ) {
    for i in 0..<count {
      let above = d[i] < -bound ? -bound : d[i]
      let change = above > bound ? bound : above
      let velocity = momentum * v[i] + (1 - momentum) * change
      v[i] = velocity
      h[i] += rate * velocity
    }
  }

  public static func descend(
    _ w: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, _ v: UnsafeMutablePointer<Self>, _ count: Int, rate: Self,
    momentum: Self, decay: Self
  ) {
    for i in 0..<count {
      let velocity = momentum * v[i] + (g[i] + decay * w[i])
      v[i] = velocity
      w[i] -= rate * velocity
    }
  }

  public static func descend(
    _ w: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, _ count: Int, rate: Self, decay: Self
  ) {
    for i in 0..<count { w[i] -= rate * (g[i] + decay * w[i]) }
  }

  public static func adapt(
    _ w: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, _ m: UnsafeMutablePointer<Self>,
    _ v: UnsafeMutablePointer<Self>, _ count: Int, beta1: Self, beta2: Self, rate: Self, shrink: Self, epsilon: Self
  ) {
    for i in 0..<count {
      let mean = beta1 * m[i] + (1 - beta1) * g[i]
      let square = beta2 * v[i] + (1 - beta2) * (g[i] * g[i])
      m[i] = mean
      v[i] = square
      w[i] = shrink * w[i] - rate * mean / (square.squareRoot() + epsilon)
    }
  }
}
