import Foundation
import SNNTraining
import Testing

@testable import SNNDense

@Suite struct MatrixTests {
  @Test("A product cut into pieces is the sum over k, transposed or not", arguments: [true, false], [true, false])
  func products(isTransposedA: Bool, isTransposedB: Bool) {
    var numbers = Numbers(3)
    let (m, n, k) = (37, 210, 300)
    let a = Matrix<Double>(isTransposedA ? k : m, isTransposedA ? m : k, numbers.normals(m * k))
    let b = Matrix<Double>(isTransposedB ? n : k, isTransposedB ? k : n, numbers.normals(k * n))
    let c = Matrix<Double>(m, n)
    c.fill(1)
    multiply(
      isTransposedA ? a.transposed : a.whole, isTransposedB ? b.transposed : b.whole, into: c.whole, scale: 2, adding: true,
      on: threaded)
    for (i, j) in [(0, 0), (5, 100), (36, 209), (20, 128)] {
      var sum = 0.0
      for l in 0..<k { sum += (isTransposedA ? a[l, i] : a[i, l]) * (isTransposedB ? b[j, l] : b[l, j]) }
      // 300 terms of size 1: rounding of some 1e-14.
      #expect(abs(c[i, j] - (1 + 2 * sum)) < 1e-12)
    }
  }

  @Test("A product has the same bits whatever runs its pieces") func sameBits() {
    var numbers = Numbers(4)
    let a = Matrix<Float>(100, 784, numbers.normals(100 * 784).map { Float($0) })
    let b = Matrix<Float>(500, 784, numbers.normals(500 * 784).map { Float($0) })
    let products = [Parallel.serial, threaded, threaded].map { parallel in
      let c = Matrix<Float>(100, 500)
      multiply(a.whole, b.transposed, into: c.whole, on: parallel)
      return c.values
    }
    #expect(products[0] == products[1] && products[0] == products[2])
  }

  @Test("Pieces cover everything once") func pieces() {
    for count in [1, 15, 16, 17, 100, 1000] {
      for parts in [0, 1, 3, 16] {
        for unit in [1, 16] {
          let pieces = cut(count, into: parts, multipleOf: unit)
          #expect(pieces.flatMap { Array($0) } == Array(0..<count))
          #expect(pieces.count <= max(1, parts))
        }
      }
    }
    #expect(rowBlocks(50).count == 2 && rowBlocks(47).count == 1 && rowBlocks(200).count == 8)
  }

  @Test("The fast exponential is the C library's to two units in the last place") func exponential() {
    for i in 0...20000 {
      let x = -87 + Double(i) * 175 / 20000
      #expect(abs(Double(Float.exponential(Float(x))) / exp(Double(Float(x))) - 1) < 2.4e-7)
      #expect(abs(Double.exponential(x) / exp(x) - 1) < 4.5e-16)
    }
    #expect(Float.exponential(-1000) < 2e-38 && Float.exponential(1000) > 1e38 && Float.exponential(0) == 1)
  }

  @Test("Slopes are those of the activations, by central differences", arguments: Activation.allCases)
  func slopes(f: Activation) {
    for x in [-1.7, -0.3, 0.2, 0.6, 1.4] {
      let h = 1e-5
      let points = Matrix<Double>(1, 3, [x - h, x, x + h])
      Double.activate(f, points.start, 3)
      let slope = Matrix<Double>(1, 1, [1])
      Double.multiplyBySlope(f, of: points.start + 1, slope.start, 1)
      #expect(abs(slope[0, 0] - (points[0, 2] - points[0, 0]) / (2 * h)) < 1e-9)
    }
  }

  @Test(
    "Complex activations obey the Cauchy-Riemann equations and meet the real ones",
    arguments: [Activation.sigmoid, .steepSigmoid, .tanh])
  func holomorphic(f: Activation) {
    func value(_ x: Double, _ y: Double) -> (Double, Double) {
      let (a, b) = (Matrix<Double>(1, 1, [x]), Matrix<Double>(1, 1, [y]))
      Double.activate(f, real: a.start, imaginary: b.start, 1)
      return (a[0, 0], b[0, 0])
    }
    let real = Matrix<Double>(1, 1, [0.3])
    Double.activate(f, real.start, 1)
    #expect(abs(value(0.3, 0).0 - real[0, 0]) < 1e-15 && value(0.3, 0).1 == 0)
    let h = 1e-5
    let (right, left) = (value(0.4 + h, 0.2), value(0.4 - h, 0.2))
    let (above, below) = (value(0.4, 0.2 + h), value(0.4, 0.2 - h))
    #expect(abs((right.0 - left.0) - (above.1 - below.1)) < 1e-14)
    #expect(abs((right.1 - left.1) + (above.0 - below.0)) < 1e-14)
  }
}
