import SNNSignals

/// A rule by which the delays of synapses change at spikes: only arithmetic, one value of the type per projection.
///
/// Time is that of the soma: a spike sent at t through a delay d arrives at t + d and is compared with the spikes of the neuron
/// itself. The kernel owns loops, order and bounds: it forms the pairs, each postsynaptic spike with the latest arrival of every
/// synapse, and each arrival with the latest spike of its neuron. Of simultaneous events, spikes are sent first (with the delay
/// as it was), then arrive, then the neuron spikes. Every delay stays within `delay_min` and `delay_max`, which the projection
/// declares: no window of time may be longer than the least delay.
///
/// A changed delay holds for spikes sent afterwards; those on their way arrive when they were to arrive.
public protocol DelayRule: PlasticityRule {
  /// Which pairs count, and what happens where they meet.
  static var pairing: String { get }

  /// How far the two spikes of a pair may lie apart, ms; nil for a rule whose pairs take effect at once. With a window, pairs
  /// propose changes (``DelaySynapse/propose(_:)``), which are settled together when it closes: so long after a postsynaptic
  /// spike, or at the next one.
  var window: Double? { get }
  /// While one of the synapses onto a neuron has a shorter delay (ms), none of them changes. 0 for no such guard.
  var guardDelay: Double { get }

  /// A postsynaptic spike `lag` ms after an arrival; negative when the spike came first. May change delay and weight.
  func pair(_ s: inout DelaySynapse, lag: Double)
  /// The window over a postsynaptic spike closes, for a synapse that proposed a change. `mean` is that of all such synapses.
  func settle(_ s: inout DelaySynapse, mean: Double)

  // Loops. Requirements, not helpers: each rule's witnesses are specialised to the rule. The defaults serve all.

  /// Spikes arrive, in the order of time.
  func arrive(_ arrivals: UnsafeBufferPointer<DelayedArrival>, _ synapses: DelaySynapses)
  /// A neuron spikes.
  func spike(_ neuron: Int, at time: Int64, _ synapses: DelaySynapses)
  /// The window over the latest spike of a neuron closes.
  func close(_ neuron: Int, _ synapses: DelaySynapses)
}

extension DelayRule {
  public static var notes: String? { pairing }
  public static var kernelFields: [FieldDescription] {
    [
      FieldDescription(
        "delay_min", .scalar, .ms, default: .required, .positive, "no delay becomes shorter; bounds the window of time"),
      FieldDescription("delay_max", .scalar, .ms, default: .required, .positive, "no delay becomes longer"),
    ]
  }
  public var window: Double? { nil }
  public var guardDelay: Double { 0 }
  @inlinable public func settle(_ s: inout DelaySynapse, mean: Double) {}
}

/// A synapse whose delay is learned.
public struct DelaySynapse: BitwiseCopyable, Sendable {
  /// In the unit of the target model's weights, signed.
  public var weight: Double
  /// ms, any real number within the declared range.
  public var delay: Double
  /// The sum of what the pairs of the present window proposed, ms; not a number when there were none.
  @inlinable public var proposal: Double { proposed }
  @usableFromInline var proposed = Double.nan
  /// When a spike last arrived, ticks.
  @usableFromInline var lastArrival = DelaySynapses.never

  public init(weight: Double, delay: Double) {
    self.weight = weight
    self.delay = delay
  }

  @inlinable @inline(__always)
  public mutating func propose(_ change: Double) { proposed = proposed.isNaN ? change : proposed + change }
}

/// What is kept of a neuron onto which delays are learned.
public struct DelayNeuron: BitwiseCopyable, Sendable {
  /// Of its latest spike, ticks.
  @usableFromInline var lastSpike = DelaySynapses.never
  /// Whether arrivals pair with that spike.
  @usableFromInline var isOpen = false
  /// How many of its synapses have a delay below the rule's guard.
  @usableFromInline var guarded: UInt32 = 0

  public init() {}

  /// Whether bytes that were read from a file hold neurons at all.
  public static func isWellFormed(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let place = MemoryLayout<Self>.offset(of: \.isOpen)!
    return stride(from: place, to: bytes.count, by: MemoryLayout<Self>.stride).allSatisfy { bytes[$0] <= 1 }
  }
}

/// A spike that reaches the soma.
public struct DelayedArrival: BitwiseCopyable, Comparable, Sendable {
  /// Ticks.
  public var time: Int64
  /// Of the synapse.
  public var place: UInt32

  @inlinable
  public init(time: Int64, place: UInt32) {
    self.time = time
    self.place = place
  }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.time == b.time ? a.place < b.place : a.time < b.time }
}
