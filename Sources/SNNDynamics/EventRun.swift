import SNNSignals

/// Something that happens to one neuron of an exact chunk at one moment.
public struct NeuronEvent: BitwiseCopyable, Sendable {
  public enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// A spike arrives: `value` is its weight.
    case excitatory, inhibitory
    /// The injected current changes by `value` pA.
    case current
  }
  public var time: Time
  public var value: Double
  /// Neuron within the chunk.
  public var index: UInt32
  public var kind: Kind

  @inlinable public init(time: Time, value: Double, index: UInt32, kind: Kind) {
    self.time = time
    self.value = value
    self.index = index
    self.kind = kind
  }

  /// Whether bytes that were read from a file hold events at all.
  public static func isWellFormed(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let place = MemoryLayout<Self>.offset(of: \.kind)!
    return stride(from: place, to: bytes.count, by: MemoryLayout<Self>.stride).allSatisfy { Kind(rawValue: bytes[$0]) != nil }
  }
}

/// What the kernel keeps of each neuron of an exact chunk beside the model's own state.
public struct EventClock: BitwiseCopyable, Sendable {
  /// What a neuron will do on its own.
  public enum Action: UInt8, BitwiseCopyable, Sendable { case none, spike, release, look }
  /// The moment the state belongs to.
  public var time: Time
  /// When the refractory hold ends; at or before `time` when the neuron is free.
  public var heldUntil: Time
  /// When `nextAction` is due if nothing arrives before; `.never` if nothing is.
  public var nextTime: Time
  /// Injected current, pA.
  public var current: Double
  public var nextAction: Action

  /// A neuron at t = 0 that has yet to look for its first spike.
  @inlinable
  public init() {
    time = .zero
    heldUntil = .zero
    nextTime = .zero
    current = 0
    nextAction = .look
  }

  /// Whether memory that was read from a file holds a clock at all.
  public static func isWellFormed(_ clock: UnsafeRawPointer) -> Bool {
    Action(rawValue: clock.load(fromByteOffset: MemoryLayout<Self>.offset(of: \.nextAction)!, as: UInt8.self)) != nil
  }

  /// Notes what ``EventDrivenNeuron/nextCrossing(_:_:current:horizon:)`` found, on the picosecond grid and never before 1 ps from now.
  @inlinable
  public mutating func expect(_ crossing: Crossing) {
    switch crossing {
    case .at(let dt): schedule(.spike, dt)
    case .notBefore(let dt): schedule(.look, dt)
    case .never:
      nextTime = .never
      nextAction = .none
    }
  }

  @inlinable
  mutating func schedule(_ action: Action, _ dt: Double) {
    guard dt < 1e9 else {
      nextTime = .never
      nextAction = .none
      return
    }
    nextTime = time + max(Time(milliseconds: dt), Time(picoseconds: 1))
    nextAction = action
  }
}

/// One neuron of an exact chunk: what is read and written together, in one place of memory.
public struct EventNeuron<State: BitwiseCopyable>: BitwiseCopyable {
  /// First, where the kernel finds it without knowing the state's type.
  public var clock = EventClock()
  public var state: State

  @inlinable public init(_ state: State) { self.state = state }

  /// Where the state begins, in bytes.
  @inlinable public static var stateOffset: Int { MemoryLayout<EventClock>.stride }
}

/// The work order of ``EventDrivenNeuron/advance(_:)``: the due neurons of one chunk up to one moment.
public struct EventRun<State: BitwiseCopyable, Constants: BitwiseCopyable> {
  public var neurons: UnsafeMutablePointer<EventNeuron<State>>
  public var constants: UnsafePointer<Constants>
  /// 0 when all neurons share one set of constants, else 1.
  public var constantsStride: Int
  /// Refractory period of each neuron (stride as above).
  public var refractory: UnsafePointer<Time>
  /// The neurons to advance, ascending.
  public var due: UnsafeBufferPointer<UInt32>
  /// Their events, sorted by (neuron, time, order of source); those after `end` are seen but not received.
  public var events: UnsafeBufferPointer<NeuronEvent>
  public var end: Time
  /// Id of the chunk's first neuron within its population.
  public var firstID: UInt32
  /// Appended to, in order of neuron.
  public var spikes: [Spike]
  /// Appended to: the due neurons that will act on their own after `end` unless something arrives.
  public var awaiting: [UInt32]
  /// Whether a variable or an injected current ended beyond ±10¹⁰⁰ or as no number.
  public var anyExtreme = false

  public init(
    neurons: UnsafeMutablePointer<EventNeuron<State>>, constants: UnsafePointer<Constants>, constantsStride: Int,
    refractory: UnsafePointer<Time>, due: UnsafeBufferPointer<UInt32>, events: UnsafeBufferPointer<NeuronEvent>, end: Time,
    firstID: UInt32, spikes: [Spike] = [], awaiting: [UInt32] = []
  ) {
    self.neurons = neurons
    self.constants = constants
    self.constantsStride = constantsStride
    self.refractory = refractory
    self.due = due
    self.events = events
    self.end = end
    self.firstID = firstID
    self.spikes = spikes
    self.awaiting = awaiting
  }
}
