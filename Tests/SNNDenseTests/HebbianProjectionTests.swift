import SNNTraining
import Testing

@testable import SNNDense

@Suite("Hebbian projection") struct HebbianProjectionTests {
  /// Samples in a random 20-dimensional subspace of 200 dimensions, standard deviations from 1 to 0.2.
  private struct Source {
    let basis: Matrix<Double>
    var numbers: Numbers
    init(_ seed: UInt64) {
      numbers = Numbers(seed)
      basis = Matrix(20, 200, numbers.normals(4000))
      orthonormalise(basis, beside: Matrix(0, 200))
    }
    mutating func batch(_ count: Int) -> Matrix<Double> {
      let amounts = Matrix<Double>(count, 20)
      for i in 0..<count { for k in 0..<20 { amounts[i, k] = numbers.normal() * (1 - 0.8 * Double(k) / 19) } }
      let x = Matrix<Double>(count, 200)
      multiply(amounts.whole, basis.whole, into: x.whole)
      return x
    }
  }

  private static func projection(growth: Int = 20, orthonormal: Bool = false) throws -> HebbianProjection<Double> {
    var p = ProjectionParameters()
    (p.rows, p.growth, p.rates, p.isOrthonormalised) = ([20], [growth], [0.01], orthonormal)
    return try HebbianProjection(p, inputs: [200], LearnerSetup(features: 200, classes: 2, seed: 1))!
  }

  /// |x − x Hᵀ H|²/|x|².
  private static func residual(_ x: Matrix<Double>, _ h: [Matrix<Double>]) -> Double {
    let rest = Matrix<Double>(x.rows, x.columns)
    rest.copy(x)
    for h in h {
      let y = Matrix<Double>(x.rows, h.rows)
      multiply(x.whole, h.transposed, into: y.whole)
      multiply(y.whole, h.whole, into: rest.whole, scale: -1, adding: true)
    }
    return dot(rest.values, rest.values) / dot(x.values, x.values)
  }

  /// After `updates` batches of 64 samples, five repetitions each.
  private static func learnt(_ updates: Int, orthonormal: Bool = false) throws -> (HebbianProjection<Double>, Source) {
    let projection = try projection(orthonormal: orthonormal)
    var source = Source(2)
    for _ in 0..<updates { projection.learn(0, source.batch(64).whole) }
    return (projection, source)
  }

  @Test("Lateral neurons learn the subspace of the data: the residual falls as in the notes' reference") func subspace() throws {
    // Reference run: 0.18, 0.043, 0.006 after 100, 300, 1000 batches of another draw of the same distribution.
    for (updates, low, high) in [(100, 0.05, 0.4), (300, 0.005, 0.12), (1000, 0.0, 0.02)] {
      var (projection, source) = try Self.learnt(updates)
      let residual = Self.residual(source.batch(500), [projection.subspaces[0].new])
      #expect(residual > low && residual < high, "\(updates) batches: \(residual)")
      if updates == 1000 {
        projection.endTask()
        let h = projection.subspaces[0].old
        let products = Matrix<Double>(20, 20)
        multiply(h.whole, h.transposed, into: products.whole)
        for i in 0..<20 { for j in 0..<20 { #expect(abs(products[i, j] - (i == j ? 1 : 0)) < 0.02) } }
      }
    }
  }

  @Test("New rows take what frozen rows leave, and these keep their bits") func deflation() throws {
    var (projection, first) = try Self.learnt(1500)
    projection.endTask()
    projection.beginTask(1)
    let frozen = projection.subspaces[0].old.values
    var second = Source(3)
    for _ in 0..<1500 { projection.learn(0, second.batch(64).whole) }
    #expect(projection.subspaces[0].old.values == frozen)
    let rows = [projection.subspaces[0].old, projection.subspaces[0].new]
    #expect(Self.residual(second.batch(300), rows) < 0.02)
    #expect(Self.residual(first.batch(300), rows) < 0.02)
  }

  @Test("A projected update leaves the outputs of old inputs, an exact basis to rounding") func interference() throws {
    var numbers = Numbers(9)
    func interference(_ projection: HebbianProjection<Double>?, _ old: Matrix<Double>) -> Double {
      let gradient = Matrix<Double>(30, 200, numbers.normals(6000))
      projection?.project(gradient, 0)
      let change = Matrix<Double>(30, old.rows)
      multiply(gradient.whole, old.transposed, into: change.whole)
      return (dot(change.values, change.values) / dot(gradient.values, gradient.values) / dot(old.values, old.values))
        .squareRoot()
    }
    var (projection, source) = try Self.learnt(1500)
    let old = source.batch(200)
    projection.endTask()
    let free = interference(nil, old)
    #expect(free > 0.05)
    #expect(interference(projection, old) < 0.01)
    projection.subspaces[0].old.copy(source.basis)
    #expect(interference(projection, old) < 1e-12)
    // As many random directions protect little.
    let random = try Self.projection()
    var control = random
    control.endTask()
    #expect(interference(control, old) > 0.5 * free)
  }

  @Test("Orthonormal rows make a projector: P P = P, P H' = 0") func projector() throws {
    var (projection, _) = try Self.learnt(50, orthonormal: true)
    projection.endTask()
    var numbers = Numbers(4)
    let once = Matrix<Double>(5, 200, numbers.normals(1000))
    projection.project(once, 0)
    let twice = Matrix<Double>(5, 200)
    twice.copy(once)
    projection.project(twice, 0)
    #expect(relativeError(twice.values, once.values) < 1e-12)
    let along = Matrix<Double>(5, 20)
    multiply(once.whole, projection.subspaces[0].old.transposed, into: along.whole)
    #expect(along.values.allSatisfy { abs($0) < 1e-12 })
  }

  @Test("Projecting the gradient is projecting the presynaptic trace") func equivalence() throws {
    var (projection, source) = try Self.learnt(50)
    projection.endTask()
    var numbers = Numbers(5)
    let (x, delta) = (source.batch(40), Matrix<Double>(40, 7, numbers.normals(280)))
    for i in 0..<x.count { x.start[i] += numbers.normal() }
    let gradient = Matrix<Double>(7, 200)
    multiply(delta.transposed, x.whole, into: gradient.whole)
    projection.project(gradient, 0)
    let h = projection.subspaces[0].old
    let y = Matrix<Double>(40, 20)
    multiply(x.whole, h.transposed, into: y.whole)
    multiply(y.whole, h.whole, into: x.whole, scale: -1, adding: true)
    let expected = Matrix<Double>(7, 200)
    multiply(delta.transposed, x.whole, into: expected.whole)
    #expect(relativeError(gradient.values, expected.values) < 1e-10)
  }

  @Test("In the first task gradients are those without a projection, to the bit") func firstTask() throws {
    func gradients(_ rows: [Int]) throws -> [Double] {
      var p = Backpropagation.Parameters()
      (p.layers, p.projection.rows, p.projection.rates) = ([9], rows, rows.map { _ in 0.01 })
      var network = try BackpropagationNetwork<Double>(p, LearnerSetup(features: 6, classes: 3, seed: 1))
      network.beginTask(0)
      _ = network.learn(randomBatch(5, features: 6, classes: 3), at: Moment())
      return network.stack.layers.flatMap { $0.weight.gradient.values }
    }
    #expect(try gradients([3, 4]) == gradients([]))
  }

  /// Every trainer that takes a projection, plain descent without momentum, protecting up to four directions of each layer.
  private static func trainers(_ setup: LearnerSetup) throws -> [(String, any Learner)] {
    func projected<P: OptimisedParameters & ProjectedParameters>(_ p: P, layers: Int, rate: Double = 0.1) -> P {
      var p = p
      p.optimiser = OptimiserParameters(rate: rate)
      p.projection.rows = [Int](repeating: 4, count: layers)
      (p.projection.growth, p.projection.rates) = (p.projection.rows, p.projection.rows.map { _ in 0.01 })
      p.projection.isOrthonormalised = true
      return p
    }
    var all: [(String, any Learner)] = []
    for method in SurrogateGradient.Method.allCases {
      var p = projected(SurrogateGradient.Parameters(), layers: 2)
      (p.layers, p.method, p.precision) = ([12], method, .double)
      p.output = method == .bptt ? .mean : .eachStep
      all.append(("surrogate_gradient \(method.rawValue)", try SurrogateGradient(p, setup)))
    }
    var perceptron = projected(Backpropagation.Parameters(), layers: 2)
    (perceptron.layers, perceptron.precision) = ([12], .double)
    var dual = projected(DualPropagation.Parameters(), layers: 2)
    (dual.layers, dual.precision) = ([12], .double)
    var forward = projected(SpikingForwardForward.Parameters(), layers: 2, rate: 0.01)
    (forward.layers, forward.precision) = ([12, 9], .double)
    var settling = projected(SpikingEquilibriumPropagation.Parameters(), layers: 2)
    (settling.layers, settling.precision, settling.freeSteps, settling.nudgedSteps) = ([12], .double, 40, 20)
    let others: [(String, any Learner)] = [
      (Backpropagation.name, try Backpropagation(perceptron, setup)), (DualPropagation.name, try DualPropagation(dual, setup)),
      (SpikingForwardForward.name, try SpikingForwardForward(forward, setup)),
      (SpikingEquilibriumPropagation.name, try SpikingEquilibriumPropagation(settling, setup)),
    ]
    return all + others
  }

  @Test("No trainer changes weights along what an earlier task used: dW H_old' = 0, to rounding") func everyTrainer() throws {
    for (name, learner) in try Self.trainers(LearnerSetup(features: 16, classes: 3, seed: 6)) {
      var learner = learner
      learner.beginTask(0)
      for step in 0..<3 { _ = learner.learn(randomBatch(20, features: 16, classes: 3), at: Moment(epoch: step, step: step)) }
      learner.endTask(0)
      learner.beginTask(1)
      let before = learner.state
      let second = randomBatch(20, features: 16, classes: 3, seed: 2)
      for step in 3..<6 { _ = learner.learn(second, at: Moment(epoch: step, step: step, task: 1)) }
      var largest = 0.0
      for layer in 1...2 {
        let (weights, earlier) = (try learner.state.named("layer\(layer)/weight"), try before.named("layer\(layer)/weight"))
        let old = try learner.state.named("lateral\(layer)/old")
        #expect(old.shape == [4, weights.shape[1]])
        let change = Matrix<Double>(weights.shape[0], weights.shape[1], zip(weights.doubles, earlier.doubles).map { $0 - $1 })
        let along = Matrix<Double>(weights.shape[0], 4)
        multiply(change.whole, Matrix(4, weights.shape[1], old.doubles).transposed, into: along.whole)
        largest = max(largest, change.values.map(abs).max()!)
        #expect(along.values.allSatisfy { abs($0) < 1e-12 }, "\(name), layer \(layer)")
      }
      #expect(largest > 1e-6, "\(name)")
    }
  }

  @Test("Rows that don't fit the network are refused") func refused() {
    func make(_ rows: [Int]) throws {
      var p = Backpropagation.Parameters()
      (p.layers, p.projection.rows, p.projection.rates) = ([9], rows, [0.1, 0.1])
      _ = try Backpropagation(p, LearnerSetup(features: 6, classes: 3, seed: 1))
    }
    #expect(throws: TrainingError.self) { try make([3]) }
    #expect(throws: TrainingError.self) { try make([7, 4]) }
  }
}

extension [NamedArray] {
  fileprivate func named(_ name: String) throws -> NamedArray { try #require(first { $0.name == name }) }
}
