import SNNTraining

/// Exact gradients of spiking networks with respect to weights and delays, from event to event in continuous time.
///
///     τ_m V̇ = −V + I,  τ_s İ = −I;   V = θ: a spike, V ← 0;   a spike of t arrives at t + d: I ← I + w
///     back in time: τ_m λ_V′ = −λ_V,  τ_s λ_I′ = −λ_I + λ_V
///     arrival:  ∂L/∂w += −τ_s λ_I,  x = w (λ_V − λ_I),  ∂L/∂d += x,  ∂L/∂t += x
///     spike:    λ_V ← λ_V + (θ λ_V + ∂L/∂t)/(τ_m V̇)
///
/// There is no time step and no surrogate: spike times are roots found to rounding, and the gradient is that of the loss, as long
/// as no spike appears or vanishes. Wunderlich & Pehle (2021), doi:10.1038/s41598-021-91786-z; delays and recurrence: Mészáros,
/// Knight & Nowotny (2025), arXiv:2501.07331. Samples are events; the ``EventCourse`` of a piece of the batch is one task.
public struct EventProp: Learner {
  /// What the loss reads: leaky integrators' mean or highest potential, or when output neurons spike first.
  public enum Output: String, CaseIterable, Sendable {
    case mean, max
    case firstSpike = "first_spike"
  }
  public struct Parameters: OptimisedParameters {
    public var layers = [64]
    public var isRecurrent = false
    public var output = Output.mean
    public var outputScale = 1.0
    public var fade = 1.0
    public var duration = 1000.0
    public var tauM = 20.0
    public var tauSyn = 5.0
    public var tauOutput = 20.0
    public var threshold = 1.0
    public var weightMean = [0.03]
    public var weightDeviation = [0.01]
    public var recurrentMean = 0.0
    public var recurrentDeviation = 0.02
    public var outputMean = 0.0
    public var outputDeviation = 0.03
    public var delays = DelayLearning.learned
    public var initialDelay = 100.0
    public var recurrentDelay = 0.0
    public var hasOutputDelays = false
    public var longestDelay = 1000.0
    public var delayRate = 0.1
    public var wake = 0.002
    public var spikeLimit = 1000
    public var optimiser = OptimiserParameters(.adam, rate: 1e-3)
    public init() {}

    /// Delays change as weights do, but for their rate, and nothing pulls them to 0.
    var delayOptimiser: OptimiserParameters {
      var delayOptimiser = optimiser
      (delayOptimiser.rate, delayOptimiser.decay) = (delayRate, 0)
      return delayOptimiser
    }
  }
  public static let name = "event_prop"
  public static let summary = "Exact gradients of spike times (EventProp) for weights and delays, from event to event."
  public static let equations = """
    tau_m*dV/dt = -V + I,  tau_syn*dI/dt = -I;  V = V_th: a spike, V = 0;  a spike of t arrives at t + d: I += w
    output: mean of exp(-fade*t/T)*V, or max of V, of integrators with tau_output; or -(time of the first spike)
    loss = cross-entropy of softmax(output_scale*output)
    back in time: tau_m*lV' = -lV,  tau_syn*lI' = -lI + lV
    arrival: dL/dw -= tau_syn*lI,  x = w*(lV - lI),  dL/dd += x,  dL/dt += x;  spike: lV += (V_th*lV + dL/dt)/(tau_m*dV/dt)
    """
  public static let source =
    "Wunderlich & Pehle (2021), doi:10.1038/s41598-021-91786-z; delays: Mészáros, Knight & Nowotny (2025), arXiv:2501.07331"
  public static let parameters: [LearnerParameter<Parameters>] = neurons + drawn + LearnerParameter.optimiser
  private static let neurons: [LearnerParameter<Parameters>] = [
    LearnerParameter("layers", \.layers, "neurons of each hidden layer", .positive),
    LearnerParameter("recurrent", \.isRecurrent, "whether hidden layers are connected to themselves"),
    LearnerParameter("output", \.output, "what the loss reads"),
    LearnerParameter("output_scale", \.outputScale, "of outputs before the softmax; of times in 1/ms", .positive),
    LearnerParameter("fade", \.fade, "how much less late potentials count in the mean: e^-fade at the end", .nonNegative),
    LearnerParameter("duration", \.duration, "T: of a sample; what would happen later is left out", .positive, unit: .ms),
    LearnerParameter("tau_m", \.tauM, "time constant of the membranes", .positive, unit: .ms),
    LearnerParameter("tau_syn", \.tauSyn, "time constant of the synaptic currents", .positive, unit: .ms),
    LearnerParameter("tau_output", \.tauOutput, "time constant of the output integrators", .positive, unit: .ms),
    LearnerParameter("V_th", \.threshold, "threshold, above the rest and the reset at 0", .positive),
    LearnerParameter("wake", \.wake, "added to a neuron's input weights after an epoch without a spike of it", .nonNegative),
    LearnerParameter("spike_limit", \.spikeLimit, "mean spikes of a layer's neurons at which a sample is given up", .positive),
  ]
  private static let drawn: [LearnerParameter<Parameters>] = [
    LearnerParameter("weight_mean", \.weightMean, "of initial weights of hidden layers: one for all, or one each"),
    LearnerParameter("weight_sd", \.weightDeviation, "of the same: one for all, or one each", .nonNegative),
    LearnerParameter("recurrent_weight_mean", \.recurrentMean, "of initial recurrent weights"),
    LearnerParameter("recurrent_weight_sd", \.recurrentDeviation, "of initial recurrent weights", .nonNegative),
    LearnerParameter("output_weight_mean", \.outputMean, "of initial weights onto the outputs"),
    LearnerParameter("output_weight_sd", \.outputDeviation, "of initial weights onto the outputs", .nonNegative),
    LearnerParameter("delays", \.delays, "none, random and fixed, or learned from there"),
    LearnerParameter(
      "initial_delay", \.initialDelay, "initial delays are uniform from 0 to this", .nonNegative, unit: .ms),
    LearnerParameter(
      "recurrent_initial_delay", \.recurrentDelay, "the same of recurrent connections", .nonNegative, unit: .ms),
    LearnerParameter("output_delays", \.hasOutputDelays, "whether connections onto the outputs have delays too"),
    LearnerParameter("delay_max", \.longestDelay, "what a learned delay is held below", .nonNegative, unit: .ms),
    LearnerParameter("delay_learning_rate", \.delayRate, "step of delays along the gradient, in ms with adam", .nonNegative),
  ]
  public static let takesEvents = true

  let p: Parameters
  let setup: LearnerSetup
  /// To each layer from the one below; the last to the outputs.
  var forward: [EventConnection]
  /// Within each hidden layer.
  var recurrent: [EventConnection]
  /// Spikes of each neuron, layer by layer, in the samples since neurons were last woken, and how many samples those are.
  var counts: [Matrix<Double>]
  var counted = 0
  /// One for each piece of a batch.
  var courses: [EventCourse] = []

  public init(_ parameters: Parameters, _ setup: LearnerSetup) throws {
    try Self.check(parameters)
    (p, self.setup) = (parameters, setup)
    let (p, sizes) = (parameters, [setup.features] + parameters.layers + [setup.classes])
    let hasDelays = p.delays != .none
    forward = zip(sizes, sizes.dropFirst()).enumerated().map { place, size in
      let isOutput = place == p.layers.count
      let draw = EventConnection.Draw(
        mean: isOutput ? p.outputMean : p.weightMean[p.weightMean.count == 1 ? 0 : place],
        deviation: isOutput ? p.outputDeviation : p.weightDeviation[p.weightDeviation.count == 1 ? 0 : place],
        delay: hasDelays && (!isOutput || p.hasOutputDelays) ? p.initialDelay : nil)
      return EventConnection(
        isOutput ? "output" : "layer\(place + 1)", from: size.0, to: size.1, draw, seed: setup.seed)
    }
    recurrent = (p.isRecurrent ? p.layers : []).enumerated().map { place, size in
      let draw = EventConnection.Draw(
        mean: p.recurrentMean, deviation: p.recurrentDeviation, delay: hasDelays ? p.recurrentDelay : nil)
      return EventConnection("recurrent\(place + 1)", from: size, to: size, draw, seed: setup.seed)
    }
    counts = (p.layers + (p.output == .firstSpike ? [setup.classes] : [])).map { Matrix(1, $0) }
  }

  public var state: [NamedArray] {
    var (copy, archive) = (self, Archive.writing)
    do { try copy.archive(&archive) } catch { preconditionFailure("writing to memory can't fail: \(error)") }
    return archive.arrays
  }
  public mutating func restore(_ state: [NamedArray]) throws {
    var archive = Archive.reading(state)
    try self.archive(&archive)
  }
  private mutating func archive(_ archive: inout Archive) throws {
    for place in forward.indices { try forward[place].archive(&archive, p) }
    for place in recurrent.indices { try recurrent[place].archive(&archive, p) }
    for (place, count) in counts.enumerated() { try archive.matrix("layer\(place + 1)/spikes", count) }
    try archive.number("samples", &counted)
  }
}
