import SNNSignals
import SNNTraining

/// The network of ``SurrogateGradient``: what its ways of going back in time share.
public struct SurrogateGradientNetwork<Scalar: DenseScalar>: DenseRule {
  let p: SurrogateGradient.Parameters
  let setup: LearnerSetup
  var stack: LayerStack<Scalar>
  /// Of the connections to each hidden layer; empty without delays.
  var taps: [DelayTaps<Scalar>]
  /// Of a whole sequence (bptt), or of one step.
  var courses = Workspace<[Course]>()
  var moments = Workspace<[Instant]>()
  var inputs = Workspace<Matrix<Scalar>>()

  public init(_ p: SurrogateGradient.Parameters, _ setup: LearnerSetup) throws {
    if p.method != .bptt, p.output != .eachStep {
      throw TrainingError(
        "\(p.method.rawValue) learns at each step, and the mean output is known after the last one",
        hint: "use \"output\": \"each_step\"", parameter: "output")
    }
    if p.method != .bptt, p.synapticLeak != 0 {
      throw TrainingError("\(p.method.rawValue) is defined for neurons without synaptic current", parameter: "alpha")
    }
    if p.method == .ottt, p.reset == .zero {
      throw TrainingError(
        "the trace of ottt follows the potential, which a reset to zero cuts off", hint: "use \"reset\": \"subtract\"",
        parameter: "reset")
    }
    let steps = setup.steps > 1 ? setup.steps : p.steps
    guard p.gradientSteps <= steps, p.method == .sltt || p.gradientSteps == 0 else {
      throw TrainingError(
        "gradient_steps is for sltt, and at most the \(steps) steps of a sample", parameter: "gradient_steps")
    }
    try Self.checkDelays(p, setup)
    guard !p.layers.isEmpty else { throw TrainingError("surrogate_gradient needs a hidden layer", parameter: "layers") }
    (self.p, self.setup) = (p, setup)
    stack = try LayerStack(
      sizes: [setup.features] + p.layers + [setup.classes], gain: p.gain, hasBias: p.hasBias, p.optimiser, p.projection, setup)
    taps = Self.makeTaps(p, setup)
  }

  func steps(_ batch: Batch) -> Int { batch.steps > 1 ? batch.steps : p.steps }

  mutating func input(_ batch: Batch) -> Matrix<Scalar> {
    let input = inputs.take(batch.count * batch.steps) { Matrix($0, batch.features) }
    input.load(batch)
    return input
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    p.method == .bptt ? learnBackInTime(batch, at: moment) : learnForwardInTime(batch, at: moment)
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    largest(taps.isEmpty ? outputs(batch) : delayedOutputs(batch), batch.count)
  }

  /// Measures that all methods give.
  func measures(loss: Double, correct: Int, spikes: Double, _ batch: Batch) -> Measures {
    var measures = Measures()
    measures.add("loss", sum: loss, count: batch.count)
    measures.add("accuracy", sum: Double(correct), count: batch.count)
    // Of a hidden neuron in a step.
    measures.add("spike_rate", sum: spikes, count: batch.count * steps(batch) * p.layers.reduce(0, +))
    return measures
  }

  /// z of `count` neurons from their potential.
  func spike(_ u: UnsafePointer<Scalar>, into z: UnsafeMutablePointer<Scalar>, _ count: Int) {
    let threshold = Scalar(p.threshold)
    if p.isGradual {
      Scalar.spikeGradually(u, into: z, count, threshold: threshold, p.surrogate, scale: Scalar(p.scale))
    } else {
      Scalar.spike(u, into: z, count, threshold: threshold)
    }
  }

  public mutating func archive(_ archive: inout Archive) throws {
    try stack.archive(&archive)
    for place in taps.indices { try taps[place].archive(&archive, "layer\(place + 1)/delay", p.delayOptimiser) }
  }
  public mutating func beginTask(_ task: Int) { stack.beginTask(task) }
  public mutating func endTask(_ task: Int) { stack.endTask(task) }
}
