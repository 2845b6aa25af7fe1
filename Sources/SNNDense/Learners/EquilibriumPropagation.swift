import SNNTraining

/// Equilibrium propagation: a network of leaky units relaxes, is nudged towards the target, relaxes again; weights learn from the
/// difference. Layers s₁ … s_L over the clamped input s₀ step together, or one after another from s₁ up, s ← f(current):
///
///     current of layer l:  W_l s_{l−1} + b_l + B_l s_{l+1},  at the top  − β ∂loss/∂s_L;   B_l = W_{l+1}ᵀ when tied
///     ∂loss/∂W_l = −d/dβ ⟨s_l s_{l−1}ᵀ⟩ at β = 0, from `points` nudges β e^{2πik/N}:
///     N = 1  (one-sided)   −(s sᵀ(β) − s sᵀ(0))/β      N = 2  (symmetric)   −(s sᵀ(β) − s sᵀ(−β))/2β
///     N even (holomorphic) −1/N Σ s sᵀ(β_k)/β_k, states complex: the error falls like (β/R)^N
///
/// Untied weights learn from d s_post/dβ · s_preᵀ at the free state, forward and backward alike, and homeostasis keeps the Jacobian
/// J of the currents near symmetric: + coefficient · ⟨|Je|² − e·J(Je)⟩/units, e normal, which is |J − Jᵀ|²/(2 units) in the mean.
/// Together, symmetric layers with strong weights can go back and forth for ever; one after another they come to rest.
/// The squared error nudges the last layer; cross entropy belongs to a softmax readout of it, whose derivative at the free state nudges.
///
/// Scellier & Bengio (2017), doi:10.3389/fncom.2017.00024; Laborieux et al. (2021), doi:10.3389/fnins.2021.633674;
/// Laborieux & Zenke (2022), arXiv:2209.00530, and (2024), arXiv:2309.02214.
public struct EquilibriumPropagation: DenseLearner {
  public typealias SingleRule = EquilibriumNetwork<Float>
  public typealias DoubleRule = EquilibriumNetwork<Double>
  public enum Sign: String, CaseIterable, Sendable { case positive, random }
  public enum Order: String, CaseIterable, Sendable { case synchronous, sequential }

  public struct Parameters: DenseParameters, OptimisedParameters {
    public var layers = [512]
    public var activation = Activation.steepSigmoid
    public var loss = Loss.squaredError
    public var beta = 0.1
    public var points = 2
    public var sign = Sign.positive
    public var freeSteps = 30
    public var nudgedSteps = 10
    public var order = Order.synchronous
    public var isTied = true
    public var angle = 0.0
    public var homeostasis = 0.0
    public var draws = 5
    public var gain = 0.5
    public var optimiser = OptimiserParameters(.adam, rate: 5e-4)
    public var precision = Precision.single
    public init() {}
  }
  public static let name = "equilibrium_propagation"
  public static let summary =
    "Equilibrium propagation: contrasts of a free and nudged equilibria, two-phase to holomorphic, tied or not."
  public static let equations = """
    s_l <- f(W_l*s_(l-1) + b_l + B_l*s_(l+1)), at the top - beta*dloss/ds;  tied: B_l = W_(l+1)^T
    dW_l = d/dbeta <s_l*s_(l-1)^T>, from `points` nudges beta*exp(2*pi*i*k/points); 1: against the free state, 2: symmetric
    untied: dW = ds_post/dbeta*s_pre^T at the free state;  homeostasis*<|J*e|^2 - e*J*J*e>/units keeps J near symmetric
    """
  public static let source =
    "Scellier & Bengio (2017), doi:10.3389/fncom.2017.00024; Laborieux et al. (2021), doi:10.3389/fnins.2021.633674; "
    + "Laborieux & Zenke (2022), arXiv:2209.00530, and (2024), arXiv:2309.02214"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("activation", \.activation, "of all units"),
    LearnerParameter("loss", \.loss, "squared error of the last layer, or cross entropy of a softmax readout"),
    LearnerParameter("beta", \.beta, "size of a nudge", .positive),
    LearnerParameter("points", \.points, "nudges on the circle of radius beta: 1, or an even number", .positive),
    LearnerParameter("sign", \.sign, "of the one nudge"),
    LearnerParameter("free_steps", \.freeSteps, "of the free phase", .positive),
    LearnerParameter("nudged_steps", \.nudgedSteps, "of a nudged phase, from the free state", .positive),
    LearnerParameter("order", \.order, "layers step together, or one after another from the input up"),
    LearnerParameter("tied", \.isTied, "whether backward weights are the forward ones"),
    LearnerParameter("angle", \.angle, "initial angle between untied weights", .range(0...180), unit: .degree),
    LearnerParameter("homeostasis", \.homeostasis, "coefficient of the Jacobian's homeostasis", .nonNegative),
    LearnerParameter("draws", \.draws, "random directions of a homeostatic step", .positive),
    LearnerParameter("gain", \.gain, "initial weights have the variance gain^2/inputs", .positive), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}
