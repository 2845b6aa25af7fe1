import SNNSignals

/// The synapses of one projection onto one chunk through which a ``Signal`` flows as an injected current.
public struct CurrentInlet: Sendable {
  /// With delays in steps, whichever engine the target has.
  let table: SynapseTable
  let signal: Signal

  public init(table: SynapseTable, signal: Signal) {
    self.table = table
    self.signal = signal
  }
}

/// The currents that signals inject into the neurons of one chunk:
///
///     I_j(t) = Σ over synapses of w x(t − d),     x a signal that keeps its value from the end of one step to that of the next
///
/// Each neuron has a ring of sums, one for each coming step, side by side: a synapse adds the values of a whole window at once.
final class SlowCurrents: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let inlets: [CurrentInlet]
  private let windowSteps: Int
  private let neurons: Int
  private let length: Int
  private let ring: AlignedBuffer<Double>

  /// The places of a neuron's ring.
  static func ringLength(windowSteps: Int, longestDelay: Int) -> Int {
    var length = 1
    // From the first step of a window to the last in which the window before can act, and one for exact chunks.
    while length < longestDelay + 2 { length *= 2 }
    while length < windowSteps + 2 { length *= 2 }
    return length
  }

  /// nil where no signal arrives.
  init?(_ inlets: [CurrentInlet], neurons: Int, windowLength: Time, step: Time) {
    guard !inlets.isEmpty else { return nil }
    self.inlets = inlets
    self.neurons = neurons
    windowSteps = windowLength.stepsFloor(step)
    let longest = inlets.map { $0.table.maximumDelay.stepsFloor(step) }.max()!
    length = Self.ringLength(windowSteps: windowSteps, longestDelay: longest)
    ring = AlignedBuffer(count: neurons * length)
  }

  var byteCount: Int { ring.byteCount + inlets.reduce(0) { $0 + $1.table.byteCount } }

  func pass(through state: StateTransfer) throws { try ring.pass(through: state) }

  /// Adds the signals of the window before window `number`.
  func receive(_ number: Int) {
    guard number > 0 else { return }
    // The first value stands at the end of this step and acts from the next on.
    let first = (number - 1) * windowSteps + 2
    for inlet in inlets {
      let table = inlet.table
      for source in 0..<table.sources {
        guard let values = inlet.signal.values(of: source) else { continue }
        switch table.delays {
        case .sharedSteps(let delay): add(values, table, source) { _ in first + delay }
        case .byteSteps(let delays): add(values, table, source) { first + Int(delays[$0]) }
        case .shortSteps(let delays): add(values, table, source) { first + Int(delays[$0]) }
        case .groups, .sharedTime, .times: preconditionFailure("a table of another kind of delays reached a slow current")
        }
      }
    }
  }

  @inline(__always)
  private func add(_ values: UnsafePointer<Double>, _ table: SynapseTable, _ source: Int, from step: (Int) -> Int) {
    for place in table.row(source) {
      let weight = table.weight(place)
      let sums = ring.pointer + Int(table.targets[place]) * length
      let start = step(place) & (length - 1)
      let unbroken = min(windowSteps, length - start)
      for k in 0..<unbroken { sums[start + k] += weight * values[k] }
      for k in unbroken..<windowSteps { sums[k - unbroken] += weight * values[k] }
    }
  }

  /// Passes on the current of each neuron in the steps `first ..< end`, neuron by neuron, and forgets it.
  @inline(__always)
  func take(steps first: Int, _ end: Int, _ body: (_ neuron: Int, _ step: Int, _ current: Double) -> Void) {
    for neuron in 0..<neurons {
      let sums = ring.pointer + neuron * length
      for step in first..<end {
        body(neuron, step, sums[step & (length - 1)])
        sums[step & (length - 1)] = 0
      }
    }
  }
}
