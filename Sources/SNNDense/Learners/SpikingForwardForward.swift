import SNNTraining

/// Forward-forward of spiking neurons: each layer learns by itself to fire for positive data and to be silent for negative data.
///
///     u[t] = λ u[t−1] − θ z[t−1] + W a[t] + b,  z[t] = 1 if u[t] ≥ θ;   n = Σ_t z[t],   G = mean_i n_i²,   p = σ(k (G − Θ))
///     loss = −ln p (positive), −ln(1 − p) (negative)
///     ∂loss/∂W_ij = 2 k (p − t) n_i/units · Σ_t ψ(u_i[t]) ā_j[t],   ā[t] = λ ā[t−1] + a[t]
///
/// That is a three-factor rule: what the layer's goodness says of the sample, times the neuron's spikes, times the overlap of the
/// surrogate of its potential with the presynaptic trace. Nothing comes from other layers. The first layer's input is the
/// sample, held for all steps and normalised to mean a² = 1; the next one gets spikes as currents whose time average is
/// normalised alike, n/√mean(n²), so that goodness does not pass. Labels are written into the first features as in
/// ``ForwardForward``; `hybrid` negatives are the self-supervised form, whose classes a linear readout of spike counts tells.
///
/// No count is larger than the number of steps. Where p is nearly 0 or 1 (large k) gradients feed the neurons that fire most until a
/// few that always fire make up the goodness, and learning ends.
///
/// Hinton (2022), arXiv:2212.13345; goodness of spike counts: Ghader et al. (2025), arXiv:2502.20411.
public struct SpikingForwardForward: DenseLearner {
  public typealias SingleRule = SpikingForwardForwardNetwork<Float>
  public typealias DoubleRule = SpikingForwardForwardNetwork<Double>

  public struct Parameters: DenseParameters, OptimisedParameters, ProjectedParameters {
    public var layers = [500, 500]
    public var steps = 10
    public var negatives = ForwardForward.Negatives.uniform
    public var prediction = ForwardForward.Prediction.goodness
    public var goodness = 5.0
    public var sharpness = 0.4
    public var leak = 0.9
    public var threshold = 1.0
    public var reset = SpikeReset.subtract
    public var surrogate = Surrogate.superspike
    public var scale = 1.0
    public var gain = 0.5
    public var optimiser = OptimiserParameters(.adam, rate: 1e-3)
    public var readoutRate = 1e-3
    public var projection = ProjectionParameters()
    public var precision = Precision.single
    var form = SpikeForm.binary
    var isDetached = true
    public init() {}
  }
  public static let name = "spiking_forward_forward"
  public static let summary =
    "Forward-forward of leaky integrate-and-fire neurons: each layer learns by itself from the goodness of its spike counts."
  public static let equations = """
    u[t] = leak*u[t-1] - threshold*z[t-1] + W*a[t] + b,  z[t] = 1 if u[t] >= threshold;  n = sum(z[t])
    G = mean(n^2),  p = sigmoid(sharpness*(G - goodness));  loss = -ln(p) for positive, -ln(1 - p) for negative data
    dW_ij = 2*sharpness*(p - t)*n_i/units*sum(psi(u_i[t])*x_j[t]),  presynaptic trace x[t] = leak*x[t-1] + a[t]
    a: the sample with a label in the first features, over its root mean square; above: spikes times steps/sqrt(mean(n^2))
    goodness: the label of most goodness above the first layer;  softmax: a linear readout of n/sqrt(mean(n^2)) there
    """
  public static let source = "Hinton (2022), arXiv:2212.13345; Ghader et al. (2025), arXiv:2502.20411"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser + LearnerParameter.projection
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("steps", \.steps, "time steps of a presentation", .positive),
    LearnerParameter("negatives", \.negatives, "wrong labels drawn uniformly or by the readout, or hybrid images"),
    LearnerParameter("prediction", \.prediction, "by the label of most goodness, or by the linear readout"),
    LearnerParameter("goodness", \.goodness, "its threshold, squared spikes of a neuron", .positive),
    LearnerParameter("sharpness", \.sharpness, "factor of the goodness above its threshold", .positive),
    LearnerParameter("leak", \.leak, "of the membrane potential in a step", .fraction),
    LearnerParameter("threshold", \.threshold, "of the membrane potential", .positive),
    LearnerParameter("reset", \.reset, "what a spike does to the potential"),
    LearnerParameter("surrogate", \.surrogate, "shape of the derivative of a spike"),
    LearnerParameter("surrogate_scale", \.scale, "its steepness", .positive),
    LearnerParameter("gain", \.gain, "initial weights have the variance gain^2/inputs", .positive),
    LearnerParameter("readout_rate", \.readoutRate, "learning rate of the readout", .nonNegative), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}
