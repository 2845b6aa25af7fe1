import Foundation
import SNNTraining
import Testing

@testable import SNNDense

@Suite struct SurrogateGradientTests {
  private func network(
    features: Int = 6, classes: Int = 3, steps: Int = 1, seed: UInt64 = 7, _ change: (inout SurrogateGradient.Parameters) -> Void
  ) throws -> SurrogateGradientNetwork<Double> {
    var p = SurrogateGradient.Parameters()
    (p.layers, p.steps, p.scale, p.gain) = ([8, 7], 5, 3, 1.5)
    p.optimiser = OptimiserParameters(rate: 0)
    change(&p)
    return try SurrogateGradientNetwork(p, LearnerSetup(features: features, steps: steps, classes: classes, seed: seed))
  }

  private func gradient(_ network: SurrogateGradientNetwork<Double>) -> [Double] {
    network.stack.layers.flatMap { $0.weight.gradient.values + $0.bias!.gradient.values }
  }

  @Test(
    "A smooth network, whose spikes are the surrogate's primitive, has the gradient of central differences",
    arguments: [
      (SpikeReset.subtract, 0.0, SurrogateGradient.Output.mean), (.zero, 0, .mean), (.none, 0, .mean), (.subtract, 0.6, .mean),
      (.zero, 0.6, .eachStep), (.subtract, 0, .eachStep),
    ], [1, 4])
  func smooth(kind: (SpikeReset, Double, SurrogateGradient.Output), steps: Int) throws {
    let batch = randomBatch(5, features: 6, classes: 3, steps: steps)
    for (surrogate, layers) in [(Surrogate.superspike, [8, 7]), (.sigmoid, [8]), (.arctan, [8, 7])] {
      var net = try network(steps: steps) {
        $0.layers = layers
        ($0.reset, $0.synapticLeak, $0.output, $0.surrogate) = (kind.0, kind.1, kind.2, surrogate)
        ($0.isGradual, $0.isDetached) = (true, false)
      }
      _ = net.learn(batch, at: Moment())
      for layer in net.stack.layers {
        for (matrix, gradient) in [
          (layer.weight.value, layer.weight.gradient.values), (layer.bias!.value, layer.bias!.gradient.values),
        ] {
          for i in stride(from: 0, to: matrix.count, by: 7) {
            let (h, value) = (1e-6, matrix.start[i])
            matrix.start[i] = value + h
            let above = net.learn(batch, at: Moment())["loss"]!
            matrix.start[i] = value - h
            let below = net.learn(batch, at: Moment())["loss"]!
            matrix.start[i] = value
            // The superspike surrogate has a kink at the threshold: a potential that crosses it errs in the order of h.
            #expect(abs((above - below) / (2 * h) - gradient[i]) < 2e-6)
          }
        }
      }
    }
  }

  @Test("One neuron in three steps has the gradient worked out by hand", arguments: [SpikeReset.subtract, .zero])
  func byHand(reset: SpikeReset) throws {
    var net = try network(features: 1, classes: 2, steps: 3) {
      ($0.layers, $0.leak, $0.reset, $0.surrogate, $0.scale) = ([1], 0.5, reset, .triangle, 0.5)
    }
    net.stack.layers[0].weight.value[0, 0] = 1
    net.stack.layers[1].weight.value.values = [1, -1]
    let inputs: [Float] = [0.75, 0.875, 0.375]
    _ = net.learn(Batch(inputs: inputs, count: 1, steps: 3, features: 1, labels: [1], ids: [0]), at: Moment())
    // u: 0.75; 0.375 + 0.875 = 1.25, a spike; then 0.625 − 1 + 0.375 = 0 (subtract) or 0.375 (zero): one spike in three.
    // Outputs ±1/3; p of the wrong class 1/(1 + e^(−2/3)); ∂loss/∂z[t] = 2p/3.
    let p = 1 / (1 + exp(-2.0 / 3))
    let gz = 2 * p / 3
    let psi = { (u: Double) in max(0, 0.5 * (1 - 0.5 * abs(u - 1))) }
    let u3 = reset == .subtract ? 0 : 0.375
    let g3 = gz * psi(u3)
    let g2 = gz * psi(1.25) + (reset == .subtract ? 0.5 * g3 : 0)
    let g1 = gz * psi(0.75) + 0.5 * g2
    let expected = Double(inputs[0]) * g1 + Double(inputs[1]) * g2 + Double(inputs[2]) * g3
    #expect(abs(net.stack.layers[0].weight.gradient[0, 0] - expected) < 1e-12)
    #expect(abs(net.stack.layers[0].bias!.gradient[0, 0] - (g1 + g2 + g3)) < 1e-12)
    #expect(abs(net.stack.layers[1].weight.gradient[0, 0] - p / 3) < 1e-12)
  }

  @Test("In one step it is a perceptron of steps with the surrogate as their slope") func oneStep() throws {
    var net = try network { ($0.steps, $0.layers) = (1, [8]) }
    let batch = randomBatch(5, features: 6, classes: 3)
    _ = net.learn(batch, at: Moment())
    let (w, v) = (net.stack.layers[0].weight.value, net.stack.layers[1].weight.value)
    var expected = [Double](repeating: 0, count: 48)
    for sample in 0..<5 {
      let x = (0..<6).map { Double(batch.inputs[sample * 6 + $0]) }
      let u = (0..<8).map { i in (0..<6).reduce(0.0) { $0 + w[i, $1] * x[$1] } }
      let logits = (0..<3).map { c in (0..<8).reduce(0.0) { $0 + v[c, $1] * (u[$1] >= 1 ? 1 : 0) } }
      let sum = logits.reduce(0) { $0 + exp($1) }
      for i in 0..<8 {
        let gz = (0..<3).reduce(0.0) { $0 + (exp(logits[$1]) / sum - (batch.labels[sample] == $1 ? 1 : 0)) * v[$1, i] }
        let d = 1 + 3 * abs(u[i] - 1)
        for j in 0..<6 { expected[i * 6 + j] += gz / (d * d) * x[j] / 5 }
      }
    }
    #expect(relativeError(net.stack.layers[0].weight.gradient.values, expected) < 1e-12)
  }

  @Test("Weights, biases and threshold times 2 leave every spike") func scaled() throws {
    let batch = randomBatch(6, features: 6, classes: 3, steps: 8)
    func rate(_ factor: Double) throws -> Double {
      var net = try network(steps: 8) { ($0.layers, $0.threshold) = ([20], factor) }
      let w = net.stack.layers[0].weight.value
      w.values = w.values.map { factor * $0 }
      return net.learn(batch, at: Moment())["spike_rate"]!
    }
    #expect(try rate(1) == rate(2))
    #expect(try rate(1) > 0.02)
  }

  @Test("Neurons that stay out of a compact surrogate's reach learn nothing", arguments: [Surrogate.triangle, .rectangle])
  func outOfReach(surrogate: Surrogate) throws {
    var net = try network { ($0.layers, $0.surrogate, $0.scale, $0.threshold) = ([8], surrogate, 1, 1e6) }
    _ = net.learn(randomBatch(5, features: 6, classes: 3), at: Moment())
    #expect(net.stack.layers[0].weight.gradient.values.allSatisfy { $0 == 0 })
  }

  @Test("OTTT of one hidden layer is BPTT when the reset is detached", arguments: [0.0, 0.5, 0.9], [1, 6])
  func oneHiddenLayer(leak: Double, steps: Int) throws {
    let batch = randomBatch(6, features: 6, classes: 3, steps: steps)
    func gradient(_ method: SurrogateGradient.Method) throws -> [Double] {
      var net = try network(steps: steps) {
        ($0.layers, $0.method, $0.output, $0.leak, $0.steps) = ([12], method, .eachStep, leak, 6)
      }
      _ = net.learn(batch, at: Moment())
      return self.gradient(net)
    }
    #expect(relativeError(try gradient(.ottt), try gradient(.bptt)) < 1e-10)
    if leak == 0 { #expect(relativeError(try gradient(.sltt), try gradient(.bptt)) < 1e-12) }
  }

  @Test("The cosine to BPTT of two hidden layers falls with the leak, and SLTT's more than OTTT's") func twoHiddenLayers() throws
  {
    func cosine(_ method: SurrogateGradient.Method, _ leak: Double) throws -> Double {
      var sum = 0.0
      for seed in 1...10 as ClosedRange<UInt64> {
        let batch = randomBatch(8, features: 12, classes: 4, steps: 20, seed: seed, spikes: 0.3)
        func gradient(_ method: SurrogateGradient.Method) throws -> [Double] {
          var net = try network(features: 12, classes: 4, steps: 20, seed: seed) {
            ($0.layers, $0.method, $0.output, $0.leak) = ([16, 12], method, .eachStep, leak)
            ($0.surrogate, $0.scale) = (.triangle, 1)
          }
          _ = net.learn(batch, at: Moment())
          return net.stack.layers.dropLast().flatMap { $0.weight.gradient.values }
        }
        sum += compare(try gradient(method), try gradient(.bptt)).cosine / 10
      }
      return sum
    }
    #expect(try cosine(.sltt, 0) > 1 - 1e-12)
    #expect(try cosine(.ottt, 0) > 1 - 1e-12)
    // The notes' computed reference at leak 0.09: 0.9978 and 0.9992; at 0.9: 0.70 and 0.74.
    #expect(try cosine(.sltt, 0.09) > 0.99)
    #expect(try cosine(.ottt, 0.09) > (try cosine(.sltt, 0.09)))
    #expect(try cosine(.sltt, 0.9) < 0.95)
  }

  @Test("SLTT at K random steps is K/T of SLTT in the mean") func someSteps() throws {
    let batch = randomBatch(4, features: 6, classes: 3, steps: 8)
    var all = try network(steps: 8) { ($0.layers, $0.method, $0.output) = ([10], .sltt, .eachStep) }
    _ = all.learn(batch, at: Moment())
    let expected = dot(gradient(all), gradient(all)) * 3 / 8
    var some = try network(steps: 8) {
      ($0.layers, $0.method, $0.output, $0.gradientSteps) = ([10], .sltt, .eachStep, 3)
    }
    var values: [Double] = []
    for step in 0..<2000 {
      _ = some.learn(batch, at: Moment(step: step))
      values.append(dot(gradient(some), gradient(all)))
    }
    let mean = values.reduce(0, +) / 2000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999
    #expect(abs(mean - expected) < 3 * (variance / 2000).squareRoot())
  }

  @Test("Combinations without meaning are refused") func refused() {
    #expect(throws: TrainingError.self) { _ = try network { $0.method = .sltt } }
    #expect(throws: TrainingError.self) { _ = try network { ($0.method, $0.output, $0.reset) = (.ottt, .eachStep, .zero) } }
    #expect(throws: TrainingError.self) { _ = try network { ($0.method, $0.output, $0.synapticLeak) = (.sltt, .eachStep, 0.5) } }
    #expect(throws: TrainingError.self) { _ = try network { $0.gradientSteps = 2 } }
  }
}
