/// The synapses of one chunk whose delays are learned, by place and by target: what the loops of a ``DelayRule`` work on.
public struct DelaySynapses: BitwiseCopyable {
  @usableFromInline let synapses: UnsafeMutablePointer<DelaySynapse>
  @usableFromInline let neurons: UnsafeMutablePointer<DelayNeuron>
  /// Target neuron of each place.
  @usableFromInline let targets: UnsafePointer<UInt16>
  /// The places of neuron `n` are `places[starts[n]..<starts[n + 1]]`, ascending.
  @usableFromInline let starts: UnsafePointer<UInt32>
  @usableFromInline let places: UnsafePointer<UInt32>
  @usableFromInline let least: Double
  @usableFromInline let most: Double
  @usableFromInline let guardDelay: Double
  /// Ticks that the two spikes of a pair may lie apart.
  public let window: Int64
  /// ms.
  @usableFromInline let tick: Double

  /// Before all times: no spike was ever then.
  public static let never = Int64.min / 4
  /// Longer than all times, and not so long that ``never`` lies within.
  private static let endless = Int64.max / 8

  /// - Parameters:
  ///   - range: ms, of delays.
  ///   - window: ticks; nil for none.
  ///   - tick: ms.
  public init(
    synapses: UnsafeMutablePointer<DelaySynapse>, neurons: UnsafeMutablePointer<DelayNeuron>, targets: UnsafePointer<UInt16>,
    starts: UnsafePointer<UInt32>, places: UnsafePointer<UInt32>, range: ClosedRange<Double>, guardDelay: Double,
    window: Int64?, tick: Double
  ) {
    self.synapses = synapses
    self.neurons = neurons
    self.targets = targets
    self.starts = starts
    self.places = places
    least = range.lowerBound
    most = range.upperBound
    self.guardDelay = guardDelay
    self.window = window ?? Self.endless
    self.tick = tick
  }

  /// The same synapses with their state elsewhere.
  public func with(
    synapses: UnsafeMutablePointer<DelaySynapse>, neurons: UnsafeMutablePointer<DelayNeuron>
  ) -> DelaySynapses {
    DelaySynapses(
      synapses: synapses, neurons: neurons, targets: targets, starts: starts, places: places, range: least...most,
      guardDelay: guardDelay, window: window, tick: tick)
  }

  public subscript(place: Int) -> DelaySynapse { synapses[place] }

  /// Counts the synapses onto `neuron` that the guard looks at, before the first spike.
  public func countGuarded(_ neuron: Int) {
    neurons[neuron].guarded = column(neuron).reduce(0) { $0 + (synapses[Int($1)].delay < guardDelay ? 1 : 0) }
  }

  /// Whether arrivals pair with the latest spike of `neuron`, which has a window over it.
  public func isOpen(_ neuron: Int) -> Bool { neurons[neuron].isOpen }
  /// The same, if that spike was at `time`.
  public func isOpen(_ neuron: Int, since time: Int64) -> Bool { neurons[neuron].isOpen && neurons[neuron].lastSpike == time }

  @inlinable @inline(__always)
  public func column(_ neuron: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: places + Int(starts[neuron]), count: Int(starts[neuron &+ 1] - starts[neuron]))
  }

  /// Lets the rule change a synapse, and keeps its delay within the bounds.
  @inlinable @inline(__always)
  func change(_ place: Int, of neuron: UnsafeMutablePointer<DelayNeuron>, _ rule: (inout DelaySynapse) -> Void) {
    let s = synapses + place
    let before = s.pointee.delay
    rule(&s.pointee)
    let after = min(max(s.pointee.delay, least), most)
    s.pointee.delay = after
    if before < guardDelay { neuron.pointee.guarded &-= 1 }
    if after < guardDelay { neuron.pointee.guarded &+= 1 }
  }
}

extension DelayRule {
  @inlinable
  public func arrive(_ arrivals: UnsafeBufferPointer<DelayedArrival>, _ all: DelaySynapses) {
    for arrival in arrivals {
      let place = Int(arrival.place)
      let neuron = all.neurons + Int(all.targets[place])
      if neuron.pointee.isOpen && neuron.pointee.guarded == 0 {
        let lag = Double(neuron.pointee.lastSpike &- arrival.time) * all.tick
        all.change(place, of: neuron) { pair(&$0, lag: lag) }
      }
      all.synapses[place].lastArrival = arrival.time
    }
  }

  @inlinable
  public func spike(_ number: Int, at time: Int64, _ all: DelaySynapses) {
    let neuron = all.neurons + number
    if neuron.pointee.guarded == 0 {
      for place in all.column(number) {
        let elapsed = time &- all.synapses[Int(place)].lastArrival
        if elapsed <= all.window { all.change(Int(place), of: neuron) { pair(&$0, lag: Double(elapsed) * all.tick) } }
      }
    }
    neuron.pointee.lastSpike = time
    neuron.pointee.isOpen = true
  }

  @inlinable
  public func close(_ number: Int, _ all: DelaySynapses) {
    let neuron = all.neurons + number
    neuron.pointee.isOpen = false
    var sum = 0.0
    var count = 0
    for place in all.column(number) where !all.synapses[Int(place)].proposed.isNaN {
      sum += all.synapses[Int(place)].proposed
      count &+= 1
    }
    guard count > 0 else { return }
    let mean = sum / Double(count)
    for place in all.column(number) where !all.synapses[Int(place)].proposed.isNaN {
      all.change(Int(place), of: neuron) { settle(&$0, mean: mean) }
      all.synapses[Int(place)].proposed = .nan
    }
  }
}
