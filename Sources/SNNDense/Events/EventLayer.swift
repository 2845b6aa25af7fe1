/// A spike of one sample.
struct TimedSpike {
  /// ms.
  var time: Double
  var neuron: Int
  /// V̇ just before the reset, in 1/ms; 0 for the sample's own spikes.
  var slope = 0.0
}

/// One layer's course through one sample, event by event, and what the way back needs of it.
///
/// What happens is logged in the order it is worked out. Without recurrent synapses neurons do not meet and each goes through
/// its own events alone; with them all events of the layer are taken in the order of time. Either way a cause stands before
/// its effects, which is all that the way back relies on.
struct EventLayer {
  struct Event {
    enum Kind: UInt8 { case input, recurrent, spike }
    var time: Double
    /// To whom it happens.
    var neuron: Int32
    /// Which spike arrives or is fired: its place among the inputs, or among the layer's own.
    var spike: Int32
    var kind: Kind
  }

  let neuron: LeakyNeuron
  let size: Int
  /// In the order they were found.
  private(set) var spikes: [TimedSpike] = []
  /// Of the loss with respect to the time of each spike.
  var derivatives: [Double] = []
  private(set) var log: [Event] = []
  private var states: [LeakyNeuron.State] = []
  /// Arrivals at each neuron in the order of time, and which of them is next.
  private var queues: [[Event]]
  private var heads: [Int] = []
  /// When each neuron will spike if nothing arrives before, or infinity.
  private var crossings: [Double]

  init(_ neuron: LeakyNeuron, size: Int) {
    (self.neuron, self.size) = (neuron, size)
    queues = Array(repeating: [], count: size)
    crossings = Array(repeating: .infinity, count: size)
  }

  /// Runs the layer from rest at 0 to `end` (ms).
  ///
  /// - Returns: false when it fired more than `limit` spikes and was given up.
  mutating func run(
    _ inputs: [TimedSpike], _ synapses: EventSynapses, recurrent: EventSynapses?, until end: Double, limit: Int
  ) -> Bool {
    begin(inputs, synapses, until: end)
    defer { derivatives = Array(repeating: 0, count: spikes.count) }
    guard let recurrent else {
      for j in 0..<size {
        while next(j, until: end) < end {
          happen(j, inputs, synapses, nil)
          if spikes.count > limit { return false }
        }
      }
      return true
    }
    var agenda = Tournament(size)
    for j in 0..<size { agenda[j] = next(j, until: end) }
    while agenda.first.time < end {
      let j = agenda.first.place
      if happen(j, inputs, synapses, recurrent) {
        if spikes.count > limit { return false }
        send(recurrent, &agenda, until: end)
      }
      agenda[j] = next(j, until: end)
    }
    return true
  }

  private mutating func begin(_ inputs: [TimedSpike], _ synapses: EventSynapses, until end: Double) {
    spikes.removeAll(keepingCapacity: true)
    log.removeAll(keepingCapacity: true)
    states = Array(repeating: LeakyNeuron.State(), count: size)
    heads = Array(repeating: 0, count: size)
    for j in 0..<size {
      synapses.arrivals(at: j, of: inputs, until: end, into: &queues[j])
    }
  }

  /// When something happens to neuron j: an arrival or, if that is not later, a spike.
  @inline(__always)
  private mutating func next(_ j: Int, until end: Double) -> Double {
    let due = heads[j] < queues[j].count ? queues[j][heads[j]].time : .infinity
    crossings[j] = neuron.crossing(states[j], until: min(due, end)) ?? .infinity
    return min(due, crossings[j])
  }

  /// Lets the next event of neuron j happen; true when it is a spike.
  @inline(__always) @discardableResult
  private mutating func happen(
    _ j: Int, _ inputs: [TimedSpike], _ synapses: EventSynapses, _ recurrent: EventSynapses?
  ) -> Bool {
    if crossings[j] < .infinity {
      neuron.flow(&states[j], to: crossings[j])
      states[j].v = neuron.threshold
      log.append(Event(time: crossings[j], neuron: Int32(j), spike: Int32(spikes.count), kind: .spike))
      spikes.append(TimedSpike(time: crossings[j], neuron: j, slope: neuron.slope(states[j])))
      states[j].v = 0
      return true
    }
    let event = queues[j][heads[j]]
    heads[j] += 1
    neuron.flow(&states[j], to: event.time)
    let spike = Int(event.spike)
    if event.kind == .input {
      states[j].i += synapses.weight.start[inputs[spike].neuron * size + j]
    } else if let recurrent {
      states[j].i += recurrent.weight.start[spikes[spike].neuron * size + j]
    }
    log.append(event)
    return false
  }

  /// Puts the last spike into the queues of all neurons of the layer.
  private mutating func send(_ recurrent: EventSynapses, _ agenda: inout Tournament, until end: Double) {
    let (spike, place) = (spikes[spikes.count - 1], Int32(spikes.count - 1))
    for j in 0..<size {
      let time = recurrent.arrival(spike.time, spike.neuron * size + j)
      guard time < end else { continue }
      // Behind those of the same time.
      var (low, high) = (heads[j], queues[j].count)
      while low < high {
        let middle = (low + high) / 2
        if queues[j][middle].time <= time { low = middle + 1 } else { high = middle }
      }
      queues[j].insert(Event(time: time, neuron: Int32(j), spike: place, kind: .recurrent), at: low)
      if time < agenda[j] {
        crossings[j] = .infinity
        agenda[j] = time
      }
    }
  }
}
