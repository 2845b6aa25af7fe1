import SNNSignals

/// A rule by which synapses change at spikes: only arithmetic, one value of the type per projection.
///
/// The kernel owns loops, traces, delays and the order of simultaneous spikes. It works only at spikes: when a presynaptic spike
/// reaches a synapse (or somebody asks for its weight), the postsynaptic spikes since the last one are replayed, each with the
/// traces as they were at its own moment. Weights are magnitudes: the kernel gives back the sign of an inhibitory projection.
///
/// Time is that of the synapse. A presynaptic spike at t reaches it at t + axonal delay; a postsynaptic spike at t reaches it at
/// t + dendritic delay; a bare delay is dendritic. Of two spikes that reach it at the same moment the postsynaptic comes first,
/// with a presynaptic trace that has yet to see its partner, and the presynaptic spike meets a postsynaptic trace without its
/// partner in it: NEST's convention.
public protocol LearningRule: PlasticityRule {
  /// What one synapse keeps. ``PlasticWeight`` is enough for rules whose memory is in traces.
  associatedtype Synapse: PlasticSynapse = PlasticWeight

  /// The window, the pairing and what happens at Δt = 0.
  static var pairing: String { get }

  /// Up to two traces of the presynaptic and of the postsynaptic spikes.
  var presynapticTraces: Traces { get }
  var postsynapticTraces: Traces { get }

  /// A presynaptic spike reaches the synapse. Both traces are those just before it.
  func presynapticSpike(_ s: inout Synapse, _ traces: TraceValues)
  /// A postsynaptic spike reaches the synapse. The presynaptic traces are those of this moment, the postsynaptic ones those
  /// just before the spike.
  func postsynapticSpike(_ s: inout Synapse, _ traces: TraceValues)

  /// Whether a synapse changes between events too; then ``evolve(_:_:modulator:)`` is called for every interval between two.
  static var evolves: Bool { get }
  /// `dt` ms pass without an event at the synapse. `modulator` is the trace of the modulator's releases at their beginning.
  /// What comes out must not depend on how an interval is divided, but for rounding.
  func evolve(_ s: inout Synapse, _ dt: Double, modulator: Double)
  /// The state variable of astrocytes that the rule reads, each synapse that of the astrocyte of its target neuron; nil for a rule
  /// without astrocytes. A presynaptic spike finds it in its traces, ``evolve(_:_:modulator:)`` as its modulator.
  static var astrocyteVariable: String? { get }
  /// Whether a projection must name astrocytes; the variable is 0 where none are named.
  static var needsAstrocytes: Bool { get }
  /// Time constant (ms) of the trace that the spikes of a third population leave, each 1, at all synapses of the projection; nil
  /// for a rule without a modulator.
  var modulatorTau: Double? { get }

  /// Whether the rule reads states of the target neurons instead of their spikes; then ``observe(_:_:_:_:)`` is called for every
  /// neuron after each step of the grid, on either engine.
  static var observes: Bool { get }
  /// Which states, up to four; a model must have the first. Of those that it lacks the values are NaN.
  static var observables: [String] { get }
  /// Age (ms) of the earlier states that ``observe(_:_:_:_:)`` sees too.
  var observationDelay: Double { get }
  /// A step of `h` ms has brought a target neuron to the state `now`, in the order of ``observables``; one delay before it was in
  /// `earlier`. `memory` is the rule's own, for each neuron; all four are the first observable after the first step at first.
  func observe(
    _ memory: inout SIMD4<Double>, _ now: SIMD4<Double>, _ earlier: SIMD4<Double>, _ h: Double
  ) -> Observation
  /// One step of a chunk. A requirement, so that it is compiled once per rule; the default serves all.
  func observe(_ run: ObservationRun)

  /// Interval (ms) of ``tick(_:_:_:)``, or nil for none. Ticks come at the first end of a window at or after each multiple.
  var tickInterval: Double? { get }
  /// What happens to each synapse at a tick, after all spikes until then.
  func tick(_ s: inout Synapse, _ traces: TraceValues, _ onto: SynapsesOntoNeuron)

  /// Brings one row of synapses up to date. A requirement, not a helper: each rule's witness is this loop specialised to the
  /// rule. The default serves all.
  func replay(_ row: PlasticRow<Synapse>)
}

/// What a synapse of a learning rule keeps; stored properties are all `Double`.
public protocol PlasticSynapse: BitwiseCopyable, Sendable {
  /// A magnitude, in the unit of the target model's weights.
  var weight: Double { get set }
  init(weight: Double)
  /// What a presynaptic spike transmits, after ``LearningRule/presynapticSpike(_:_:)``: the weight unless said otherwise.
  var transmitted: Double { get }
}

extension PlasticSynapse {
  @inlinable public var transmitted: Double { weight }
}

/// A synapse that is its weight.
public struct PlasticWeight: PlasticSynapse {
  public var weight: Double
  @inlinable public init(weight: Double) { self.weight = weight }
}

/// All synapses of a projection onto one neuron, at a tick.
public struct SynapsesOntoNeuron: BitwiseCopyable, Sendable {
  public var count: Int
  public var totalWeight: Double
  public init(count: Int, totalWeight: Double) {
    self.count = count
    self.totalWeight = totalWeight
  }
}

extension LearningRule {
  public static var notes: String? { pairing }
  public static var kernelFields: [FieldDescription] {
    var fields = [
      FieldDescription("until", .scalar, .ms, default: .absent, .positive, "when learning ends; with the run unless given")
    ]
    if Self().modulatorTau != nil {
      fields += [
        FieldDescription(
          "modulator", .population, default: .required, .any, "whose spikes release the modulator at all synapses"),
        FieldDescription(
          "modulator_delay", .scalar, .ms, default: .number(1), .nonNegative, "from such a spike to its effect at the synapses"),
      ]
    }
    return fields + astrocyteFields
  }
  /// Those of a rule that reads astrocytes.
  public static var astrocyteFields: [FieldDescription] {
    guard let variable = astrocyteVariable else { return [] }
    return [
      FieldDescription(
        "astrocytes", .population, default: needsAstrocytes ? .required : .absent, .any,
        "whose \(variable) each synapse reads: one for each target neuron, or for each run of equally many"),
      FieldDescription("astrocyte_interval", .scalar, .ms, default: .number(1), .positive, "between samples of \(variable)"),
    ]
  }
  public static var needsAstrocytes: Bool { true }
  public var presynapticTraces: Traces { .none }
  public var postsynapticTraces: Traces { .none }
  @inlinable public func presynapticSpike(_ s: inout Synapse, _ traces: TraceValues) {}
  @inlinable public func postsynapticSpike(_ s: inout Synapse, _ traces: TraceValues) {}
  @inlinable public static var evolves: Bool { false }
  @inlinable public func evolve(_ s: inout Synapse, _ dt: Double, modulator: Double) {}
  @inlinable public static var astrocyteVariable: String? { nil }
  public var modulatorTau: Double? { nil }
  @inlinable public static var observes: Bool { false }
  public static var observables: [String] { [] }
  public var observationDelay: Double { 0 }
  @inlinable public func observe(
    _ memory: inout SIMD4<Double>, _ now: SIMD4<Double>, _ earlier: SIMD4<Double>, _ h: Double
  ) -> Observation { Observation(event: 0, level: 0) }
  public var tickInterval: Double? { nil }
  @inlinable public func tick(_ s: inout Synapse, _ traces: TraceValues, _ onto: SynapsesOntoNeuron) {}
}
