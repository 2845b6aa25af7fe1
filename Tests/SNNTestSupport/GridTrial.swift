import SNNDynamics
import SNNSignals

/// Up to eight neurons of one model, each with its own parameters and input, driven through ``ClockedNeuron/advance(_:_:_:_:_:)``
/// without a kernel.
///
/// Steps count from 0; step k is the interval (k h, (k + 1) h]. A spike that arrives at time t lies at the end of step t/h
/// − 1. A current switched on at t with delay d is part of step (t + d)/h and of those that follow, until the step that
/// begins where it is switched off (plus d). So NEST has it for dc, step, ac and noise generators; a sine's value in a step
/// is that of the step's beginning less d, a noise generator draws at start + n dt. The exception is NEST's generator with
/// `start` 0, which begins at h.
public struct GridTrial<Model: ClockedNeuron> {
  /// What a run gave: `values[variable][step]`, and spikes as (step, lane) in the order of `advance`.
  public struct Outcome {
    public var values: [String: [Lanes]] = [:]
    public var spikes: [StepSpike] = []
    /// Whether the rings are empty afterwards.
    public var tookAllInput = false

    public func trace(_ name: String, _ lane: Int = 0) -> [Double] { values[name]!.map { $0[lane] } }
    /// Steps at whose end the neuron of this lane spikes.
    public func spikeSteps(_ lane: Int = 0) -> [Int] { spikes.filter { $0.index == lane }.map { Int($0.step) } }
  }

  public let steps: Int
  public private(set) var propagator: Model.Propagator
  public var state: Model.State
  private let neurons: Int
  private var periods: Lanes
  private var excitatory: [Lanes]
  private var inhibitory: [Lanes]
  private var currents: [Lanes]

  /// Lanes beyond `models` repeat the first one.
  public init(_ models: [Model], step: Double, steps: Int) {
    precondition((1...8).contains(models.count))
    let all = (0..<8).map { $0 < models.count ? models[$0] : models[0] }
    self.steps = steps
    neurons = models.count
    propagator = blend(all.map { $0.propagator(step: step) })
    state = blend(all.map { $0.initialState() })
    periods = Lanes(all.map { refractorySteps($0.refractoryPeriod, step: step) })
    var rows = 1
    while rows < steps { rows *= 2 }
    excitatory = Array(repeating: Lanes(), count: rows)
    inhibitory = excitatory
    currents = Array(repeating: Lanes(), count: steps)
  }

  public mutating func set(_ name: String, lane: Int, to value: Double) {
    let variable = Model.stateVariables.first { $0.name == name }!
    state[keyPath: variable.keyPath][lane] = value
  }

  /// Adds an input spike at the end of `step`: the sign of its weight chooses the receptor, as in a network file.
  public mutating func addSpike(atEndOf step: Int, lane: Int = 0, weight: Double) {
    guard step < steps else { return }
    switch Model.weightKind {
    case .potential, .factor: excitatory[step][lane] += weight
    case .count: excitatory[step][lane] += 1
    case .current: if weight > 0 { excitatory[step][lane] += weight } else { inhibitory[step][lane] += weight }
    case .conductance: if weight > 0 { excitatory[step][lane] += weight } else { inhibitory[step][lane] -= weight }
    }
  }

  public mutating func addCurrent(in range: Range<Int>, lane: Int = 0, _ amplitude: Double) {
    for step in range.clamped(to: 0..<steps) { currents[step][lane] += amplitude }
  }

  /// Runs all steps, `window` at a time, and reads the state variables at the end of each window.
  public mutating func run(window: Int = 1) -> Outcome {
    var outcome = Outcome()
    for variable in Model.stateVariables { outcome.values[variable.name] = [] }
    var buffer = SpikeBuffer(neurons: neurons)
    defer { buffer.deallocate() }
    let rowMask = excitatory.count - 1
    var (lastHeld, isHeld): (Lanes, UInt8) = (Lanes(), 0)
    // Copies: the input stays for another run, and what `advance` leaves of it can be looked at.
    var (ex, inh) = (excitatory, inhibitory)
    var first = 0
    while first < steps {
      let count = min(window, steps - first)
      ex.withUnsafeMutableBufferPointer { ex in
        inh.withUnsafeMutableBufferPointer { inh in
          currents.withUnsafeBufferPointer { currents in
            let hold = RefractoryHold(lastSteps: &lastHeld, flags: &isHeld, periods: &periods, stride: 0)
            let order = GridRun(
              blocks: 1, steps: count, firstStep: first, stepNumber: first + 1, firstRow: first, rowMask: rowMask,
              excitatory: ex.baseAddress!, inhibitory: inh.baseAddress!, currents: currents.baseAddress! + first, hold: hold)
            Model.advance(&state, &propagator, 0, order, &buffer)
          }
        }
      }
      for variable in Model.stateVariables {
        outcome.values[variable.name]!.append(state[keyPath: variable.keyPath])
      }
      first += count
    }
    outcome.tookAllInput = (ex + inh).allSatisfy { $0 == Lanes() }
    outcome.spikes = (0..<buffer.count).map { buffer.storage[$0] }
    return outcome
  }
}

/// Lane ℓ of value ℓ, for structs whose stored properties are all ``Lanes``.
public func blend<Value: BitwiseCopyable>(_ values: [Value]) -> Value {
  var result = values[0]
  withUnsafeMutableBytes(of: &result) { target in
    let target = target.bindMemory(to: Double.self)
    for (lane, value) in values.enumerated() {
      withUnsafeBytes(of: value) { source in
        let source = source.bindMemory(to: Double.self)
        for i in stride(from: lane, to: target.count, by: 8) { target[i] = source[i] }
      }
    }
  }
  return result
}
