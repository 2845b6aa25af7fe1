import SNNTraining
import Testing

@testable import SNNDense

@Suite("Equilibrium propagation beside the implicit gradient: 20-15-10-5, sigmoid, weights 0.7/sqrt(inputs)")
struct EquilibriumTests {
  private static let batch = randomBatch(1, features: 20, classes: 5, seed: 8)

  private func network(_ change: (inout EquilibriumPropagation.Parameters) -> Void) throws -> EquilibriumNetwork<Double> {
    var p = EquilibriumPropagation.Parameters()
    (p.layers, p.activation, p.gain) = ([15, 10], .sigmoid, 0.7)
    (p.freeSteps, p.nudgedSteps, p.optimiser) = (200, 200, OptimiserParameters(rate: 0))
    change(&p)
    return try EquilibriumNetwork(p, LearnerSetup(features: 20, classes: 5, seed: 3))
  }

  /// The gradients of all layers, of the rule and of the reference.
  private func gradients(_ change: (inout EquilibriumPropagation.Parameters) -> Void) throws -> (
    rule: [[Double]], reference: [[Double]]
  ) {
    var network = try network(change)
    _ = network.learn(Self.batch, at: Moment())
    let reference = EquilibriumReference(network, input: Self.batch.inputs.map(Double.init), label: Self.batch.labels[0])
    return (network.layers.map { $0.weight.gradient.values }, reference.gradients(reference.errors, isTied: network.p.isTied))
  }
  private func error(_ beta: Double, points: Int) throws -> Double {
    let (rule, reference) = try gradients { ($0.beta, $0.points) = (beta, points) }
    return relativeError(rule.flatMap { $0 }, reference.flatMap { $0 })
  }

  @Test("At beta 0.01 every layer's gradient points along the implicit one", arguments: [1, 2, 4])
  func direction(points: Int) throws {
    let (rule, reference) = try gradients { ($0.beta, $0.points) = (0.01, points) }
    for (a, b) in zip(rule, reference) { #expect(compare(a, b).cosine > 0.99999) }
  }

  @Test("The one-sided error falls with beta, the symmetric one with its square") func slopes() throws {
    let one = try [0.1, 0.01, 0.001].map { try error($0, points: 1) }
    #expect(abs(one[0] / one[1] - 10) < 1 && abs(one[1] / one[2] - 10) < 0.2)
    let two = try [0.1, 0.01, 0.001].map { try error($0, points: 2) }
    #expect(abs(two[0] / two[1] - 100) < 3 && abs(two[1] / two[2] - 100) < 3)
    #expect(two[2] < 1e-6)
  }

  @Test("The holomorphic error falls like (beta/R)^N: half the nudge, 2^N less", arguments: [2, 4, 6, 8])
  func holomorphic(points: Int) throws {
    let ratio = try error(0.5, points: points) / error(0.25, points: points)
    #expect(ratio > 0.75 * Double(1 << points) && ratio < 1.3 * Double(1 << points))
    // Far from small nudges more points are better by orders.
    if points > 2 { #expect(try error(0.5, points: points) < 0.2 * error(0.5, points: points - 2)) }
  }

  @Test("Layers that step one after another have the implicit gradient as well", arguments: [1, 2, 4])
  func sequential(points: Int) throws {
    let (rule, reference) = try gradients { ($0.beta, $0.points, $0.order) = (0.01, points, .sequential) }
    for (a, b) in zip(rule, reference) { #expect(compare(a, b).cosine > 0.99999) }
  }

  @Test("Two strongly coupled layers that step together go back and forth; one after the other they come to rest")
  func order() throws {
    // s = f(5 − 10 t), t = f(5 − 10 s): one is near 0 and the other near 1. From 0 both go up together, then down, for ever.
    let residuals = try [EquilibriumPropagation.Order.synchronous, .sequential].map { order in
      var p = EquilibriumPropagation.Parameters()
      (p.layers, p.activation, p.freeSteps, p.nudgedSteps, p.order) = ([1], .sigmoid, 100, 1, order)
      var network = try EquilibriumNetwork<Double>(p, LearnerSetup(features: 1, classes: 1, seed: 3))
      for (layer, values) in zip(network.layers, [(0.0, 5.0), (-10.0, 5.0)]) {
        layer.weight.value.values = [values.0]
        layer.bias!.value.values = [values.1]
      }
      return network.learn(Batch(inputs: [0], count: 1, steps: 1, features: 1, labels: [0], ids: [0]), at: Moment())["residual"]!
    }
    #expect(residuals[0] > 0.5 && residuals[1] < 1e-6)
  }

  @Test("A nudge of either sign has the same derivative to first order") func randomSign() throws {
    let (rule, reference) = try gradients { ($0.beta, $0.points, $0.sign) = (1e-4, 1, .random) }
    #expect(relativeError(rule.flatMap { $0 }, reference.flatMap { $0 }) < 1e-3)
  }

  @Test("Cross entropy of a readout has the implicit gradient too", arguments: [true, false]) func classified(isTied: Bool) throws
  {
    var net = try network { ($0.loss, $0.beta, $0.isTied) = (.crossEntropy, 0.01, isTied) }
    _ = net.learn(Self.batch, at: Moment())
    let reference = EquilibriumReference(net, input: Self.batch.inputs.map(Double.init), label: Self.batch.labels[0])
    let expected = reference.gradients(reference.errors, isTied: isTied)
    for (layer, gradient) in zip(net.layers, expected) { #expect(relativeError(layer.weight.gradient.values, gradient) < 1e-4) }
  }

  @Test("Untied weights learn from the network's response, not from its transpose") func untied() throws {
    var net = try network { ($0.isTied, $0.angle, $0.beta) = (false, 90, 0.01) }
    _ = net.learn(Self.batch, at: Moment())
    let reference = EquilibriumReference(net, input: Self.batch.inputs.map(Double.init), label: Self.batch.labels[0])
    let response = reference.gradients(reference.response.map { -$0 }, isTied: false)
    let errors = reference.gradients(reference.errors, isTied: false)
    for (place, layer) in net.layers.enumerated() {
      #expect(relativeError(layer.weight.gradient.values, response[place]) < 1e-4)
    }
    #expect(relativeError(response[0], errors[0]) > 0.1)
    // And so do those that come down: from the response of the layer below to the state above.
    let below = Array(reference.response[..<15])
    let above = Array(reference.state[15..<25])
    let expected = above.flatMap { s in below.map { -$0 * s } }
    #expect(relativeError(net.backward[0].gradient.values, expected) < 1e-4)
  }

  @Test("Homeostasis estimates |J - J'|^2/(2 units), vanishes for symmetric weights") func estimate() throws {
    for (angle, draws) in [(90.0, 10000), (0, 10)] {
      let net = try network { ($0.isTied, $0.angle, $0.homeostasis, $0.draws) = (false, angle, 1, draws) }
      let value = net.keepSymmetric(Moment())
      #expect(abs(value - asymmetry(net)) <= 0.02 * asymmetry(net) + 1e-15)
    }
  }

  @Test("Its gradient is that of central differences, and steps along it alone make weights symmetric") func homeostasis() throws
  {
    let net = try network { ($0.isTied, $0.angle, $0.homeostasis, $0.draws) = (false, 90, 1, 300) }
    _ = net.keepSymmetric(Moment())
    for (matrix, gradient) in [
      (net.layers[1].weight.value, net.layers[1].weight.gradient.values),
      (net.backward[1].value, net.backward[1].gradient.values),
    ] {
      for i in stride(from: 0, to: matrix.count, by: 11) {
        let (h, value) = (1e-5, matrix.start[i])
        matrix.start[i] = value + h
        let above = net.keepSymmetric(Moment())
        matrix.start[i] = value - h
        let below = net.keepSymmetric(Moment())
        matrix.start[i] = value
        #expect(abs((above - below) / (2 * h) - gradient[i]) < 1e-8)
      }
    }
    var last = asymmetry(net)
    for step in 0..<20 {
      for matrix in net.layers.map(\.weight.gradient) + net.backward.map(\.gradient) { matrix.fill(0) }
      _ = net.keepSymmetric(Moment(step: step))
      for weight in net.layers.map(\.weight) + net.backward {
        for i in 0..<weight.value.count { weight.value.start[i] -= weight.gradient.start[i] }
      }
      #expect(asymmetry(net) < last)
      last = asymmetry(net)
    }
  }

  private func asymmetry(_ net: EquilibriumNetwork<Double>) -> Double {
    let units = net.layers.reduce(0) { $0 + $1.outputs }
    return zip(net.layers.dropFirst(), net.backward).reduce(0) { sum, pair in
      let d = zip(pair.0.weight.value.values, pair.1.value.values).map { $0 - $1 }
      return sum + dot(d, d)
    } / Double(units)
  }

  @Test("Combinations without meaning are refused") func refused() {
    func make(_ change: (inout EquilibriumPropagation.Parameters) -> Void) throws { _ = try network(change) }
    #expect(throws: TrainingError.self) { try make { $0.points = 3 } }
    #expect(throws: TrainingError.self) { try make { ($0.points, $0.activation) = (4, .relu) } }
    #expect(throws: TrainingError.self) { try make { $0.homeostasis = 1 } }
    #expect(throws: TrainingError.self) { try make { ($0.sign, $0.points) = (.random, 2) } }
  }
}
