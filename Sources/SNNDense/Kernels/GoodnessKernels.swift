import Foundation
import SNNSignals

public protocol GoodnessKernels: BLASScalar {
  /// y ← a h for a row of activities, with a = 1/(√mean(h²) + 10⁻⁸): the length is hidden, the direction passes.
  static func normalise(_ h: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, _ count: Int)
  /// e ← factor h + weight · pull: the derivative of a layer's loss at its units.
  static func contrast(
    _ h: UnsafePointer<Self>, factor: Self, _ pull: UnsafePointer<Self>, weight: Self, into e: UnsafeMutablePointer<Self>,
    _ count: Int)
  /// x ← x² + y²: the intensity of a complex field.
  static func intensity(_ x: UnsafeMutablePointer<Self>, _ y: UnsafePointer<Self>, _ count: Int)
  /// x ← x + noise, uniform with this standard deviation; the numbers belong to (index, draw ...).
  static func addNoise(
    _ x: UnsafeMutablePointer<Self>, _ count: Int, deviation: Self, _ stream: RandomStream, index: UInt64, draw: UInt64)
}

extension GoodnessKernels {
  public static func intensity(_ x: UnsafeMutablePointer<Self>, _ y: UnsafePointer<Self>, _ count: Int) {
    for i in 0..<count { x[i] = x[i] * x[i] + y[i] * y[i] }
  }

  public static func addNoise(
    _ x: UnsafeMutablePointer<Self>, _ count: Int, deviation: Self, _ stream: RandomStream, index: UInt64, draw: UInt64
  ) {
    // A word w of 32 bits is uniform on ±1 as w/2³¹ − 1, with variance 1/3.
    let unit = deviation * Self(3).squareRoot() * Self(0x1p-31)
    let centre = Self(0x1p31)
    for i in stride(from: 0, to: count, by: 4) {
      let words = stream.words(index: index, draw: draw &+ UInt64(i / 4))
      for k in 0..<Swift.min(4, count - i) { x[i + k] += unit * (Self(words[k]) - centre) }
    }
  }

  public static func normalise(_ h: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, _ count: Int) {
    let size = (dot(count, h, h) / Self(count)).squareRoot()
    let factor = 1 / (size + Self(1e-8))
    for i in 0..<count { y[i] = factor * h[i] }
  }

  public static func contrast(
    _ h: UnsafePointer<Self>, factor: Self, _ pull: UnsafePointer<Self>, weight: Self, into e: UnsafeMutablePointer<Self>,
    _ count: Int
  ) {
    for i in 0..<count { e[i] = factor * h[i] + weight * pull[i] }
  }
}
