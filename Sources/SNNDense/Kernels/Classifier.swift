import Foundation

/// What is minimised at the output.
public enum Loss: String, CaseIterable, Sendable {
  /// −ln softmax(logits)[label].
  case crossEntropy = "cross_entropy"
  /// ½ |output − one-hot label|².
  case squaredError = "squared_error"
}

public protocol ClassifierKernels: FastExponential {
  /// x ← softmax(x).
  static func softmax(_ x: UnsafeMutablePointer<Self>, _ classes: Int)
  /// x ← derivative of the loss of one sample with respect to x; the loss itself is returned.
  static func differentiate(_ loss: Loss, _ x: UnsafeMutablePointer<Self>, _ classes: Int, label: Int) -> Double
  /// The first of the largest.
  static func largest(_ x: UnsafePointer<Self>, _ classes: Int) -> Int
}

extension ClassifierKernels {
  public static func softmax(_ x: UnsafeMutablePointer<Self>, _ classes: Int) {
    let top = x[largest(x, classes)]
    var sum: Self = 0
    for i in 0..<classes {
      x[i] = exponential(x[i] - top)
      sum += x[i]
    }
    for i in 0..<classes { x[i] /= sum }
  }

  public static func differentiate(_ loss: Loss, _ x: UnsafeMutablePointer<Self>, _ classes: Int, label: Int) -> Double {
    switch loss {
    case .crossEntropy:
      softmax(x, classes)
      let value = -log(Swift.max(Double(x[label]), 1e-300))
      x[label] -= 1
      return value
    case .squaredError:
      x[label] -= 1
      return 0.5 * Double(dot(classes, x, x))
    }
  }

  public static func largest(_ x: UnsafePointer<Self>, _ classes: Int) -> Int {
    var best = 0
    for i in 1..<Swift.max(1, classes) where x[i] > x[best] { best = i }
    return best
  }
}
