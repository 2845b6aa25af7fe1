import SNNTraining

/// Layers of leaky integrate-and-fire neurons trained by gradients, with a smooth stand-in ψ for the derivative of a spike:
///
///     I[t] = α I[t−1] + W z_below[t] + b,   u[t] = λ u[t−1] − θ z[t−1] + I[t]   (reset to zero: λ u[t−1] (1 − z[t−1]) + I[t])
///     z[t] = 1 if u[t] ≥ θ;   output o[t] = W z[t] + b, not spiking;   loss of mean o (`mean`) or mean loss of o[t] (`each_step`)
///     bptt   gᵤ[t] = g_z[t] ψ(u[t]) + λ gᵤ[t+1],  g_I[t] = gᵤ[t] + α g_I[t+1],  ∂loss/∂W = Σ g_I[t] z_below[t]ᵀ
///     sltt   δ[t] = g_z[t] ψ(u[t]),  ∂loss/∂W = Σ δ[t] z_below[t]ᵀ;     ottt   with the trace a[t] = λ a[t−1] + z_below[t] for z_below
///
/// bptt: Neftci, Mostafa & Zenke (2019), doi:10.1109/MSP.2019.2931595; ottt: Xiao et al. (2022), arXiv:2210.04195; sltt, which
/// may go back at `gradient_steps` random steps only: Meng et al. (2023), arXiv:2302.14311. Static samples are held as a current.
/// `delays`: ``DelayTaps``, Hammouamri, Khalfaoui-Hassani & Masquelier (2024), arXiv:2306.17670.
public struct SurrogateGradient: DenseLearner {
  public typealias SingleRule = SurrogateGradientNetwork<Float>
  public typealias DoubleRule = SurrogateGradientNetwork<Double>
  public enum Method: String, CaseIterable, Sendable { case bptt, sltt, ottt }
  public enum Output: String, CaseIterable, Sendable {
    case mean
    case eachStep = "each_step"
  }
  public struct Parameters: DenseParameters, OptimisedParameters, ProjectedParameters {
    public var layers = [256]
    public var steps = 10
    public var method = Method.bptt
    public var output = Output.mean
    public var loss = Loss.crossEntropy
    public var leak = 0.9
    public var synapticLeak = 0.0
    public var threshold = 1.0
    public var reset = SpikeReset.subtract
    public var isDetached = true
    public var surrogate = Surrogate.superspike
    public var scale = 25.0
    public var gradientSteps = 0
    public var delays = DelayLearning.none
    public var taps = 25
    public var delayRate = 0.1
    public var hasBias = true
    public var gain = 1.0
    public var optimiser = OptimiserParameters(.adam, rate: 1e-3)
    public var projection = ProjectionParameters()
    public var precision = Precision.single
    /// Spikes are the surrogate's primitive: a smooth network whose gradient must be exact.
    var isGradual = false
    public init() {}
  }
  public static let name = "surrogate_gradient"
  public static let summary = "Surrogate gradients for layers of leaky integrate-and-fire neurons: BPTT, SLTT or OTTT."
  public static let equations = """
    I[t] = alpha*I[t-1] + W*z_below[t] + b,  u[t] = leak*u[t-1] - threshold*z[t-1] + I[t],  z[t] = 1 if u[t] >= threshold
    output o[t] = W*z[t] + b;  loss of mean(o), or mean of the losses of o[t]
    bptt: g_u[t] = g_z[t]*psi(u[t]) + leak*g_u[t+1],  g_I[t] = g_u[t] + alpha*g_I[t+1],  dW = sum g_I[t]*z_below[t]^T
    sltt: dW = sum g_z[t]*psi(u[t])*z_below[t]^T;  ottt: with the trace a[t] = leak*a[t-1] + z_below[t]
    delays: W*z_below[t] becomes sum_n W*g_n*z_below[t-n], g_n = exp(-(n - d)^2/(2*s^2))/sum;  d is learned and s shrinks
    """
  public static let source =
    "Neftci, Mostafa & Zenke (2019), doi:10.1109/MSP.2019.2931595; Xiao et al. (2022), arXiv:2210.04195; "
    + "Meng et al. (2023), arXiv:2302.14311; delays: Hammouamri et al. (2024), arXiv:2306.17670"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser + LearnerParameter.projection
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("steps", \.steps, "time steps of a static sample; sequences bring their own", .positive),
    LearnerParameter("method", \.method, "how far errors travel in time"),
    LearnerParameter("output", \.output, "loss of the mean output, or mean loss of the outputs of each step"),
    LearnerParameter("loss", \.loss, "what is minimised"),
    LearnerParameter("leak", \.leak, "of the membrane potential in a step", .fraction),
    LearnerParameter("alpha", \.synapticLeak, "of the synaptic current in a step", .fraction),
    LearnerParameter("threshold", \.threshold, "of the membrane potential", .positive),
    LearnerParameter("reset", \.reset, "what a spike does to the potential"),
    LearnerParameter("detach_reset", \.isDetached, "whether the gradient ignores the reset"),
    LearnerParameter("surrogate", \.surrogate, "shape of the derivative of a spike"),
    LearnerParameter("surrogate_scale", \.scale, "its steepness", .positive),
    LearnerParameter("gradient_steps", \.gradientSteps, "random steps that sltt goes back at; 0: all", .nonNegative),
    LearnerParameter("delays", \.delays, "of connections to hidden layers, for sequences (bptt)"),
    LearnerParameter("delay_taps", \.taps, "delays are from 0 to one step less than this", .positive),
    LearnerParameter("delay_learning_rate", \.delayRate, "step of delays along the gradient, in steps with adam", .nonNegative),
    LearnerParameter("bias", \.hasBias, "whether neurons have biases"),
    LearnerParameter("gain", \.gain, "initial weights have the variance gain^2/inputs", .positive), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}
