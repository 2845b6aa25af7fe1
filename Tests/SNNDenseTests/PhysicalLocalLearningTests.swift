import SNNTraining
import Testing

@testable import SNNDense

@Suite struct PhysicalLocalLearningTests {
  private func network(_ transformation: PhysicalLocalLearning.Transformation) throws -> PhysicalNetwork<Double> {
    var p = PhysicalLocalLearning.Parameters()
    (p.layers, p.transformation, p.noise) = ([9], transformation, 0)
    (p.optimiser, p.readoutRate) = (OptimiserParameters(rate: 0), 0)
    return try PhysicalNetwork(p, LearnerSetup(features: 16, classes: 3, seed: 4))
  }

  @Test(
    "The gradient is that of central differences, through any black box",
    arguments: PhysicalLocalLearning.Transformation.allCases)
  func gradient(transformation: PhysicalLocalLearning.Transformation) throws {
    var net = try network(transformation)
    let batch = randomBatch(8, features: 16, classes: 3)
    _ = net.learn(batch, at: Moment())
    let weight = net.layers[0].weight
    let gradient = weight.gradient.values
    for i in stride(from: 0, to: weight.value.count, by: 5) {
      let (h, value) = (1e-5, weight.value.start[i])
      weight.value.start[i] = value + h
      let above = net.learn(batch, at: Moment())["loss"]!
      weight.value.start[i] = value - h
      let below = net.learn(batch, at: Moment())["loss"]!
      weight.value.start[i] = value
      #expect(abs((above - below) / (2 * h) - gradient[i]) < 1e-8)
    }
  }

  @Test("Right and wrong labels part: the cosine of their mixtures falls below that of an untrained network") func separates()
    throws
  {
    var p = PhysicalLocalLearning.Parameters()
    (p.layers, p.optimiser.rate) = ([40, 40], 3e-3)
    var learner = try PhysicalLocalLearning(p, LearnerSetup(features: 64, classes: 4, seed: 4))
    let batch = randomBatch(40, features: 64, classes: 4)
    let first = learner.learn(batch, at: Moment())["loss"]!
    var last = first
    for step in 1..<80 { last = learner.learn(batch, at: Moment(epoch: step, step: step))["loss"]! }
    #expect(last < first / 3)
  }
}
