import Foundation

/// What stands for the derivative of a spike with respect to the membrane potential; x = u − θ.
public enum Surrogate: String, CaseIterable, Sendable {
  /// 1/(1 + k|x|)². Zenke & Ganguli (2018), doi:10.1162/neco_a_01086.
  case superspike
  /// k max(0, 1 − k|x|). Esser et al. (2016), doi:10.1073/pnas.1604850113.
  case triangle
  /// k for |x| < 1/(2k).
  case rectangle
  /// k σ(kx)(1 − σ(kx)).
  case sigmoid
  /// k/2/(1 + (πkx/2)²). Fang et al. (2021), arXiv:2007.05785.
  case arctan
}

/// What a spike does to the membrane potential.
public enum SpikeReset: String, CaseIterable, Sendable {
  /// u ← u − θ.
  case subtract
  /// u ← 0.
  case zero
  case none
}

public protocol SpikeKernels: FastExponential {
  /// u ← leak u⁻ − θ z⁻ + x (subtract), leak u⁻ (1 − z⁻) + x (zero), leak u⁻ + x (none); the minus marks the step before.
  static func charge(
    _ previous: UnsafePointer<Self>, _ spikes: UnsafePointer<Self>, _ input: UnsafePointer<Self>,
    into u: UnsafeMutablePointer<Self>, _ count: Int, leak: Self, threshold: Self, _ reset: SpikeReset)
  /// z ← 1 where u ≥ θ, 0 elsewhere.
  static func spike(_ u: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>, _ count: Int, threshold: Self)
  /// z ← the surrogate's primitive at u − θ: spikes whose derivative the surrogate is.
  static func spikeGradually(
    _ u: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>, _ count: Int, threshold: Self, _ shape: Surrogate, scale: Self)
  /// s ← the surrogate at u − θ.
  static func surrogate(
    _ shape: Surrogate, _ u: UnsafePointer<Self>, into s: UnsafeMutablePointer<Self>, _ count: Int, threshold: Self, scale: Self)
  /// One step back in time: g ← (gz + a) s + gᵤ, where gᵤ and a are what the later potential hands back to this potential and,
  /// unless the reset is detached, to this spike. `later` is the derivative at the later potential.
  static func back(
    _ gz: UnsafePointer<Self>, _ s: UnsafePointer<Self>, _ later: UnsafePointer<Self>, _ u: UnsafePointer<Self>,
    _ z: UnsafePointer<Self>, into g: UnsafeMutablePointer<Self>, _ count: Int, leak: Self, threshold: Self,
    _ reset: SpikeReset, isDetached: Bool)
  /// Neurons that fire r spikes per step: v ← v + r;  z ← 1 and v ← v − 1 where v ≥ 1, z ← 0 elsewhere;  and the trace of their
  /// spikes, x ← x + η (z − x).
  static func fire(
    _ r: UnsafePointer<Self>, _ v: UnsafeMutablePointer<Self>, into z: UnsafeMutablePointer<Self>,
    trace x: UnsafeMutablePointer<Self>, _ count: Int, traceRate: Self)
  /// y ← x y.
  static func multiply(_ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, _ count: Int)
  /// y ← a y + x.
  static func decay(_ y: UnsafeMutablePointer<Self>, by a: Self, adding x: UnsafePointer<Self>, _ count: Int)
}

extension SpikeKernels {
  public static func charge(
    _ previous: UnsafePointer<Self>, _ spikes: UnsafePointer<Self>, _ input: UnsafePointer<Self>,
    into u: UnsafeMutablePointer<Self>, _ count: Int, leak: Self, threshold: Self, _ reset: SpikeReset
  ) {
    switch reset {
    case .subtract: for i in 0..<count { u[i] = leak * previous[i] - threshold * spikes[i] + input[i] }
    case .zero: for i in 0..<count { u[i] = leak * previous[i] * (1 - spikes[i]) + input[i] }
    case .none: for i in 0..<count { u[i] = leak * previous[i] + input[i] }
    }
  }

  public static func spike(_ u: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>, _ count: Int, threshold: Self) {
    for i in 0..<count { z[i] = u[i] >= threshold ? 1 : 0 }
  }

  public static func spikeGradually(
    _ u: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>, _ count: Int, threshold: Self, _ shape: Surrogate, scale k: Self
  ) {
    for i in 0..<count {
      let x = u[i] - threshold
      switch shape {
      case .superspike: z[i] = 0.5 + x / (1 + k * abs(x))
      case .triangle:
        let y = Swift.max(-1, Swift.min(1, k * x))
        z[i] = 0.5 + y - y * abs(y) / 2
      case .rectangle: z[i] = Swift.max(0, Swift.min(1, 0.5 + k * x))
      case .sigmoid: z[i] = 1 / (1 + exponential(-k * x))
      case .arctan: z[i] = Self(0.5 + atan(.pi / 2 * Double(k * x)) / .pi)
      }
    }
  }

  public static func surrogate(
    _ shape: Surrogate, _ u: UnsafePointer<Self>, into s: UnsafeMutablePointer<Self>, _ count: Int, threshold: Self, scale k: Self
  ) {
    switch shape {
    case .superspike:
      for i in 0..<count {
        let d = 1 + k * abs(u[i] - threshold)
        s[i] = 1 / (d * d)
      }
    case .triangle:
      for i in 0..<count {
        let d = 1 - k * abs(u[i] - threshold)
        s[i] = d > 0 ? k * d : 0
      }
    case .rectangle: for i in 0..<count { s[i] = 2 * k * abs(u[i] - threshold) < 1 ? k : 0 }
    case .sigmoid:
      for i in 0..<count {
        let y = 1 / (1 + exponential(k * (threshold - u[i])))
        s[i] = k * (y * (1 - y))
      }
    case .arctan:
      let half = Self.pi / 2 * k
      for i in 0..<count {
        let d = half * (u[i] - threshold)
        s[i] = k / (2 + 2 * (d * d))
      }
    }
  }

  public static func back(
    _ gz: UnsafePointer<Self>, _ s: UnsafePointer<Self>, _ later: UnsafePointer<Self>, _ u: UnsafePointer<Self>,
    _ z: UnsafePointer<Self>, into g: UnsafeMutablePointer<Self>, _ count: Int, leak: Self, threshold: Self,
    _ reset: SpikeReset, isDetached: Bool
  ) {
    switch (reset, isDetached) {
    case (.none, _), (.subtract, true): for i in 0..<count { g[i] = gz[i] * s[i] + leak * later[i] }
    case (.subtract, false): for i in 0..<count { g[i] = (gz[i] - threshold * later[i]) * s[i] + leak * later[i] }
    case (.zero, true): for i in 0..<count { g[i] = gz[i] * s[i] + leak * later[i] * (1 - z[i]) }
    case (.zero, false):
      for i in 0..<count {
        let back = leak * later[i]
        g[i] = (gz[i] - back * u[i]) * s[i] + back * (1 - z[i])
      }
    }
  }

  public static func fire(
    _ r: UnsafePointer<Self>, _ v: UnsafeMutablePointer<Self>, into z: UnsafeMutablePointer<Self>,
    trace x: UnsafeMutablePointer<Self>, _ count: Int, traceRate: Self
  ) {
    for i in 0..<count {
      let charged = v[i] + r[i]
      let spike: Self = charged >= 1 ? 1 : 0
      v[i] = charged - spike
      z[i] = spike
      x[i] += traceRate * (spike - x[i])
    }
  }

  public static func multiply(_ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, _ count: Int) {
    for i in 0..<count { y[i] *= x[i] }
  }

  public static func decay(_ y: UnsafeMutablePointer<Self>, by a: Self, adding x: UnsafePointer<Self>, _ count: Int) {
    for i in 0..<count { y[i] = a * y[i] + x[i] }
  }
}
