import SNNTraining

/// A multilayer perceptron trained by backpropagation of errors: what the other rules are compared with.
///
///     a₀ = x,  aₗ = f(Wₗ aₗ₋₁ + bₗ);   δ_L = ∂loss/∂(W_L a_{L−1} + b_L),  δₗ = f′ Wₗ₊₁ᵀ δₗ₊₁;   ∂loss/∂Wₗ = δₗ aₗ₋₁ᵀ
///
/// Rumelhart, Hinton & Williams (1986), doi:10.1038/323533a0.
public struct Backpropagation: DenseLearner {
  public typealias SingleRule = BackpropagationNetwork<Float>
  public typealias DoubleRule = BackpropagationNetwork<Double>
  public struct Parameters: DenseParameters, OptimisedParameters, ProjectedParameters {
    public var layers = [500]
    public var activation = Activation.relu
    public var loss = Loss.crossEntropy
    public var hasBias = true
    public var gain = 1.4142135623730951
    public var optimiser = OptimiserParameters(rate: 0.1)
    public var projection = ProjectionParameters()
    public var precision = Precision.single
    public init() {}
  }
  public static let name = "backpropagation"
  public static let summary = "Backpropagation of errors through a multilayer perceptron: what other rules are compared with."
  public static let equations = """
    a_0 = x,  a_l = f(W_l*a_(l-1) + b_l);  the last layer is linear
    delta_L = d loss/d output;  delta_l = f'*(W_(l+1)^T*delta_(l+1));  W_l -= learning_rate*mean(delta_l*a_(l-1)^T)
    """
  public static let source = "Rumelhart, Hinton & Williams (1986), doi:10.1038/323533a0"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser + LearnerParameter.projection
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("activation", \.activation, "of hidden units"),
    LearnerParameter("loss", \.loss, "what is minimised"),
    LearnerParameter("bias", \.hasBias, "whether units have biases"),
    LearnerParameter("gain", \.gain, "initial weights have the variance gain^2/inputs", .positive), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}

public struct BackpropagationNetwork<Scalar: DenseScalar>: DenseRule {
  let parameters: Backpropagation.Parameters
  var stack: LayerStack<Scalar>
  /// Activities of each layer from the inputs on, and errors of each layer but the inputs.
  private var work = Workspace<(activities: [Matrix<Scalar>], errors: [Matrix<Scalar>])>()

  public init(_ p: Backpropagation.Parameters, _ setup: LearnerSetup) throws {
    try setup.requireStatic(Backpropagation.name)
    parameters = p
    stack = try LayerStack(
      sizes: [setup.features] + p.layers + [setup.classes], gain: p.gain, hasBias: p.hasBias, p.optimiser, p.projection, setup)
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let (activities, errors) = forward(batch)
    let parallel = stack.parallel
    let rows = 0..<batch.count
    let last = errors.count - 1
    // The last layer's error takes the place of its activity.
    let result = takeDerivative(of: parameters.loss, activities[last + 1], batch.labels)
    for place in stride(from: last, to: 0, by: -1) {
      let (error, below) = (place == last ? activities[last + 1] : errors[place], errors[place - 1])
      multiply(error.rows(rows), stack.layers[place].weight.value.whole, into: below.rows(rows), on: parallel)
      let (f, activity) = (parameters.activation, activities[place])
      elementwise(batch.count * below.columns, on: parallel) {
        Scalar.multiplyBySlope(f, of: activity.start + $0.lowerBound, below.start + $0.lowerBound, $0.count)
      }
    }
    for place in 0...last {
      let error = place == last ? activities[last + 1] : errors[place]
      stack.learn(place, error.rows(rows), activities[place].rows(rows), scale: 1 / Scalar(batch.count), at: moment)
    }
    var measures = Measures()
    measures.add("loss", sum: result.loss, count: batch.count)
    measures.add("accuracy", sum: Double(result.correct), count: batch.count)
    return measures
  }

  public mutating func answer(_ batch: Batch) -> [Int] { largest(forward(batch).activities.last!, batch.count) }

  private mutating func forward(_ batch: Batch) -> (activities: [Matrix<Scalar>], errors: [Matrix<Scalar>]) {
    let sizes = stack.sizes
    let matrices = work.take(batch.count) { rows in
      (sizes.map { Matrix(rows, $0) }, sizes.dropFirst().map { Matrix(rows, $0) })
    }
    matrices.activities[0].load(batch)
    for (place, layer) in stack.layers.enumerated() {
      let f = place + 1 == stack.layers.count ? .identity : parameters.activation
      layer.forward(
        matrices.activities[place].rows(0..<batch.count), into: matrices.activities[place + 1], f, on: stack.parallel)
    }
    return matrices
  }

  public mutating func archive(_ archive: inout Archive) throws { try stack.archive(&archive) }
  public mutating func beginTask(_ task: Int) { stack.beginTask(task) }
  public mutating func endTask(_ task: Int) { stack.endTask(task) }
}
