import SNNTraining

/// Dual propagation: every unit keeps two states, pushed apart by what it would like to change; their mean goes up, their difference
/// comes down, and the difference times the mean below is the gradient. No separate phase of learning.
///
///     s⁺ = s⁻ = forward pass;   g = β ∂loss/∂output;   s̄ = α s⁺ + (1 − α) s⁻,   δ = s⁺ − s⁻
///     output:  s⁺ = W s̄_below + b − u g,  s⁻ = W s̄_below + b + v g
///     hidden:  s⁺ = f(W s̄_below + b + u W_aboveᵀ δ_above),   s⁻ = f(W s̄_below + b − v W_aboveᵀ δ_above)
///     ∂loss/∂W = −δ s̄_belowᵀ/β;    original: (u, v) = (α, 1 − α);   transposed: (1 − α, α)
///
/// `sweeps` passes from the output to the first layer; equal to backpropagation for small β and ReLUs that cross no kink.
/// Høier, Staudt & Zach (2023), arXiv:2302.01228; transposed: Høier & Zach (2024), arXiv:2402.08573.
public struct DualPropagation: DenseLearner {
  public typealias SingleRule = DualPropagationNetwork<Float>
  public typealias DoubleRule = DualPropagationNetwork<Double>
  public enum Form: String, CaseIterable, Sendable { case original, transposed }
  public struct Parameters: DenseParameters, OptimisedParameters, ProjectedParameters {
    public var layers = [512, 512]
    public var activation = Activation.relu
    public var loss = Loss.crossEntropy
    public var form = Form.original
    public var alpha = 0.5
    public var beta = 0.1
    public var sweeps = 1
    public var hasBias = true
    public var gain = 1.4142135623730951
    public var optimiser = OptimiserParameters(rate: 0.05, momentum: 0.9, .cosine)
    public var projection = ProjectionParameters()
    public var precision = Precision.single
    public init() {}
  }
  public static let name = "dual_propagation"
  public static let summary = "Dual propagation: two states of each unit, whose mean goes up and whose difference comes down."
  public static let equations = """
    sbar = alpha*s_plus + (1 - alpha)*s_minus,  delta = s_plus - s_minus,  g = beta*dloss/doutput
    output: s_plus = W*sbar_below + b - u*g,  s_minus = W*sbar_below + b + v*g
    hidden: s_plus = f(W*sbar_below + b + u*W_above^T*delta_above),  s_minus = f(W*sbar_below + b - v*W_above^T*delta_above)
    dW = -delta*sbar_below^T/beta;  original: u, v = alpha, 1 - alpha;  transposed: u, v = 1 - alpha, alpha
    """
  public static let source = "Hoier, Staudt & Zach (2023), arXiv:2302.01228; Hoier & Zach (2024), arXiv:2402.08573"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser + LearnerParameter.projection
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("activation", \.activation, "of hidden units"),
    LearnerParameter("loss", \.loss, "what is minimised"),
    LearnerParameter("form", \.form, "which state has which share of the feedback"),
    LearnerParameter("alpha", \.alpha, "share of the first state in the mean", .fraction),
    LearnerParameter("beta", \.beta, "size of the nudge at the output", .positive),
    LearnerParameter("sweeps", \.sweeps, "from the output to the first layer", .positive),
    LearnerParameter("bias", \.hasBias, "whether units have biases"),
    LearnerParameter("gain", \.gain, "initial weights have the variance gain^2/inputs", .positive), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}

public struct DualPropagationNetwork<Scalar: DenseScalar>: DenseRule {
  let p: DualPropagation.Parameters
  var stack: LayerStack<Scalar>
  private var work = Workspace<States>()

  private struct States {
    /// s̄ of each layer from the inputs on.
    let means: [Matrix<Scalar>]
    /// Of each layer above the inputs: W s̄_below + b, δ, the two states and what comes down.
    let currents: [Matrix<Scalar>]
    let differences: [Matrix<Scalar>]
    let plus: [Matrix<Scalar>]
    let minus: [Matrix<Scalar>]
    let feedback: [Matrix<Scalar>]
  }

  public init(_ p: DualPropagation.Parameters, _ setup: LearnerSetup) throws {
    try setup.requireStatic(DualPropagation.name)
    self.p = p
    stack = try LayerStack(
      sizes: [setup.features] + p.layers + [setup.classes], gain: p.gain, hasBias: p.hasBias, p.optimiser, p.projection, setup)
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let states = forward(batch)
    let (rows, last) = (0..<batch.count, stack.layers.count - 1)
    // The nudge of the output is that of the first prediction, in all sweeps.
    let outputs = states.differences[last]
    outputs.copy(states.currents[last])
    let result = takeDerivative(of: p.loss, outputs, batch.labels)
    let size = batch.count * outputs.columns
    Scalar.combine(-Scalar(p.beta), outputs.start, 0, states.plus[last].start, into: states.minus[last].start, size)
    outputs.start.update(from: states.minus[last].start, count: size)
    for sweep in 0..<p.sweeps {
      for place in stride(from: last, through: 0, by: -1) { pull(place, states, batch.count, isFirst: sweep == 0) }
    }
    for place in 0...last {
      stack.learn(
        place, states.differences[place].rows(rows), states.means[place].rows(rows),
        scale: -1 / Scalar(p.beta * Double(batch.count)), at: moment)
    }
    var measures = Measures()
    measures.add("loss", sum: result.loss, count: batch.count)
    measures.add("accuracy", sum: Double(result.correct), count: batch.count)
    return measures
  }

  /// The two states of a layer from the mean below and the difference above.
  private func pull(_ place: Int, _ states: States, _ count: Int, isFirst: Bool) {
    let parallel = stack.parallel
    let (current, mean, difference) = (states.currents[place], states.means[place + 1], states.differences[place])
    // In the first sweep nothing below has changed since the forward pass.
    if !isFirst { stack.layers[place].forward(states.means[place].rows(0..<count), into: current, on: parallel) }
    let isOriginal = p.form == .original
    let alpha = Scalar(p.alpha)
    let (u, v) = isOriginal ? (alpha, 1 - alpha) : (1 - alpha, alpha)
    let isTop = place == stack.layers.count - 1
    let f = isTop ? Activation.identity : p.activation
    // At the output the feedback is −g, which its difference holds from the start.
    let feedback = isTop ? difference : states.feedback[place]
    if !isTop {
      multiply(
        states.differences[place + 1].rows(0..<count), stack.layers[place + 1].weight.value.whole, into: feedback.rows(0..<count),
        on: parallel)
    }
    let (plus, minus) = (states.plus[place], states.minus[place])
    elementwise(count * current.columns, on: parallel) {
      let (from, size) = ($0.lowerBound, $0.count)
      Scalar.combine(1, current.start + from, u, feedback.start + from, into: plus.start + from, size)
      Scalar.combine(1, current.start + from, -v, feedback.start + from, into: minus.start + from, size)
      Scalar.activate(f, plus.start + from, size)
      Scalar.activate(f, minus.start + from, size)
      Scalar.combine(alpha, plus.start + from, 1 - alpha, minus.start + from, into: mean.start + from, size)
      if !isTop { Scalar.combine(1, plus.start + from, -1, minus.start + from, into: difference.start + from, size) }
    }
  }

  public mutating func answer(_ batch: Batch) -> [Int] { largest(forward(batch).currents.last!, batch.count) }

  private mutating func forward(_ batch: Batch) -> States {
    let sizes = stack.sizes
    let states = work.take(batch.count) { rows in
      let above = { sizes.dropFirst().map { Matrix<Scalar>(rows, $0) } }
      return States(
        means: sizes.map { Matrix(rows, $0) }, currents: above(), differences: above(), plus: above(), minus: above(),
        feedback: above())
    }
    states.means[0].load(batch)
    for (place, layer) in stack.layers.enumerated() {
      let (current, mean) = (states.currents[place], states.means[place + 1])
      layer.forward(states.means[place].rows(0..<batch.count), into: current, on: stack.parallel)
      let f = place + 1 == stack.layers.count ? .identity : p.activation
      elementwise(batch.count * current.columns, on: stack.parallel) {
        (mean.start + $0.lowerBound).update(from: current.start + $0.lowerBound, count: $0.count)
        Scalar.activate(f, mean.start + $0.lowerBound, $0.count)
      }
    }
    return states
  }

  public mutating func archive(_ archive: inout Archive) throws { try stack.archive(&archive) }
  public mutating func beginTask(_ task: Int) { stack.beginTask(task) }
  public mutating func endTask(_ task: Int) { stack.endTask(task) }
}
