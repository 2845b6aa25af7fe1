import SNNDynamics
import SNNSignals

/// One neuron driven by spikes and current changes through its own `advance`, as the kernel drives it.
public struct EventTrain {
  public var events: [NeuronEvent] = []

  public init() {}

  /// Spikes at `times` (ms), the receptor of each chosen by the sign of its weight.
  public init(times: [Double], weights: [Double], kind: WeightKind) {
    for (time, weight) in zip(times, weights) { addSpike(at: time, weight: weight, kind: kind) }
  }

  public mutating func addSpike(at time: Double, weight: Double, kind: WeightKind) {
    let inhibitory = weight < 0 && (kind == .current || kind == .conductance)
    let value = kind == .conductance ? abs(weight) : weight
    events.append(
      NeuronEvent(
        time: Time(milliseconds: time), value: value, index: 0, kind: inhibitory ? .inhibitory : .excitatory))
  }

  /// A change of the injected current by `change` pA.
  public mutating func addCurrent(at time: Double, change: Double) {
    events.append(NeuronEvent(time: Time(milliseconds: time), value: change, index: 0, kind: .current))
  }

  /// The spike times (ms) of `model` until `end` (ms). With a `window` (ms) the run is cut into windows of that length,
  /// each of which sees its own events only.
  public func spikes<M: EventDrivenNeuron>(of model: M, until end: Double, window: Double = .infinity) -> [Double] {
    // Escaping the pointers of local variables would be undefined, so the neuron lives on the heap.
    let neuron = UnsafeMutablePointer<EventNeuron<M.EventState>>.allocate(capacity: 1)
    let constants = UnsafeMutablePointer<M.EventConstants>.allocate(capacity: 1)
    let refractory = UnsafeMutablePointer<Time>.allocate(capacity: 1)
    defer {
      neuron.deallocate()
      constants.deallocate()
      refractory.deallocate()
    }
    neuron.initialize(to: EventNeuron(model.initialEventState()))
    constants.initialize(to: model.eventConstants())
    refractory.initialize(to: Time(milliseconds: model.refractoryPeriod))

    let sorted = events.sorted { $0.time < $1.time }
    var spikes: [Double] = []
    var first = 0
    var start = 0.0
    while start < end {
      let stop = Time(milliseconds: min(end, start + window))
      let last = sorted[first...].firstIndex { $0.time > stop } ?? sorted.count
      sorted[first..<last].withUnsafeBufferPointer { events in
        [UInt32(0)].withUnsafeBufferPointer { due in
          var run = EventRun(
            neurons: neuron, constants: constants, constantsStride: 0, refractory: refractory, due: due, events: events,
            end: stop, firstID: 0)
          M.advance(&run)
          spikes += run.spikes.map(\.time.milliseconds)
        }
      }
      first = last
      start += window
    }
    return spikes
  }
}
