import SNNTraining

/// Continual learning by Hebbian orthogonal projection (HLOP), with any trainer that has a presynaptic trace:
///
///     Y = X Hᵀ,  X̂ = Y H,  H ← H + η Yᵀ(X − X̂)/rows for the presynaptic activity X of each layer
///     ∂loss/∂W ← ∂loss/∂W (I − H_oldᵀ H_old),  H_old: the rows of earlier tasks, frozen; biases learn in the first task only
///
/// The same projection is a parameter of each trainer; this learner has the defaults that it needs: plain gradient descent
/// without decay or momentum, which would leave the free subspace. Xiao et al. (2024), arXiv:2402.11984.
public struct HebbianProjectionLearner: Learner {
  public enum Trainer: String, CaseIterable, Sendable {
    case surrogateGradient = "surrogate_gradient"
    case backpropagation
    case dualPropagation = "dual_propagation"
  }
  public struct Parameters: DenseParameters, OptimisedParameters, ProjectedParameters {
    public var trainer = Trainer.surrogateGradient
    public var layers = [800, 800]
    public var hasBias = false
    public var gain = 1.0
    public var steps = 6
    public var method = SurrogateGradient.Method.bptt
    public var leak = 0.5
    public var surrogate = Surrogate.triangle
    public var scale = 1.0
    public var activation = Activation.relu
    public var optimiser = OptimiserParameters(rate: 0.1)
    public var projection = ProjectionParameters()
    public var precision = Precision.single
    public init() {}
  }
  public static let name = "hebbian_projection"
  public static let summary = "Continual learning by Hebbian orthogonal projection of presynaptic traces, with several trainers."
  public static let equations = """
    Y = X*H^T,  H += lateral_rate*Y^T*(X - Y*H)/rows for the presynaptic activity X of each layer; earlier rows are frozen
    dW = dW*(I - H_old^T*H_old): weights change only where earlier tasks had no activity; biases learn in the first task only
    """
  public static let source = "Xiao et al. (2024), arXiv:2402.11984"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser + LearnerParameter.projection
  private static let own: [LearnerParameter<Parameters>] = [
    LearnerParameter("trainer", \.trainer, "the rule whose gradient is projected"), .layers,
    LearnerParameter("bias", \.hasBias, "whether neurons have biases"),
    LearnerParameter("gain", \.gain, "initial weights have the variance gain^2/inputs", .positive),
    LearnerParameter("steps", \.steps, "time steps of a static sample (surrogate_gradient)", .positive),
    LearnerParameter("method", \.method, "how far errors travel in time (surrogate_gradient)"),
    LearnerParameter("leak", \.leak, "of the membrane potential in a step (surrogate_gradient)", .fraction),
    LearnerParameter("surrogate", \.surrogate, "shape of the derivative of a spike (surrogate_gradient)"),
    LearnerParameter("surrogate_scale", \.scale, "its steepness (surrogate_gradient)", .positive),
    LearnerParameter("activation", \.activation, "of hidden units (backpropagation, dual_propagation)"), .precision,
  ]
  private var trainer: any Learner

  public init(_ p: Parameters, _ setup: LearnerSetup) throws {
    switch p.trainer {
    case .surrogateGradient:
      var q = SurrogateGradient.Parameters()
      (q.layers, q.hasBias, q.gain, q.steps, q.method, q.leak) = (p.layers, p.hasBias, p.gain, p.steps, p.method, p.leak)
      (q.surrogate, q.scale, q.optimiser, q.projection) = (p.surrogate, p.scale, p.optimiser, p.projection)
      q.output = p.method == .bptt ? .mean : .eachStep
      q.precision = p.precision
      trainer = try SurrogateGradient(q, setup)
    case .backpropagation:
      var q = Backpropagation.Parameters()
      (q.layers, q.hasBias, q.gain, q.activation) = (p.layers, p.hasBias, p.gain, p.activation)
      (q.optimiser, q.projection, q.precision) = (p.optimiser, p.projection, p.precision)
      trainer = try Backpropagation(q, setup)
    case .dualPropagation:
      var q = DualPropagation.Parameters()
      (q.layers, q.hasBias, q.gain, q.activation) = (p.layers, p.hasBias, p.gain, p.activation)
      (q.optimiser, q.projection, q.precision) = (p.optimiser, p.projection, p.precision)
      trainer = try DualPropagation(q, setup)
    }
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures { trainer.learn(batch, at: moment) }
  public mutating func answer(_ batch: Batch) -> [Int] { trainer.answer(batch) }
  public var state: [NamedArray] { trainer.state }
  public mutating func restore(_ state: [NamedArray]) throws { try trainer.restore(state) }
  public mutating func beginTask(_ task: Int) { trainer.beginTask(task) }
  public mutating func endTask(_ task: Int) { trainer.endTask(task) }
}
