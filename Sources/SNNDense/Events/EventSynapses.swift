import SNNSignals
import SNNTraining

/// Weights and delays of all synapses from one layer's neurons (rows) to another's (columns), or gradients with respect to them.
struct EventSynapses: Sendable {
  let weight: Matrix<Double>
  /// ms; nil where spikes arrive at once.
  let delay: Matrix<Double>?

  var targets: Int { weight.columns }

  /// Zeros for synapses like these.
  var zeros: EventSynapses {
    EventSynapses(
      weight: Matrix(weight.rows, weight.columns), delay: delay.map { Matrix($0.rows, $0.columns) })
  }

  /// When a spike of time `time` arrives through the synapse at `place`.
  @inline(__always)
  func arrival(_ time: Double, _ place: Int) -> Double { delay.map { time + $0.start[place] } ?? time }

  /// All arrivals at one target before `end`, in the order of time; of those at one time the earlier spike's first.
  func arrivals(at target: Int, of spikes: [TimedSpike], until end: Double, into queue: inout [EventLayer.Event]) {
    queue.removeAll(keepingCapacity: true)
    for (k, spike) in spikes.enumerated() {
      let time = arrival(spike.time, spike.neuron * targets + target)
      guard time < end else { continue }
      queue.append(EventLayer.Event(time: time, neuron: Int32(target), spike: Int32(k), kind: .input))
    }
    queue.sort { a, b in a.time != b.time ? a.time < b.time : a.spike < b.spike }
  }
}

/// The synapses between two layers, as they learn.
struct EventConnection {
  /// How weights and delays are drawn: normal and uniform from 0 on.
  struct Draw {
    var mean: Double
    var deviation: Double
    /// Largest delay in ms; nil for synapses without delays.
    var delay: Double?
  }
  let name: String
  var weight: Trainable<Double>
  var delay: Trainable<Double>?

  init(_ name: String, from sources: Int, to targets: Int, _ draw: Draw, seed: UInt64) {
    self.name = name
    let weights = Matrix<Double>.normal(sources, targets, deviation: draw.deviation, seed: seed, name: name)
    for i in 0..<weights.count { weights.start[i] += draw.mean }
    weight = Trainable(weights)
    delay = draw.delay.map { longest in
      let delays = Matrix<Double>.uniform(sources, targets, bound: longest / 2, seed: seed, name: name, purpose: .delay)
      for i in 0..<delays.count { delays.start[i] += longest / 2 }
      return Trainable(delays)
    }
  }

  var synapses: EventSynapses { EventSynapses(weight: weight.value, delay: delay?.value) }

  /// One step against the mean gradient over a batch of `count` samples; `parts` hold its sum in pieces and are cleared.
  mutating func learn(
    _ parts: [EventSynapses], count: Int, _ p: EventProp.Parameters, at moment: Moment, on parallel: Parallel
  ) {
    collect(parts.map(\.weight), into: weight.gradient, scale: 1 / Double(count), on: parallel)
    weight.step(p.optimiser, at: moment, on: parallel)
    guard let gradient = delay?.gradient else { return }
    collect(parts.compactMap(\.delay), into: gradient, scale: 1 / Double(count), on: parallel)
    guard p.delays == .learned else { return }
    delay?.step(p.delayOptimiser, at: moment, on: parallel)
    delay?.hold(within: 0...p.longestDelay)
  }

  mutating func archive(_ archive: inout Archive, _ p: EventProp.Parameters) throws {
    try weight.archive(&archive, name + "/weight", p.optimiser)
    if p.delays == .learned {
      try delay?.archive(&archive, name + "/delay", p.delayOptimiser)
    } else if let delay {
      try archive.matrix(name + "/delay", delay.value)
    }
  }
}

/// sum ← scale · Σ parts, in their order; the parts become zero.
private func collect(_ parts: [Matrix<Double>], into sum: Matrix<Double>, scale: Double, on parallel: Parallel) {
  elementwise(sum.count, on: parallel) { piece in
    for i in piece {
      var total = 0.0
      for part in parts {
        total += part.start[i]
        part.start[i] = 0
      }
      sum.start[i] = scale * total
    }
  }
}
