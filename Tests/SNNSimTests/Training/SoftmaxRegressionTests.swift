import Foundation
import SNNKernel
import SNNSim
import Testing

/// The learner of the article "Write a learner" against its closed form.
@Suite struct SoftmaxRegressionTests {
  private static let stream = RandomStream(seed: 7, purpose: .learning, entity: 1)

  /// 20 samples of 2 steps of 5 values, in 3 classes.
  private static let batch: Batch = {
    let inputs = (0..<200).map { Float(stream.normal(index: UInt64($0), draw: 0)) }
    return Batch(
      inputs: inputs, count: 20, steps: 2, features: 5, labels: (0..<20).map { $0 * 7 % 3 }, ids: Array(0..<20))
  }()

  /// The loss as its definition says, sample by sample.
  private static func loss(_ weights: [Double], decay: Double) -> Double {
    var sum = 0.0
    for n in 0..<20 {
      // The mean of the two steps, and 1 for the bias.
      var x = (0..<5).map { i in (Double(batch.inputs[n * 5 + i]) + Double(batch.inputs[(20 + n) * 5 + i])) / 2 }
      x.append(1)
      let scores = (0..<3).map { k in (0..<6).reduce(0.0) { $0 + weights[k * 6 + $1] * x[$1] } }
      sum += log(scores.reduce(0.0) { $0 + exp($1) }) - scores[batch.labels[n]]
    }
    let squares = (0..<18).filter { $0 % 6 < 5 }.reduce(0.0) { $0 + weights[$1] * weights[$1] }
    return sum / 20 + decay / 2 * squares
  }

  private func learner(_ start: [Double], decay: Double, _ parallel: Parallel = .serial) throws -> SoftmaxRegression {
    var parameters = SoftmaxRegression.Parameters()
    (parameters.learningRate, parameters.decay) = (0.01, decay)
    var learner = try SoftmaxRegression(
      parameters, LearnerSetup(features: 5, steps: 2, classes: 3, seed: 1, parallel: parallel))
    try learner.restore([NamedArray("weight", [3, 6], start)])
    return learner
  }

  @Test("A step is the gradient of the loss, by differences", arguments: [0, 0.3])
  func gradient(_ decay: Double) throws {
    let start = (0..<18).map { Self.stream.normal(index: UInt64($0), draw: 1) }
    var learner = try learner(start, decay: decay)
    let measures = learner.learn(Self.batch, at: Moment())
    #expect(abs(measures["loss"]! - Self.loss(start, decay: 0)) < 1e-12)
    for i in 0..<18 {
      let h = 1e-5
      var (up, down) = (start, start)
      up[i] += h
      down[i] -= h
      let slope = (Self.loss(up, decay: decay) - Self.loss(down, decay: decay)) / (2 * h)
      // Error of a central difference: h²/6 times a third derivative of order 1, and rounding 1e-16/h.
      #expect(abs((start[i] - learner.state[0].doubles[i]) / 0.01 - slope) < 1e-8)
    }
  }

  @Test("The same bits on any number of threads", arguments: [2, 3, 8])
  func threads(_ workers: Int) throws {
    let start = [Double](repeating: 0.1, count: 18)
    var alone = try learner(start, decay: 0.1)
    let pool = WorkStealingPool(workers: workers)
    defer { pool.close() }
    var together = try learner(start, decay: 0.1, Parallel { pool.forEach($0, $1) })
    for step in 0..<20 {
      #expect(alone.learn(Self.batch, at: Moment(step: step)) == together.learn(Self.batch, at: Moment(step: step)))
    }
    #expect(alone.state == together.state)
  }

  @Test("A state of another shape is refused with both shapes") func restore() throws {
    var learner = try learner([Double](repeating: 0, count: 18), decay: 0)
    #expect(throws: TrainingError.self) {
      try learner.restore([NamedArray("weight", [2, 9], [Double](repeating: 0, count: 18))])
    }
    #expect(throws: TrainingError.self) { try learner.restore([NamedArray("w", [3, 6], [Double](repeating: 0, count: 18))]) }
  }
}
