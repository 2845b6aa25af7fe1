import SNNSignals
import SNNTraining

/// The synapses of a network of ``EventProp`` at one moment, as all tasks read them.
struct EventNetwork: Sendable {
  let p: EventProp.Parameters
  /// To each layer from the one below; the last to the outputs.
  let forward: [EventSynapses]
  /// Within each hidden layer; none without recurrence.
  let recurrent: [EventSynapses]
}

/// The course of samples through the network, one after another, and the sum of their gradients: what one task does of a batch.
final class EventCourse: @unchecked Sendable {
  // @unchecked: one task has it at a time.
  private let p: EventProp.Parameters
  private var layers: [EventLayer]
  private let mean: MeanReadout
  private var peak: PeakReadout
  /// Of the sample's spikes; nobody asks for their derivatives.
  private var inputs: [TimedSpike] = []
  private var outputs: [Double]
  /// Sums over the samples since they were last collected.
  let forward: [EventSynapses]
  let recurrent: [EventSynapses]

  /// What was measured since ``begin()``.
  private(set) var loss = 0.0
  private(set) var correct = 0
  /// Spikes of each neuron of each layer that spikes.
  private(set) var counts: [[Int]]
  /// Whether a layer fired without end.
  private(set) var isRunaway = false

  init(_ network: EventNetwork, classes: Int) {
    let p = network.p
    self.p = p
    let isSpiking = p.output == .firstSpike
    let membrane = LeakyNeuron(tauM: p.tauM, tauS: p.tauSyn, threshold: p.threshold)
    let layers = (p.layers + (isSpiking ? [classes] : [])).map { EventLayer(membrane, size: $0) }
    self.layers = layers
    let integrator = LeakyNeuron(tauM: p.tauOutput, tauS: p.tauSyn)
    mean = MeanReadout(neuron: integrator, end: p.duration, fade: p.fade)
    peak = PeakReadout(integrator, end: p.duration)
    outputs = Array(repeating: 0, count: classes)
    counts = layers.map { Array(repeating: 0, count: $0.size) }
    forward = network.forward.map(\.zeros)
    recurrent = network.recurrent.map(\.zeros)
  }

  func begin() {
    (loss, correct, isRunaway) = (0, 0, false)
    for place in counts.indices { counts[place] = Array(repeating: 0, count: counts[place].count) }
  }

  /// Adds a sample's gradient and measures.
  func learn(_ events: [SampleEvent], label: Int, _ network: EventNetwork) {
    guard let answer = answer(events, network) else { return }
    if answer == label { correct += 1 }
    for (place, layer) in layers.enumerated() { for spike in layer.spikes { counts[place][spike.neuron] += 1 } }
    loss += outputs.withUnsafeMutableBufferPointer {
      Double.differentiate(.crossEntropy, $0.baseAddress!, $0.count, label: label)
    }
    for output in outputs.indices { outputs[output] *= p.outputScale }
    goBack(network)
  }

  /// The class that a sample is given; nil when a layer fires without end.
  func answer(_ events: [SampleEvent], _ network: EventNetwork) -> Int? {
    inputs = events.filter { Double($0.time) < p.duration }.map { TimedSpike(time: Double($0.time), neuron: Int($0.channel)) }
    for place in layers.indices {
      let below = place == 0 ? inputs : layers[place - 1].spikes
      let recurrent = place < network.recurrent.count ? network.recurrent[place] : nil
      let isFinite = layers[place].run(
        below, network.forward[place], recurrent: recurrent, until: p.duration, limit: p.spikeLimit * layers[place].size)
      if !isFinite {
        isRunaway = true
        return nil
      }
    }
    for output in outputs.indices { outputs[output] = 0 }
    switch p.output {
    case .mean: mean.add(top, network.forward[layers.count], to: &outputs)
    case .max: peak.add(top, network.forward[layers.count], to: &outputs)
    case .firstSpike:
      for (output, spike) in firstSpikes.enumerated() {
        outputs[output] = -(spike.map { layers[layers.count - 1].spikes[$0].time } ?? p.duration)
      }
    }
    for output in outputs.indices { outputs[output] *= p.outputScale }
    return outputs.withUnsafeBufferPointer { Double.largest($0.baseAddress!, $0.count) }
  }

  /// The spikes that the readout hears.
  private var top: [TimedSpike] { layers.last?.spikes ?? inputs }

  /// The place of each output's first spike among those of the last layer.
  private var firstSpikes: [Int?] {
    var firsts = [Int?](repeating: nil, count: outputs.count)
    let spikes = layers[layers.count - 1].spikes
    for (place, spike) in spikes.enumerated() {
      if let known = firsts[spike.neuron], spikes[known].time <= spike.time { continue }
      firsts[spike.neuron] = place
    }
    return firsts
  }

  /// `outputs` hold derivatives of the loss by now.
  private func goBack(_ network: EventNetwork) {
    let last = layers.count - 1
    var unheard = [Double](repeating: 0, count: inputs.count)
    switch p.output {
    case .firstSpike:
      for (output, spike) in firstSpikes.enumerated() { if let spike { layers[last].derivatives[spike] -= outputs[output] } }
    case .mean, .max:
      var derivatives = last < 0 ? unheard : layers[last].derivatives
      let (synapses, gradient) = (network.forward[last + 1], forward[last + 1])
      if p.output == .mean {
        mean.goBack(top, synapses, gradient, errors: outputs, &derivatives)
      } else {
        peak.goBack(top, synapses, gradient, errors: outputs, &derivatives)
      }
      if last >= 0 { layers[last].derivatives = derivatives }
    }
    for place in stride(from: last, through: 0, by: -1) {
      let below = place == 0 ? inputs : layers[place - 1].spikes
      let own: (synapses: EventSynapses, gradient: EventSynapses)? =
        place < recurrent.count ? (synapses: network.recurrent[place], gradient: recurrent[place]) : nil
      var derivatives = place == 0 ? unheard : layers[place - 1].derivatives
      layers[place].goBack(below, network.forward[place], forward[place], recurrent: own, until: p.duration, &derivatives)
      if place == 0 { unheard = derivatives } else { layers[place - 1].derivatives = derivatives }
    }
  }
}
