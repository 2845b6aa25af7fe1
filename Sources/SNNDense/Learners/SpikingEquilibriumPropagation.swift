import SNNTraining

/// Equilibrium propagation of spiking neurons: a network with feedback settles, is nudged to and fro, and weights learn from the
/// spike traces that the nudges leave. Layers 1 … L over the clamped input z₀ step together:
///
///     I_l ← I_l + ε (W_l z_{l−1} + b_l + W_{l+1}ᵀ z_{l+1} − I_l),   at the top + β (y − z_L)      synaptic current
///     v_l ← v_l + f(I_l);   z_l = 1 and v_l ← v_l − 1 if v_l ≥ 1                                  fires f(I) spikes per step
///     x_l ← x_l + η (z_l − x_l)                                                                   trace of the spikes
///     ∂loss/∂W_l = −(x_l x_{l−1}ᵀ(β) − x_l x_{l−1}ᵀ(−β))/2β,   both nudged phases from the free state
///
/// Neurons hear of each other, and weights of neurons, by spikes alone. In the limit of many spikes within 1/ε and 1/η steps the
/// traces are the rates of the same network of ``EquilibriumPropagation``, and so is the update.
///
/// O'Connor, Gavves & Welling (2019), Training a spiking neural network with equilibrium propagation, AISTATS; Martin et al.
/// (2021), doi:10.1016/j.isci.2021.102222.
public struct SpikingEquilibriumPropagation: DenseLearner {
  public typealias SingleRule = SpikingEquilibriumNetwork<Float>
  public typealias DoubleRule = SpikingEquilibriumNetwork<Double>

  public struct Parameters: DenseParameters, OptimisedParameters, ProjectedParameters {
    public var layers = [100]
    public var activation = Activation.steepSigmoid
    public var beta = 0.5
    public var freeSteps = 100
    public var nudgedSteps = 50
    public var currentRate = 0.2
    public var traceRate = 0.05
    public var gain = 0.5
    public var optimiser = OptimiserParameters(.adam, rate: 1e-3)
    public var projection = ProjectionParameters()
    public var precision = Precision.single
    public init() {}
  }
  public static let name = "spiking_equilibrium_propagation"
  public static let summary = "Equilibrium propagation of spiking neurons: weights learn from the spike traces of nudged phases."
  public static let equations = """
    I_l += current_rate*(W_l*z_(l-1) + b_l + W_(l+1)^T*z_(l+1) - I_l),  at the top + beta*(target - z);  z_0: the sample
    v_l += f(I_l);  z_l = 1 and v_l -= 1 if v_l >= 1, else 0;  x_l += trace_rate*(z_l - x_l)
    dW_l = (x_l*x_(l-1)^T after a nudge by beta - the same after -beta)/(2*beta), both from the free state
    """
  public static let source =
    "O'Connor, Gavves & Welling (2019), Training a spiking neural network with equilibrium propagation, AISTATS; "
    + "Martin et al. (2021), doi:10.1016/j.isci.2021.102222"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser + LearnerParameter.projection
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("activation", \.activation, "spikes per step for a current: sigmoid, steep_sigmoid or hard_sigmoid"),
    LearnerParameter("beta", \.beta, "size of a nudge", .positive),
    LearnerParameter("free_steps", \.freeSteps, "of the free phase", .positive),
    LearnerParameter("nudged_steps", \.nudgedSteps, "of a nudged phase, from the free state", .positive),
    LearnerParameter("current_rate", \.currentRate, "of synaptic currents: one step over their time constant", .fraction),
    LearnerParameter("trace_rate", \.traceRate, "of spike traces: one step over their time constant", .fraction),
    LearnerParameter("gain", \.gain, "initial weights have the variance gain^2/inputs", .positive), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}
