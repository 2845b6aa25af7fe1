import SNNTraining
import Testing

@testable import SNNDense

@Suite("Dual propagation beside backpropagation: 30-40-40-10, ReLU, cross entropy, 16 samples")
struct DualPropagationTests {
  private func gradients(_ change: (inout DualPropagation.Parameters) -> Void) throws -> (dual: [Double], back: [Double]) {
    var p = DualPropagation.Parameters()
    p.layers = [40, 40]
    p.optimiser = OptimiserParameters(rate: 0)
    change(&p)
    var q = Backpropagation.Parameters()
    (q.layers, q.optimiser) = (p.layers, p.optimiser)
    let setup = LearnerSetup(features: 30, classes: 10, seed: 3)
    let batch = randomBatch(16, features: 30, classes: 10)
    var dual = try DualPropagationNetwork<Double>(p, setup)
    var back = try BackpropagationNetwork<Double>(q, setup)
    _ = dual.learn(batch, at: Moment())
    _ = back.learn(batch, at: Moment())
    func all(_ stack: LayerStack<Double>) -> [Double] {
      stack.layers.flatMap { $0.weight.gradient.values + $0.bias!.gradient.values }
    }
    return (all(dual.stack), all(back.stack))
  }

  @Test(
    "Exact for a small nudge: both forms at alpha 1/2, the transposed one at the ends too",
    arguments: [(DualPropagation.Form.original, 0.5), (.transposed, 0.5), (.transposed, 0), (.transposed, 1)])
  func exact(form: DualPropagation.Form, alpha: Double) throws {
    let (dual, back) = try gradients { ($0.form, $0.alpha, $0.beta) = (form, alpha, 1e-3) }
    // Differences of states of size 1 that are 1e-3 of a derivative lose three digits: 4e-13 in the notes' reference.
    #expect(relativeError(dual, back) < 1e-11)
  }

  @Test("The original form at alpha 0 or 1 is off in the order of beta", arguments: [0.0, 1])
  func original(alpha: Double) throws {
    let errors = try [1e-3, 1e-4].map { beta in
      let (dual, back) = try gradients { ($0.alpha, $0.beta) = (alpha, beta) }
      return relativeError(dual, back)
    }
    #expect(errors[0] > 1e-5 && errors[0] < 1e-2)
    #expect(abs(errors[0] / errors[1] - 10) < 0.5)
  }

  @Test("A finite nudge turns the gradient little, at alpha 1/2 least") func finite() throws {
    func cosine(_ form: DualPropagation.Form, _ alpha: Double, _ beta: Double) throws -> Double {
      let (dual, back) = try gradients { ($0.form, $0.alpha, $0.beta) = (form, alpha, beta) }
      return compare(dual, back).cosine
    }
    #expect(try cosine(.original, 0.5, 0.1) > 0.998)
    #expect(try cosine(.transposed, 0, 0.1) > 0.99)
    #expect(try cosine(.original, 0.5, 1) > (try cosine(.transposed, 0, 1)))
  }
}
