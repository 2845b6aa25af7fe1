import Foundation
import SNNTraining
import Testing

@testable import SNNDense

@Suite struct SpikingForwardForwardTests {
  private static let batch = randomBatch(8, features: 16, classes: 3)

  private func network(_ layers: [Int], _ change: (inout SpikingForwardForward.Parameters) -> Void = { _ in }) throws
    -> SpikingForwardForwardNetwork<Double>
  {
    var p = SpikingForwardForward.Parameters()
    (p.layers, p.steps, p.gain, p.scale, p.sharpness, p.goodness) = (layers, 6, 0.8, 3, 0.9, 1)
    p.optimiser = OptimiserParameters(rate: 0)
    change(&p)
    return try SpikingForwardForwardNetwork(p, LearnerSetup(features: 16, classes: 3, seed: 4))
  }

  /// Positive and negative samples as the first layer gets them.
  private func inputs(_ batch: Batch, classes: Int) throws -> [(x: [Double], isPositive: Bool)] {
    let setup = LearnerSetup(features: batch.features, classes: classes, seed: 4)
    let rows = Matrix<Double>(3 * batch.count, batch.features)
    try ContrastedSamples(.uniform, setup).write(batch, at: Moment(), into: rows)
    return (0..<2 * batch.count).map { row in
      let x = (0..<batch.features).map { rows[row, $0] }
      let size = (dot(x, x) / Double(batch.features)).squareRoot() + 1e-8
      return (x.map { $0 / size }, row < batch.count)
    }
  }

  @Test(
    "Smooth neurons, whose spikes are the surrogate's primitive, have the gradient of central differences of their goodness",
    arguments: [SpikeReset.subtract, .zero, .none], [[9], [12, 7]])
  func smooth(reset: SpikeReset, layers: [Int]) throws {
    var network = try network(layers) {
      ($0.reset, $0.surrogate, $0.form, $0.isDetached) = (reset, .sigmoid, .gradual, false)
    }
    _ = network.learn(Self.batch, at: Moment())
    let layer = network.stack.layers.last!
    // The measure is the mean over layers, of which only the last sees its own weights.
    let share = Double(layers.count)
    let matrices = [(layer.weight.value, layer.weight.gradient.values), (layer.bias!.value, layer.bias!.gradient.values)]
    var (measured, expected): ([Double], [Double]) = ([], [])
    for (matrix, gradient) in matrices {
      for i in stride(from: 0, to: gradient.count, by: 5) {
        let (h, value) = (1e-5, matrix.start[i])
        matrix.start[i] = value + h
        let above = network.learn(Self.batch, at: Moment())["loss"]!
        matrix.start[i] = value - h
        let below = network.learn(Self.batch, at: Moment())["loss"]!
        matrix.start[i] = value
        measured.append(share * (above - below) / (2 * h))
        expected.append(gradient[i])
      }
    }
    #expect(relativeError(measured, expected) < 1e-6)
  }

  @Test("The update is the three-factor rule: goodness, spikes, and the surrogate's overlap with the presynaptic trace")
  func threeFactors() throws {
    var network = try network([9])
    _ = network.learn(Self.batch, at: Moment())
    let w = network.stack.layers[0].weight.value
    var expected = [Double](repeating: 0, count: 9 * 16)
    var spikes = 0.0
    for (x, isPositive) in try inputs(Self.batch, classes: 3) {
      var n = [Double](repeating: 0, count: 9)
      var overlap = expected.map { _ in 0.0 }
      var (u, z) = (n, n)
      var trace = x.map { _ in 0.0 }
      for _ in 0..<6 {
        for j in 0..<16 { trace[j] = 0.9 * trace[j] + x[j] }
        for i in 0..<9 {
          u[i] = 0.9 * u[i] - z[i] + (0..<16).reduce(0.0) { $0 + w[i, $1] * x[$1] }
          z[i] = u[i] >= 1 ? 1 : 0
          n[i] += z[i]
          let d = 1 + 3 * abs(u[i] - 1)
          for j in 0..<16 { overlap[i * 16 + j] += trace[j] / (d * d) }
        }
      }
      spikes += n.reduce(0, +)
      let p = 1 / (1 + exp(-0.9 * (dot(n, n) / 9 - 1)))
      for k in expected.indices { expected[k] += 0.2 * (p - (isPositive ? 1 : 0)) * n[k / 16] * overlap[k] / 16 }
    }
    #expect(spikes > 50)
    #expect(relativeError(network.stack.layers[0].weight.gradient.values, expected) < 1e-10)
  }

  @Test("In one step without a threshold it is the forward-forward rule of rates", arguments: [[9], [8, 8]])
  func rates(layers: [Int]) throws {
    var q = ForwardForward.Parameters()
    (q.layers, q.peerWeight, q.headRate, q.optimiser) = (layers, 0, 0, OptimiserParameters(rate: 0))
    var reference = try ForwardForwardNetwork<Double>(q, LearnerSetup(features: 16, classes: 3, seed: 4))
    var network = try network(layers) {
      ($0.steps, $0.leak, $0.form, $0.sharpness) = (1, 0, .rectified, Double(layers[0]))
    }
    for (a, b) in zip(network.stack.layers, reference.layers) { a.weight.value.copy(b.weight.value) }
    let measures = (network.learn(Self.batch, at: Moment()), reference.learn(Self.batch, at: Moment()))
    #expect(abs(measures.0["loss"]! - measures.1["loss"]!) < 1e-12)
    for (a, b) in zip(network.stack.layers, reference.layers) {
      #expect(relativeError(a.weight.gradient.values, b.weight.gradient.values) < 1e-12)
      #expect(relativeError(a.bias!.gradient.values, b.bias!.gradient.values) < 1e-12)
    }
  }

  @Test("A layer learns from its own goodness: the layer above changes none of its bits") func local() throws {
    func firstGradient(_ factor: Double) throws -> [Double] {
      var network = try network([9, 7])
      let above = network.stack.layers[1].weight.value
      above.values = above.values.map { $0 * factor }
      _ = network.learn(Self.batch, at: Moment())
      return network.stack.layers[0].weight.gradient.values
    }
    #expect(try firstGradient(1) == firstGradient(-3))
  }

  @Test("Presentations begin at rest: a batch's gradient is the mean of its samples'") func presentations() throws {
    var network = try network([9, 7])
    func gradient(_ batch: Batch) -> [Double] {
      _ = network.learn(batch, at: Moment())
      return network.stack.layers.flatMap { $0.weight.gradient.values }
    }
    let together = gradient(Self.batch)
    var sum = together.map { _ in 0.0 }
    for i in (0..<8).reversed() {
      let one = Batch(
        inputs: Array(Self.batch.inputs[i * 16..<(i + 1) * 16]), count: 1, steps: 1, features: 16,
        labels: [Self.batch.labels[i]], ids: [Self.batch.ids[i]])
      sum = zip(sum, gradient(one)).map { $0 + $1 / 8 }
    }
    #expect(relativeError(together, sum) < 1e-12)
  }

  @Test(
    "Goodness comes to lie above its threshold for positive and below it for negative data, and tells the classes",
    arguments: [
      (ForwardForward.Negatives.uniform, ForwardForward.Prediction.goodness), (.uniform, .softmax), (.hard, .goodness),
      (.hybrid, .softmax),
    ])
  func learns(kind: (ForwardForward.Negatives, ForwardForward.Prediction)) throws {
    var p = SpikingForwardForward.Parameters()
    (p.layers, p.negatives, p.prediction, p.readoutRate) = ([60, 60], kind.0, kind.1, 0.01)
    var learner = try SpikingForwardForward(p, LearnerSetup(features: 64, classes: 4, seed: 4))
    let batch = barsBatch()
    var last = Measures()
    for step in 0..<300 { last = learner.learn(batch, at: Moment(epoch: step, step: step)) }
    #expect(last["discrimination"]! > 0.75)
    #expect(last["spike_rate"]! > 0.01)
    let right = zip(learner.answer(batch), batch.labels).count { $0 == $1 }
    #expect(right >= 34)
  }

  @Test("Lateral neurons protect what an earlier task used: its goodness stays while others learn") func projected() throws {
    func change(_ rows: [Int]) throws -> Double {
      var p = SpikingForwardForward.Parameters()
      (p.layers, p.optimiser) = ([30], OptimiserParameters(rate: 0.02))
      (p.projection.rows, p.projection.growth, p.projection.rates) = (rows, [0], rows.map { _ in 0.01 })
      p.projection.isOrthonormalised = true
      var network = try SpikingForwardForwardNetwork<Double>(p, LearnerSetup(features: 64, classes: 4, seed: 4))
      let (first, second) = (barsBatch(), randomBatch(40, features: 64, classes: 4, seed: 5))
      network.beginTask(0)
      for step in 0..<100 { _ = network.learn(first, at: Moment(epoch: step, step: step)) }
      network.endTask(0)
      network.beginTask(1)
      let weights = network.stack.layers[0].weight.value
      let before = weights.values
      for step in 100..<150 { _ = network.learn(second, at: Moment(epoch: step, step: step, task: 1)) }
      // The change of the currents that the first task's samples cause, over that of the weights.
      let difference = Matrix<Double>(30, 64, zip(weights.values, before).map { $0 - $1 })
      let x = Matrix<Double>(80, 64, try inputs(first, classes: 4).flatMap(\.x))
      let currents = Matrix<Double>(80, 30)
      multiply(x.whole, difference.transposed, into: currents.whole)
      return (dot(currents.values, currents.values) / dot(difference.values, difference.values)).squareRoot()
    }
    #expect(try change([48]) < 0.3 * change([]))
  }

  @Test("Combinations without meaning are refused") func refused() {
    #expect(throws: TrainingError.self) { _ = try network([9]) { $0.negatives = .hybrid } }
    #expect(throws: TrainingError.self) { _ = try network([]) }
    #expect(throws: TrainingError.self) {
      try SpikingForwardForward(.init(), LearnerSetup(features: 16, steps: 3, classes: 3, seed: 1))
    }
  }
}
