public protocol DelayKernels: FastExponential {
  /// g_n ← e^(−(n − d)²/(2 s²))/(Σ over n + 10⁻⁷) at lag n = 0 ..< lags, for each delay d; g_n stands `stride` behind g_(n−1).
  static func spread(
    _ d: UnsafePointer<Self>, into g: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int, width s: Self)
  /// g_n ← 1 at the lag that is nearest to d, 0 elsewhere.
  static func pick(_ d: UnsafePointer<Self>, into g: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int)
  /// y_n ← g_n w.
  static func multiply(
    _ g: UnsafePointer<Self>, _ w: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int)
  /// From the derivatives e_n with respect to w g_n those with respect to the weight, Σ g_n e_n, and to the delay,
  /// Σ e_n w g_n (z_n − Σ_m g_m z_m)/s² with z_n = n − d.
  static func gather(
    _ e: UnsafePointer<Self>, _ g: UnsafePointer<Self>, _ w: UnsafePointer<Self>, _ d: UnsafePointer<Self>,
    intoWeights: UnsafeMutablePointer<Self>, intoDelays: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int,
    width s: Self)
}

extension DelayKernels {
  public static func spread(
    _ d: UnsafePointer<Self>, into g: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int, width s: Self
  ) {
    let scale = -1 / (2 * s * s)
    for i in 0..<count {
      var sum: Self = 0
      for n in 0..<lags {
        let z = Self(n) - d[i]
        let share = exponential(scale * (z * z))
        g[n * stride + i] = share
        sum += share
      }
      let factor = 1 / (sum + Self(1e-7))
      for n in 0..<lags { g[n * stride + i] *= factor }
    }
  }

  public static func pick(
    _ d: UnsafePointer<Self>, into g: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int
  ) {
    for i in 0..<count {
      let nearest = d[i].rounded()
      for n in 0..<lags { g[n * stride + i] = Self(n) == nearest ? 1 : 0 }
    }
  }

  public static func multiply(
    _ g: UnsafePointer<Self>, _ w: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int
  ) {
    for n in 0..<lags {
      let start = n * stride
      for i in 0..<count { y[start + i] = g[start + i] * w[i] }
    }
  }

  public static func gather(
    _ e: UnsafePointer<Self>, _ g: UnsafePointer<Self>, _ w: UnsafePointer<Self>, _ d: UnsafePointer<Self>,
    intoWeights: UnsafeMutablePointer<Self>, intoDelays: UnsafeMutablePointer<Self>, _ count: Int, lags: Int, stride: Int,
    width s: Self
  ) {
    for i in 0..<count {
      var (weight, mean, product) = (Self(0), Self(0), Self(0))
      for n in 0..<lags {
        let (share, z) = (g[n * stride + i], Self(n) - d[i])
        weight += share * e[n * stride + i]
        mean += share * z
        product += share * e[n * stride + i] * z
      }
      intoWeights[i] = weight
      intoDelays[i] = w[i] * (product - mean * weight) / (s * s)
    }
  }
}
