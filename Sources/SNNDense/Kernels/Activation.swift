import Foundation

/// What a unit makes of its input.
public enum Activation: String, CaseIterable, Sendable {
  case relu, sigmoid
  /// σ(4x − 2): slope 1 at ½, the smooth kin of the hard sigmoid. Ernoult et al. (2019), arXiv:1905.13633.
  case steepSigmoid = "steep_sigmoid"
  case tanh
  /// x, but from 0 to 1.
  case hardSigmoid = "hard_sigmoid"
  case identity

  /// As scale · σ(gain x − shift) + offset, for those that can be written so: they are holomorphic about the real line.
  var logistic: (gain: Double, shift: Double, scale: Double, offset: Double)? {
    switch self {
    case .sigmoid: (1, 0, 1, 0)
    case .steepSigmoid: (4, 2, 1, 0)
    case .tanh: (2, 0, 2, -1)
    case .relu, .hardSigmoid, .identity: nil
    }
  }
}

public protocol ActivationKernels: FastExponential {
  /// x ← x + bias on each of `rows` rows.
  static func addBias(_ rows: Int, _ columns: Int, _ bias: UnsafePointer<Self>, to x: UnsafeMutablePointer<Self>)
  /// x ← f(x).
  static func activate(_ f: Activation, _ x: UnsafeMutablePointer<Self>, _ count: Int)
  /// The same for complex numbers whose parts lie apart; f must have a ``Activation/logistic`` form.
  static func activate(
    _ f: Activation, real: UnsafeMutablePointer<Self>, imaginary: UnsafeMutablePointer<Self>, _ count: Int)
  /// g ← g f′, where y = f(x) is known.
  static func multiplyBySlope(_ f: Activation, of y: UnsafePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int)
  /// z ← a x + b y.
  static func combine(
    _ a: Self, _ x: UnsafePointer<Self>, _ b: Self, _ y: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>, _ count: Int)
  /// The largest |x − y|.
  static func distance(_ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ count: Int) -> Self
}

extension ActivationKernels {
  public static func addBias(_ rows: Int, _ columns: Int, _ bias: UnsafePointer<Self>, to x: UnsafeMutablePointer<Self>) {
    for row in 0..<rows {
      let x = x + row * columns
      for j in 0..<columns { x[j] += bias[j] }
    }
  }

  public static func activate(_ f: Activation, _ x: UnsafeMutablePointer<Self>, _ count: Int) {
    switch f {
    case .identity: return
    case .relu: for i in 0..<count { x[i] = x[i] > 0 ? x[i] : 0 }
    case .hardSigmoid:
      for i in 0..<count {
        let above = x[i] < 0 ? 0 : x[i]
        x[i] = above > 1 ? 1 : above
      }
    case .sigmoid: for i in 0..<count { x[i] = 1 / (1 + exponential(-x[i])) }
    case .steepSigmoid: for i in 0..<count { x[i] = 1 / (1 + exponential(2 - 4 * x[i])) }
    case .tanh: for i in 0..<count { x[i] = 2 / (1 + exponential(-2 * x[i])) - 1 }
    }
  }

  public static func activate(
    _ f: Activation, real: UnsafeMutablePointer<Self>, imaginary: UnsafeMutablePointer<Self>, _ count: Int
  ) {
    guard let form = f.logistic else { preconditionFailure("\(f.rawValue) is not holomorphic") }
    let (gain, shift, scale, offset) = (Self(form.gain), Self(form.shift), Self(form.scale), Self(form.offset))
    for i in 0..<count {
      // scale / (1 + e^{−z}) + offset with 1 + e^{−z} = c + i d.
      let size = exponential(shift - gain * real[i])
      let angle = Double(gain * imaginary[i])
      let c = 1 + size * Self(cos(angle))
      let d = -size * Self(sin(angle))
      let factor = scale / (c * c + d * d)
      real[i] = factor * c + offset
      imaginary[i] = -factor * d
    }
  }

  public static func multiplyBySlope(
    _ f: Activation, of y: UnsafePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int
  ) {
    switch f {
    case .identity: return
    case .relu: for i in 0..<count { g[i] = y[i] > 0 ? g[i] : 0 }
    case .hardSigmoid: for i in 0..<count { g[i] = y[i] > 0 && y[i] < 1 ? g[i] : 0 }
    case .sigmoid: for i in 0..<count { g[i] *= y[i] * (1 - y[i]) }
    case .steepSigmoid: for i in 0..<count { g[i] *= 4 * (y[i] * (1 - y[i])) }
    case .tanh: for i in 0..<count { g[i] *= 1 - y[i] * y[i] }
    }
  }

  public static func combine(
    _ a: Self, _ x: UnsafePointer<Self>, _ b: Self, _ y: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>, _ count: Int
  ) {
    for i in 0..<count { z[i] = a * x[i] + b * y[i] }
  }

  public static func distance(_ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ count: Int) -> Self {
    var largest: Self = 0
    for i in 0..<count {
      let d = abs(x[i] - y[i])
      largest = d > largest ? d : largest
    }
    return largest
  }
}
