import SNNSignals

/// What arrives at eight neurons in one step.
public struct StepInput {
  /// Sum of weights that arrive at the end of this step, excitatory receptor (or the only one).
  public var excitatory: Lanes
  /// Sum of weights that arrive at the end of this step, inhibitory receptor.
  public var inhibitory: Lanes
  /// Injected current during this step, pA (without the model's own I_e).
  public var current: Lanes
  /// Neurons in their refractory period, whose membrane stands still in this step.
  public var held: LaneMask

  @inlinable @inline(__always)
  public init(excitatory: Lanes, inhibitory: Lanes, current: Lanes, held: LaneMask = LaneMask(repeating: false)) {
    self.excitatory = excitatory
    self.inhibitory = inhibitory
    self.current = current
    self.held = held
  }
}

/// A neuron stepped on the time grid.
///
/// `State` and `Propagator` are structs whose stored properties are all ``Lanes``: eight neurons to a block. The kernel relies
/// on that to fill single lanes, to record and to save them.
public protocol ClockedNeuron: NeuronModel {
  associatedtype State: BitwiseCopyable & Sendable
  associatedtype Propagator: BitwiseCopyable & Sendable

  static var stateVariables: [StateVariable<State, Lanes>] { get }
  /// The state variable (pA) that connections of the type `sic_connection` carry in place of spikes: astrocytes have one.
  static var slowCurrent: String? { get }
  /// The state at t = 0, every lane the same.
  func initialState() -> State
  /// Constants of one step of `step` ms, every lane the same.
  func propagator(step: Double) -> Propagator

  /// Advances eight neurons by one step: first the time evolution over the step, then what arrives at its end, then the
  /// threshold. Returns which of them spike at the end of the step; those are `held` for the ``refractoryPeriod``.
  static func step(_ state: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask

  /// The loop over blocks and steps. A requirement, not a helper: each model's witness is this loop specialised to the model.
  /// The default is right for all but models that emit several spikes in one step.
  static func advance(
    _ states: UnsafeMutablePointer<State>, _ propagators: UnsafePointer<Propagator>, _ propagatorStride: Int,
    _ run: GridRun, _ spikes: inout SpikeBuffer)
}

extension ClockedNeuron {
  public static var slowCurrent: String? { nil }

  @inlinable
  public static func advance(
    _ states: UnsafeMutablePointer<State>, _ propagators: UnsafePointer<Propagator>, _ propagatorStride: Int,
    _ run: GridRun, _ spikes: inout SpikeBuffer
  ) {
    if run.steps == 1 {
      // Short windows: what a block needs beyond its state is loaded once for all blocks where it can be.
      if propagatorStride == 0 {
        let p = propagators[0]
        for block in 0..<run.blocks { advanceOneStep(states, p, run, block, &spikes) }
      } else {
        for block in 0..<run.blocks { advanceOneStep(states, propagators[block], run, block, &spikes) }
      }
      return
    }
    let hasInhibitory = weightKind.receptors == 2
    for block in 0..<run.blocks {
      var state = states[block]
      let p = propagators[block &* propagatorStride]
      var isHeld = run.hold.flags[block] != 0
      var lastHeld = isHeld ? run.hold.lastSteps[block] : Lanes()
      for k in 0..<run.steps {
        let number = run.stepNumber + Double(k)
        run.prefetchInputs(block &+ 2, k, hasInhibitory)
        let input = StepInput(
          excitatory: run.takeExcitatory(block, k),
          inhibitory: hasInhibitory ? run.takeInhibitory(block, k) : Lanes(),
          current: run.current(block, k), held: lastHeld .>= number)
        let fired = step(&state, p, input)
        if _slowPath(fired.hasAny) {
          lastHeld.replace(with: run.hold.periods[block &* run.hold.stride] + number, where: fired)
          isHeld = true
          spikes.append(fired, block: block, step: run.firstStep &+ k)
        }
      }
      states[block] = state
      if isHeld {
        run.hold.lastSteps[block] = lastHeld
        run.hold.flags[block] = (lastHeld .> run.stepNumber + Double(run.steps &- 1)).hasAny ? 1 : 0
      }
    }
  }

  @inlinable @inline(__always)
  static func advanceOneStep(
    _ states: UnsafeMutablePointer<State>, _ p: Propagator, _ run: GridRun, _ block: Int, _ spikes: inout SpikeBuffer
  ) {
    let hasInhibitory = weightKind.receptors == 2
    var held = LaneMask(repeating: false)
    if run.hold.flags[block] != 0 {
      held = run.hold.lastSteps[block] .>= run.stepNumber
      if !held.hasAny { run.hold.flags[block] = 0 }
    }
    var state = states[block]
    let input = StepInput(
      excitatory: run.takeExcitatory(block, 0), inhibitory: hasInhibitory ? run.takeInhibitory(block, 0) : Lanes(),
      current: run.current(block, 0), held: held)
    let fired = step(&state, p, input)
    states[block] = state
    if _slowPath(fired.hasAny) {
      run.hold.lastSteps[block].replace(with: run.hold.periods[block &* run.hold.stride] + run.stepNumber, where: fired)
      run.hold.flags[block] = 1
      spikes.append(fired, block: block, step: run.firstStep)
    }
  }
}
