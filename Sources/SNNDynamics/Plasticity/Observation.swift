/// What a rule makes of one step of a target neuron.
public struct Observation: BitwiseCopyable, Sendable {
  /// Unless 0, something happens to the neuron's synapses: ``LearningRule/postsynapticSpike(_:_:)`` gets it as `post.x`.
  public var event: Double
  /// A presynaptic spike at this moment gets it as `post.x`.
  public var level: Double
  @inlinable public init(event: Double, level: Double) {
    self.event = event
    self.level = level
  }
}

/// The levels of the neurons of a chunk in the latest steps: a ring of a power of two of rows.
public struct ObservedLevels: BitwiseCopyable {
  @usableFromInline let levels: UnsafePointer<Double>?
  @usableFromInline let neurons: Int
  @usableFromInline let mask: Int64
  @usableFromInline let ticksPerStep: Int64

  public static var none: ObservedLevels { ObservedLevels(levels: nil, neurons: 0, mask: 0, ticksPerStep: 1) }

  public init(levels: UnsafePointer<Double>?, neurons: Int, mask: Int, ticksPerStep: Int64) {
    self.levels = levels
    self.neurons = neurons
    self.mask = Int64(mask)
    self.ticksPerStep = ticksPerStep
  }

  /// The level of `neuron` after the latest step that ended until `time`; 0 before the first.
  @inlinable @inline(__always)
  func level(_ neuron: Int, at time: Int64) -> Double {
    guard let levels, time >= ticksPerStep else { return 0 }
    return levels[Int((time / ticksPerStep) & mask) &* neurons &+ neuron]
  }
}

/// The work order of ``LearningRule/observe(_:)``: one step of all neurons of a chunk.
public struct ObservationRun {
  public var neurons: Int
  /// ms.
  public var step: Double
  /// Whether this is the first step of the run.
  public var isFirst: Bool
  /// By observable, a row of values; nil for those that the model lacks.
  public var states: (UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafePointer<Double>?)
  /// What the rule remembers of each neuron.
  public var memory: UnsafeMutablePointer<SIMD4<Double>>
  /// The states one delay ago, which those of now replace; nil without a delay.
  public var earlier: UnsafeMutablePointer<SIMD4<Double>>?
  /// Written: events and levels by neuron.
  public var events: UnsafeMutablePointer<Double>
  public var levels: UnsafeMutablePointer<Double>

  public init(
    neurons: Int, step: Double, isFirst: Bool,
    states: (UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafePointer<Double>?),
    memory: UnsafeMutablePointer<SIMD4<Double>>, earlier: UnsafeMutablePointer<SIMD4<Double>>?,
    events: UnsafeMutablePointer<Double>, levels: UnsafeMutablePointer<Double>
  ) {
    self.neurons = neurons
    self.step = step
    self.isFirst = isFirst
    self.states = states
    self.memory = memory
    self.earlier = earlier
    self.events = events
    self.levels = levels
  }

  @inlinable @inline(__always)
  func state(_ neuron: Int) -> SIMD4<Double> {
    SIMD4(
      states.0?[neuron] ?? .nan, states.1?[neuron] ?? .nan, states.2?[neuron] ?? .nan, states.3?[neuron] ?? .nan)
  }
}

extension LearningRule {
  @inlinable
  public func observe(_ run: ObservationRun) {
    for neuron in 0..<run.neurons {
      let now = run.state(neuron)
      var before = now
      if let earlier = run.earlier { swap(&before, &earlier[neuron]) }
      if run.isFirst { run.memory[neuron] = SIMD4(repeating: now.x) }
      let seen = observe(&run.memory[neuron], now, before, run.step)
      run.events[neuron] = seen.event
      run.levels[neuron] = seen.level
    }
  }
}
