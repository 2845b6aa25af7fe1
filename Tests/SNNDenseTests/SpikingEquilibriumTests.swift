import Foundation
import SNNTraining
import Testing

@testable import SNNDense

@Suite("Spiking equilibrium propagation") struct SpikingEquilibriumTests {
  private static let batch = randomBatch(1, features: 20, classes: 5, seed: 8)
  private static let setup = LearnerSetup(features: 20, classes: 5, seed: 3)

  private func network(_ change: (inout SpikingEquilibriumPropagation.Parameters) -> Void) throws
    -> SpikingEquilibriumNetwork<Double>
  {
    var p = SpikingEquilibriumPropagation.Parameters()
    (p.layers, p.activation, p.gain, p.optimiser) = ([15, 10], .sigmoid, 0.7, OptimiserParameters(rate: 0))
    change(&p)
    return try SpikingEquilibriumNetwork(p, Self.setup)
  }

  /// The gradients of all layers when traces are means over some 1/rate steps.
  private func gradients(rate: Double) throws -> [[Double]] {
    var network = try network {
      ($0.currentRate, $0.traceRate, $0.beta) = (10 * rate, rate, 0.5)
      ($0.freeSteps, $0.nudgedSteps) = (Int(12 / rate), Int(12 / rate))
    }
    _ = network.learn(Self.batch, at: Moment())
    return network.stack.layers.map { $0.weight.gradient.values }
  }

  @Test("With many spikes in a trace the update is that of the network of rates, to 1e4 of them within 1 %") func limit() throws {
    var q = EquilibriumPropagation.Parameters()
    (q.layers, q.activation, q.gain, q.beta, q.points) = ([15, 10], .sigmoid, 0.7, 0.5, 2)
    (q.freeSteps, q.nudgedSteps, q.optimiser) = (200, 200, OptimiserParameters(rate: 0))
    var rates = try EquilibriumNetwork<Double>(q, Self.setup)
    _ = rates.learn(Self.batch, at: Moment())
    let reference = rates.layers.map { $0.weight.gradient.values }
    let spiking = try [1e-2, 1e-3, 1e-4].map { try gradients(rate: $0) }
    let errors = spiking.map { relativeError($0.flatMap { $0 }, reference.flatMap { $0 }) }
    #expect(errors[1] < errors[0] / 3 && errors[2] < errors[1] / 3 && errors[2] < 0.01, "\(errors)")
    for (layer, rates) in zip(spiking[2], reference) { #expect(compare(layer, rates).cosine > 0.99) }
  }

  @Test("Neurons fire as often as their current says: the trace at rest is the hard sigmoid of W x") func rates() throws {
    var network = try network {
      ($0.layers, $0.activation, $0.currentRate, $0.traceRate, $0.freeSteps) = ([], .hardSigmoid, 0.5, 1e-3, 12_000)
    }
    let loss = network.learn(Self.batch, at: Moment())["loss"]!
    let w = network.stack.layers[0].weight.value
    var expected = 0.0
    for i in 0..<5 {
      let current = (0..<20).reduce(0.0) { $0 + w[i, $1] * Double(Self.batch.inputs[$1]) }
      let error = min(1, max(0, current)) - (Self.batch.labels[0] == i ? 1 : 0)
      expected += error * error / 2
    }
    #expect(abs(loss - expected) < 5e-3)
  }

  @Test("It learns to tell bars") func learns() throws {
    var p = SpikingEquilibriumPropagation.Parameters()
    (p.layers, p.optimiser.rate) = ([30], 5e-3)
    var learner = try SpikingEquilibriumPropagation(p, LearnerSetup(features: 64, classes: 4, seed: 4))
    let batch = barsBatch()
    var first = Measures()
    var last = Measures()
    for step in 0..<60 {
      last = learner.learn(batch, at: Moment(epoch: step, step: step))
      if step == 0 { first = last }
    }
    #expect(last["loss"]! < first["loss"]! / 3)
    #expect(zip(learner.answer(batch), batch.labels).count { $0 == $1 } >= 38)
  }

  @Test("Combinations without meaning are refused") func refused() {
    #expect(throws: TrainingError.self) { _ = try network { $0.activation = .relu } }
    #expect(throws: TrainingError.self) { _ = try network { $0.traceRate = 0 } }
  }
}
