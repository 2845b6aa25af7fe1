import SNNTraining
import Testing

@testable import SNNDense

@Suite struct BackpropagationTests {
  @Test("Gradients are those of central differences", arguments: [Activation.relu, .tanh, .sigmoid], Loss.allCases)
  func gradients(f: Activation, loss: Loss) throws {
    var p = Backpropagation.Parameters()
    (p.layers, p.activation, p.loss) = ([7, 6], f, loss)
    p.optimiser.rate = 0
    let batch = randomBatch(9, features: 5, classes: 4)
    var network = try BackpropagationNetwork<Double>(p, LearnerSetup(features: 5, classes: 4, seed: 2))
    _ = network.learn(batch, at: Moment())
    let gradients = network.stack.layers.map { ($0.weight.gradient.values, $0.bias!.gradient.values) }
    for place in network.stack.layers.indices {
      let layer = network.stack.layers[place]
      for (matrix, gradient) in [(layer.weight.value, gradients[place].0), (layer.bias!.value, gradients[place].1)] {
        for i in stride(from: 0, to: matrix.count, by: 3) {
          let h = 1e-5
          let value = matrix.start[i]
          matrix.start[i] = value + h
          let above = network.learn(batch, at: Moment())["loss"]!
          matrix.start[i] = value - h
          let below = network.learn(batch, at: Moment())["loss"]!
          matrix.start[i] = value
          #expect(abs((above - below) / (2 * h) - gradient[i]) < 1e-8)
        }
      }
    }
  }

  @Test("A perceptron learns labels that a perceptron gives") func learns() throws {
    var p = Backpropagation.Parameters()
    (p.layers, p.optimiser.rate, p.optimiser.momentum) = ([32], 0.2, 0.9)
    let setup = LearnerSetup(features: 10, classes: 3, seed: 5)
    var batch = randomBatch(200, features: 10, classes: 3)
    var teacher = try Backpropagation(p, LearnerSetup(features: 10, classes: 3, seed: 6))
    batch.labels = teacher.answer(batch)
    var learner = try Backpropagation(p, setup)
    let first = learner.learn(batch, at: Moment())["loss"]!
    for step in 1..<300 { _ = learner.learn(batch, at: Moment(step: step)) }
    let last = learner.learn(batch, at: Moment())
    #expect(last["loss"]! < first / 2 && last["accuracy"]! > 0.9)
  }
}
