import SNNDynamics
import SNNSignals

/// A neuron that repeats every spike it receives, in the step in which it arrives.
///
///     n spikes arrive at t  ⇒  n spikes at t
///
/// Weights do not matter: the input counts arrivals. NEST's `parrot_neuron`.
public struct ParrotNeuron: ClockedNeuron {
  public static let name = "parrot_neuron"
  public static let summary = "Repeats every spike it receives at the moment of arrival, whatever its weight."
  public static let equations = "n spikes arrive at t: n spikes at t"
  public static let source = "NEST parrot_neuron"
  public static let weightKind = WeightKind.count

  public init() {}

  public static let parameters: [Parameter<Self>] = []
  public static let stateVariables: [StateVariable<State, Lanes>] = []

  public struct State: BitwiseCopyable, Sendable {
    /// Spikes that arrived at the end of the last step.
    public var arrived: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// Spikes sent for one that arrives.
    public var repeats: Lanes
  }

  public var refractoryPeriod: Double { 0 }
  public func initialState() -> State { State(arrived: Lanes()) }
  public func propagator(step: Double) -> Propagator { Propagator(repeats: Lanes(repeating: 1)) }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    s.arrived = p.repeats * input.excitatory
    return s.arrived .> 0
  }

  /// As the default, but a neuron spikes as often in a step as spikes arrived.
  public static func advance(
    _ states: UnsafeMutablePointer<State>, _ propagators: UnsafePointer<Propagator>, _ propagatorStride: Int,
    _ run: GridRun, _ spikes: inout SpikeBuffer
  ) {
    for block in 0..<run.blocks {
      let p = propagators[block * propagatorStride]
      for k in 0..<run.steps {
        let input = StepInput(excitatory: run.takeExcitatory(block, k), inhibitory: Lanes(), current: Lanes())
        guard step(&states[block], p, input).hasAny else { continue }
        let arrived = states[block].arrived
        for lane in 0..<8 where arrived[lane] > 0 {
          for _ in 0..<Int(arrived[lane]) { spikes.append(index: block * 8 + lane, step: run.firstStep + k) }
        }
      }
    }
  }
}
