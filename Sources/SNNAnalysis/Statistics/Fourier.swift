import Foundation

/// Discrete Fourier transforms of any length: radix-2 for powers of two, otherwise Bluestein's chirp transform on top of it.
///
///     X_k = Σ_j x_j exp(−2πi jk/n)
///
/// Bluestein (1970), doi:10.1109/TAU.1970.1162132. O(n log n); error a few machine epsilons of the largest |X_k|.
public enum Fourier {
  /// Complex numbers as two arrays.
  public struct Spectrum: Sendable {
    public var real, imaginary: [Double]
    public init(real: [Double], imaginary: [Double]) {
      self.real = real
      self.imaginary = imaginary
    }
    /// |X_k|².
    public var power: [Double] { zip(real, imaginary).map { $0 * $0 + $1 * $1 } }
  }

  /// The transform of a real signal, all n frequencies.
  public static func transform(_ signal: [Double]) -> Spectrum {
    let n = signal.count
    let input = Spectrum(real: signal, imaginary: [Double](repeating: 0, count: n))
    return n & (n - 1) == 0 ? radix2(input) : bluestein(input)
  }

  /// jk = (j² + k² − (k − j)²)/2 turns the transform into a convolution, done with transforms of a power of two.
  private static func bluestein(_ x: Spectrum) -> Spectrum {
    let n = x.real.count
    var length = 1
    while length < 2 * n - 1 { length *= 2 }
    // The angle πj²/n depends on j² mod 2n only: reduced as an integer, so that large j lose no digits.
    let chirp = (0..<n).map { j in
      let angle = Double.pi * Double(j * j % (2 * n)) / Double(n)
      return (cos: cos(angle), sin: sin(angle))
    }
    var a = Spectrum(real: [Double](repeating: 0, count: length), imaginary: [Double](repeating: 0, count: length))
    var b = a
    for j in 0..<n {
      a.real[j] = x.real[j] * chirp[j].cos + x.imaginary[j] * chirp[j].sin
      a.imaginary[j] = x.imaginary[j] * chirp[j].cos - x.real[j] * chirp[j].sin
      b.real[j] = chirp[j].cos
      b.imaginary[j] = chirp[j].sin
      if j > 0 { (b.real[length - j], b.imaginary[length - j]) = (chirp[j].cos, chirp[j].sin) }
    }
    a = radix2(a)
    b = radix2(b)
    // The inverse transform is the forward one of the conjugate.
    var product = a
    for k in 0..<length {
      product.real[k] = a.real[k] * b.real[k] - a.imaginary[k] * b.imaginary[k]
      product.imaginary[k] = -(a.real[k] * b.imaginary[k] + a.imaginary[k] * b.real[k])
    }
    let c = radix2(product)
    let scale = 1 / Double(length)
    return Spectrum(
      real: (0..<n).map { (c.real[$0] * chirp[$0].cos - c.imaginary[$0] * chirp[$0].sin) * scale },
      imaginary: (0..<n).map { (-c.imaginary[$0] * chirp[$0].cos - c.real[$0] * chirp[$0].sin) * scale })
  }

  private static func radix2(_ x: Spectrum) -> Spectrum {
    let n = x.real.count
    guard n > 1 else { return x }
    let bits = n.trailingZeroBitCount
    let order = (0..<n).map { Int(UInt($0).bitReversed >> UInt(UInt.bitWidth - bits)) }
    var re = order.map { x.real[$0] }
    var im = order.map { x.imaginary[$0] }
    let twiddle = (0..<n / 2).map { k in
      let angle = -2 * Double.pi * Double(k) / Double(n)
      return (cos: cos(angle), sin: sin(angle))
    }
    var half = 1
    while half < n {
      let stride = n / (2 * half)
      for start in Swift.stride(from: 0, to: n, by: 2 * half) {
        for k in 0..<half {
          let (w, i, j) = (twiddle[k * stride], start + k, start + k + half)
          let (tr, ti) = (re[j] * w.cos - im[j] * w.sin, re[j] * w.sin + im[j] * w.cos)
          (re[j], im[j]) = (re[i] - tr, im[i] - ti)
          (re[i], im[i]) = (re[i] + tr, im[i] + ti)
        }
      }
      half *= 2
    }
    return Spectrum(real: re, imaginary: im)
  }
}

extension UInt {
  /// The bits in reverse order.
  fileprivate var bitReversed: UInt {
    var (source, result) = (self, UInt(0))
    for _ in 0..<UInt.bitWidth {
      result = result << 1 | source & 1
      source >>= 1
    }
    return result
  }
}
