import Foundation

/// A small network simulated in the plainest way: one list of pending deliveries sorted by time, all neurons in one loop; no
/// chunks, no windows, no threads, no tables. Times are picoseconds.
///
/// Grid neurons follow NEST's order within a step (membrane, decay, arriving spikes, threshold). Off-grid neurons are scanned
/// for a crossing in intervals of 0.01 ms at most and the crossing is bisected on the closed form of V.
public struct BruteForceNetwork {
  public struct Synapse: Sendable {
    public var source: Int
    public var target: Int
    public var weight: Double
    public var delay: Int64
    public init(source: Int, target: Int, weight: Double, delay: Int64) {
      self.source = source
      self.target = target
      self.weight = weight
      self.delay = delay
    }
  }
  public struct Spike: Hashable, Sendable {
    public var time: Int64
    public var neuron: Int
    public init(time: Int64, neuron: Int) {
      self.time = time
      self.neuron = neuron
    }
  }
  private struct Delivery {
    var time: Int64
    var target: Int
    var weight: Double
  }

  /// Resolution in ps.
  public let step: Int64
  public let neurons: [BruteForceNeuron]
  /// Whether each neuron stands on the grid.
  public let onGrid: [Bool]
  private let outgoing: [[Synapse]]
  private var states: [BruteForceNeuron.State]
  /// Off-grid: the moment a state belongs to, and until when the neuron is held. Grid: `held` counts steps.
  private var moments: [Int64]
  private var held: [Int64]
  /// Sorted by time, latest first; deliveries of one time in reverse order of arrival.
  private var pending: [Delivery] = []
  public private(set) var spikes: [Spike] = []

  /// - Parameter step: resolution in ps; every delay is at least this long.
  public init(_ neurons: [BruteForceNeuron], onGrid: [Bool], synapses: [Synapse], step: Int64) {
    self.neurons = neurons
    self.onGrid = onGrid
    self.step = step
    var outgoing = neurons.map { _ in [Synapse]() }
    for synapse in synapses {
      precondition(synapse.delay >= step)
      outgoing[synapse.source].append(synapse)
    }
    self.outgoing = outgoing
    states = neurons.map { BruteForceNeuron.State(v: $0.v0) }
    moments = neurons.map { _ in 0 }
    held = neurons.map { _ in 0 }
  }

  /// A spike from outside that acts on `target` at `time`, on the grid at the first step end at or after it.
  public mutating func add(at time: Int64, target: Int, weight: Double) {
    insert(Delivery(time: onGrid[target] ? ceiling(time) : time, target: target, weight: weight))
  }

  private func ceiling(_ time: Int64) -> Int64 { (time + step - 1) / step * step }

  private mutating func insert(_ delivery: Delivery) {
    var low = 0
    var high = pending.count
    while low < high {
      let middle = (low + high) / 2
      if pending[middle].time > delivery.time { low = middle + 1 } else { high = middle }
    }
    pending.insert(delivery, at: low)
  }

  private mutating func fire(_ neuron: Int, at time: Int64) {
    spikes.append(Spike(time: time, neuron: neuron))
    states[neuron].v = neurons[neuron].vReset
    for synapse in outgoing[neuron] {
      add(at: ceilingIfGrid(time, synapse.target) + synapse.delay, target: synapse.target, weight: synapse.weight)
    }
  }
  private func ceilingIfGrid(_ time: Int64, _ target: Int) -> Int64 { onGrid[target] ? ceiling(time) : time }

  /// Simulates until `end` ps and returns the spikes by (time, neuron).
  public mutating func run(until end: Int64) -> [Spike] {
    var now: Int64 = 0
    while now < end {
      now += step
      var arrivals = [[Double]](repeating: [], count: neurons.count)
      while let next = pending.last, next.time <= now {
        pending.removeLast()
        if onGrid[next.target] {
          arrivals[next.target].append(next.weight)
          continue
        }
        // Everything that reaches one neuron at one moment acts together.
        var weights = [next.weight]
        var i = pending.count - 1
        while i >= 0, pending[i].time == next.time {
          if pending[i].target == next.target { weights.append(pending.remove(at: i).weight) }
          i -= 1
        }
        advance(next.target, to: next.time)
        deliver(weights, to: next.target, at: next.time)
      }
      for neuron in neurons.indices {
        if onGrid[neuron] { stepOnce(neuron, arrivals[neuron], now) } else { advance(neuron, to: now) }
      }
    }
    return spikes.sorted { ($0.time, $0.neuron) < ($1.time, $1.neuron) }
  }

  // MARK: On the grid

  private mutating func stepOnce(_ n: Int, _ weights: [Double], _ now: Int64) {
    let neuron = neurons[n]
    let h = Double(step) * 1e-9
    let isHeld = held[n] > 0
    let v = neuron.potential(states[n], after: h)
    if isHeld { held[n] -= 1 } else { states[n].v = v }
    neuron.decay(&states[n], h)
    for weight in weights { neuron.receive(&states[n], weight, held: isHeld) }
    if states[n].v >= neuron.vTh {
      held[n] = Int64((neuron.tRef / h - 1e-6).rounded(.up))
      fire(n, at: now)
    }
  }

  // MARK: Off the grid

  private mutating func advance(_ n: Int, to end: Int64) {
    let neuron = neurons[n]
    while moments[n] < end {
      if held[n] > moments[n] {
        let until = min(end, held[n])
        neuron.decay(&states[n], Double(until - moments[n]) * 1e-9)
        moments[n] = until
        continue
      }
      let length = Double(end - moments[n]) * 1e-9
      guard let crossing = crossing(neuron, states[n], within: length) else {
        move(n, to: end)
        return
      }
      move(n, to: min(end, moments[n] + max(1, Int64((crossing * 1e9).rounded()))))
      hold(n)
    }
  }

  private mutating func move(_ n: Int, to time: Int64) {
    let t = Double(time - moments[n]) * 1e-9
    states[n].v = neurons[n].potential(states[n], after: t)
    neurons[n].decay(&states[n], t)
    moments[n] = time
  }

  private mutating func hold(_ n: Int) {
    held[n] = moments[n] + Int64((neurons[n].tRef * 1e9).rounded())
    fire(n, at: moments[n])
  }

  private mutating func deliver(_ weights: [Double], to n: Int, at time: Int64) {
    let isHeld = held[n] > time
    for weight in weights { neurons[n].receive(&states[n], weight, held: isHeld) }
    if !isHeld && states[n].v >= neurons[n].vTh { hold(n) }
  }

  /// The first time in (0, length] ms at which V reaches threshold.
  private func crossing(_ neuron: BruteForceNeuron, _ state: BruteForceNeuron.State, within length: Double) -> Double? {
    let pieces = max(1, Int((length / 0.01).rounded(.up)))
    for piece in 1...pieces {
      var high = length * Double(piece) / Double(pieces)
      guard neuron.potential(state, after: high) >= neuron.vTh else { continue }
      var low = length * Double(piece - 1) / Double(pieces)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if neuron.potential(state, after: middle) >= neuron.vTh { high = middle } else { low = middle }
      }
      return high
    }
    return nil
  }
}
