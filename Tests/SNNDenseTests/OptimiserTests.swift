import Foundation
import SNNTraining
import Testing

@testable import SNNDense

@Suite struct OptimiserTests {
  private func run(_ optimiser: OptimiserParameters, steps: Int) -> Double {
    var weight = Trainable(Matrix<Double>(1, 1, [2]))
    for step in 0..<steps {
      weight.gradient[0, 0] = weight.value[0, 0] * weight.value[0, 0]
      weight.step(optimiser, at: Moment(step: step, progress: Double(step) / Double(steps)), on: .serial)
    }
    return weight.value[0, 0]
  }

  @Test("Momentum and decay follow the recursion by hand") func descends() {
    var (w, v) = (2.0, 0.0)
    for _ in 0..<5 {
      v = 0.9 * v + w * w + 0.01 * w
      w -= 0.02 * v
    }
    #expect(abs(run(OptimiserParameters(rate: 0.02, momentum: 0.9, decay: 0.01), steps: 5) - w) < 1e-15)
  }

  @Test("Adam follows algorithm 1 of Kingma & Ba") func adapts() {
    var (w, m, v) = (2.0, 0.0, 0.0)
    for t in 1...7 {
      let g = w * w
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      w -= 0.05 * (m / (1 - pow(0.9, Double(t)))) / ((v / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-8)
    }
    #expect(abs(run(OptimiserParameters(.adam, rate: 0.05), steps: 7) - w) < 1e-12)
  }
}
