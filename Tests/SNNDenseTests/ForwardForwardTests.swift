import SNNTraining
import Testing

@testable import SNNDense

@Suite struct ForwardForwardTests {
  private static let batch = randomBatch(8, features: 16, classes: 3)
  private func network(_ layers: [Int], peer: Double = 0, _ change: (inout ForwardForward.Parameters) -> Void = { _ in }) throws
    -> ForwardForwardNetwork<Double>
  {
    var p = ForwardForward.Parameters()
    (p.layers, p.peerWeight) = (layers, peer)
    p.optimiser = OptimiserParameters(rate: 0)
    p.headRate = 0
    change(&p)
    return try ForwardForwardNetwork(p, LearnerSetup(features: 16, classes: 3, seed: 4))
  }

  @Test("A layer's gradient is that of central differences of its loss", arguments: [[9], [12, 7]])
  func gradient(layers: [Int]) throws {
    var network = try network(layers)
    _ = network.learn(Self.batch, at: Moment())
    let weight = network.layers.last!.weight
    let gradient = weight.gradient.values
    // The measure is the mean over layers, of which only the last sees its own weights.
    let share = Double(layers.count)
    for i in stride(from: 0, to: weight.value.count, by: 5) {
      let (h, value) = (1e-5, weight.value.start[i])
      weight.value.start[i] = value + h
      let above = network.learn(Self.batch, at: Moment())["loss"]!
      weight.value.start[i] = value - h
      let below = network.learn(Self.batch, at: Moment())["loss"]!
      weight.value.start[i] = value
      #expect(abs(share * (above - below) / (2 * h) - gradient[i]) < 1e-5 * max(1e-3, abs(gradient[i])))
    }
  }

  @Test("Peer normalisation adds the derivative of w mean (mean m - m_i)^2, by central differences") func peers() throws {
    // All weights positive: every unit is active, and the derivative passes each ReLU.
    func gradient(_ weight: Double) throws -> [Double] {
      var network = try network([5], peer: weight)
      network.layers[0].weight.value.values = network.layers[0].weight.value.values.map(abs)
      _ = network.learn(Self.batch, at: Moment())
      return network.layers[0].weight.gradient.values
    }
    let added = zip(try gradient(2), try gradient(0)).map { $0 - $1 }
    let net = try network([5])
    let weights = net.layers[0].weight.value.values.map(abs)
    func loss(_ w: [Double]) -> Double {
      var m = [Double](repeating: 0.45, count: 5)
      for sample in 0..<8 {
        var x = (0..<16).map { Double(Self.batch.inputs[sample * 16 + $0]) }
        for c in 0..<3 { x[c] = Self.batch.labels[sample] == c ? 1 : 0 }
        let size = (dot(x, x) / 16).squareRoot() + 1e-8
        for i in 0..<5 { m[i] += 0.1 / 8 * dot(Array(w[i * 16..<i * 16 + 16]), x) / size }
      }
      let mean = m.reduce(0, +) / 5
      return 2 * m.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5
    }
    for i in stride(from: 0, to: 80, by: 7) {
      var (up, down) = (weights, weights)
      up[i] += 1e-5
      down[i] -= 1e-5
      #expect(abs((loss(up) - loss(down)) / 2e-5 - added[i]) < 1e-8)
    }
  }

  @Test("A layer learns from its own goodness: the layer above changes none of its bits") func local() throws {
    func firstGradient(_ factor: Double) throws -> [Double] {
      var network = try network([9, 7], peer: 0.03)
      let above = network.layers[1].weight.value
      above.values = above.values.map { $0 * factor }
      _ = network.learn(Self.batch, at: Moment())
      return network.layers[0].weight.gradient.values
    }
    #expect(try firstGradient(1) == firstGradient(-3))
  }

  @Test("Only the direction of a layer's activity passes to the next") func direction() throws {
    func lastGradient(_ factor: Double) throws -> [Double] {
      var network = try network([9, 7])
      let below = network.layers[0].weight.value
      below.values = below.values.map { $0 * factor }
      _ = network.learn(Self.batch, at: Moment())
      return network.layers[1].weight.gradient.values
    }
    #expect(relativeError(try lastGradient(5), try lastGradient(1)) < 1e-6)
  }

  @Test("Every form of negative data lets layers tell it from positive data", arguments: ForwardForward.Negatives.allCases)
  func learns(negatives: ForwardForward.Negatives) throws {
    var p = ForwardForward.Parameters()
    (p.layers, p.negatives) = ([60, 60], negatives)
    p.optimiser = OptimiserParameters(rate: 0.01, momentum: 0.9)
    var learner = try ForwardForward(p, LearnerSetup(features: 64, classes: 4, seed: 4))
    let batch = barsBatch()
    var last = Measures()
    for step in 0..<150 { last = learner.learn(batch, at: Moment(epoch: step, step: step)) }
    #expect(last["discrimination"]! > 0.75)
    let right = zip(learner.answer(batch), batch.labels).count { $0 == $1 }
    #expect(right >= 34)
  }

  @Test("Prediction by goodness shows every label as strongly as learning does") func labels() throws {
    var network = try network([12, 7]) { $0.prediction = .goodness }
    let batch = randomBatch(60, features: 16, classes: 3, seed: 3)
    let answers = network.answer(batch)
    let weights = network.layers.map { layer in
      (0..<layer.outputs).map { i in (0..<layer.inputs).map { layer.weight.value[i, $0] } }
    }
    for sample in 0..<60 {
      let goodness = (0..<3).map { label in
        var h = (0..<16).map { $0 < 3 ? ($0 == label ? 1 : 0) : Double(batch.inputs[sample * 16 + $0]) }
        for w in weights {
          let size = (dot(h, h) / Double(h.count)).squareRoot() + 1e-8
          h = w.map { max(0, dot($0, h) / size) }
        }
        return dot(h, h)
      }
      #expect(goodness[answers[sample]] > goodness.max()! * (1 - 1e-9))
    }
  }

  @Test("Hybrid negatives need square images") func square() {
    var p = ForwardForward.Parameters()
    p.negatives = .hybrid
    #expect(throws: TrainingError.self) { try ForwardForward(p, LearnerSetup(features: 17, classes: 3, seed: 1)) }
  }
}
