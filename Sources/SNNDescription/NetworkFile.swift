import SNNSignals

/// A network file as plain values: every name resolved, every quantity in its unit, everything in the order of the file.
public struct NetworkFile: Hashable, Sendable {
  public var name: String
  /// With their values after arithmetic.
  public var parameters: [NetworkParameter]
  public var run: RunPlan
  public var populations: [PopulationPlan]
  public var inputs: [InputPlan]
  public var projections: [ProjectionPlan]
  public var data: [DataPlan]
  public var readout: ReadoutPlan?
  public var train: TrainPlan?
  public var recordings: [RecordPlan]
  public var output: OutputPlan
  public var stopWhen: [StopPlan]
  public var stream: StreamSection?
  /// Of the whole file.
  public var location: SourceLocation

  public func population(_ name: String) -> PopulationPlan? { populations.first { $0.name == name } }
  public func input(_ name: String) -> InputPlan? { inputs.first { $0.name == name } }

  /// The number of neurons of a population, or of trains of an input with `size`.
  public func size(of name: String) -> Int? { population(name)?.size ?? input(name)?.size }
}

/// An entry of `parameters`.
public struct NetworkParameter: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case number(Double)
    case text(String)
  }
  public var name: String
  public var value: Value

  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }
}

/// Which engine advances a population.
public enum EngineChoice: String, Hashable, Sendable, CaseIterable {
  case auto, grid, exact
}

/// Which synaptic input a connection feeds; by the sign of the weight unless given.
public enum ReceptorChoice: String, Hashable, Sendable, CaseIterable {
  case excitatory = "ex"
  case inhibitory = "in"
}

/// What a connection carries: NEST's names of synapse models.
public enum SynapseChoice: String, Hashable, Sendable, CaseIterable {
  /// Spikes.
  case spikes = "static_synapse"
  /// The slow inward current of an astrocyte, as a current injected into the target.
  case slowCurrent = "sic_connection"
}

/// The section `run`.
public struct RunPlan: Hashable, Sendable {
  /// ms. A run ends with the last whole step of `resolution` within it.
  public var duration: Double
  /// ms, a whole number of picoseconds.
  public var resolution: Double
  public var engine: EngineChoice
  public var seed: UInt64
  public var location: SourceLocation
}

/// An entry of `populations`, `like` expanded.
public struct PopulationPlan: Hashable, Sendable {
  public var name: String
  public var model: String
  public var size: Int
  /// Only those given.
  public var params: [String: ValueSource]
  /// State variables at t = 0; only those given.
  public var initial: [String: ValueSource]
  /// `nil` means that of ``RunPlan/engine``.
  public var engine: EngineChoice?
  public var location: SourceLocation
}

/// An entry of `inputs`.
public struct InputPlan: Hashable, Sendable {
  public var name: String
  public var type: String
  /// Populations that the input feeds directly; empty when it has a `size`.
  public var target: [String]
  /// The number of trains of an input that projections may name as their source.
  public var size: Int?
  /// A subset of each target.
  public var ids: [UInt32]?
  /// In the unit of the target's weights. 1 unless given; `nil` when the input has a `size`.
  public var weight: ValueSource?
  /// ms. 1 unless given; `nil` when the input has a `size`.
  public var delay: ValueSource?
  public var receptor: ReceptorChoice?
  /// The fields of the input's own type, with defaults filled in; absent ones are missing.
  public var fields: [String: FieldValue]
  /// ms.
  public var start: Double
  /// ms; `nil` means the end of the run.
  public var stop: Double?
  /// Whether its rate or amplitude may be changed while the run goes on.
  public var isLive: Bool
  public var location: SourceLocation
}

/// One source population, one target population and how they connect.
public struct ProjectionPlan: Hashable, Sendable {
  /// The entry's name; `entry/source>target` when the entry stands for several pairs.
  public var name: String
  /// The name in the network file.
  public var entry: String
  public var source: String
  public var target: String
  public var rule: RulePlan
  /// In the unit of the target's weights.
  public var weight: ValueSource
  /// ms; for a plastic projection its dendritic part.
  public var delay: ValueSource
  /// ms, before the synapse; what `delay` does not hold.
  public var axonalDelay: Double
  public var receptor: ReceptorChoice?
  public var synapse: SynapseChoice
  /// What changes its synapses: a learning rule, short-term plasticity or one of each.
  public var plasticity: [PlasticityPlan]
  /// `auto`, `stored` or `procedural`; `nil` means `auto`.
  public var storage: String?
  /// For the connections to and from a third population: which of those of the primary projection they join.
  public var third: ThirdPlan?
  public var location: SourceLocation
}

/// How a third population joins the connections i → j of a projection, the primary one, by connections i → a (`in`) and a → j
/// (`out`). Each of the two is a ``ProjectionPlan`` behind that of the primary one, whose `rule` they share.
public struct ThirdPlan: Hashable, Sendable {
  public enum Leg: String, Hashable, Sendable, CaseIterable { case into = "in", out }
  public var leg: Leg
  public var population: String
  /// Which connections are joined, and by whom.
  public var rule: RulePlan
  /// The name, source and target of the primary projection.
  public var primary: String
  public var source: String
  public var target: String
}

/// A rule that changes the synapses of a projection.
public struct PlasticityPlan: Hashable, Sendable {
  public var rule: String
  /// With defaults filled in.
  public var fields: [String: FieldValue]
  public var location: SourceLocation
}

/// The connection rule of a projection.
public struct RulePlan: Hashable, Sendable {
  public var type: String
  /// With defaults filled in; absent ones are missing.
  public var fields: [String: FieldValue]
  public var location: SourceLocation
}

/// An entry of `data`: labelled samples.
public struct DataPlan: Hashable, Sendable {
  public var name: String
  public var type: String
  /// The fields of its own type, with defaults filled in and files found; absent ones are missing.
  public var fields: [String: FieldValue]
  /// The first sample, and how many from there on; `nil` for all.
  public var first: Int
  public var limit: Int?
  public var location: SourceLocation

  /// The two files of a set of type `idx`.
  public var images: String? { path("images") }
  public var labels: String? { path("labels") }
  private func path(_ key: String) -> String? { if case .path(let path) = fields[key] { path } else { nil } }
}

/// The section `readout`: what class a population's spikes stand for.
public struct ReadoutPlan: Hashable, Sendable {
  public var of: String
  /// An input of type `dataset`.
  public var input: String
  /// The data sets, among those that the input plays, that neurons get their classes from, and that they are tested with.
  public var assign: String
  public var test: String
  public var location: SourceLocation
}

/// An entry of `record`.
public struct RecordPlan: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    case spikes
    /// Of the whole population, Hz.
    case rate
    case state(String)
    /// Of the synapses of projections.
    case weight, delay
  }
  public var name: String
  public var what: Subject
  /// Populations; projections where synapses are recorded.
  public var of: [String]
  public var ids: [UInt32]?
  /// The part of each population that is recorded.
  public var fraction: Double?
  /// Seed of the choice; that of the run unless given.
  public var fractionSeed: UInt64?
  /// ms; `nil` for spikes and at changes.
  public var every: Double?
  /// Whether every change of a synapse is recorded.
  public var isAtChanges = false
  /// Instead of the values of synapses, how many have which.
  public var histogram: HistogramPlan?
  /// ms.
  public var from: Double
  /// ms; `nil` means the end of the run.
  public var to: Double?
  public var location: SourceLocation
}

/// A histogram of the weights or delays of a projection.
public struct HistogramPlan: Hashable, Sendable {
  public var bins: Int
  /// In the unit of the target's weights, or ms.
  public var low: Double
  public var high: Double

  public init(bins: Int, low: Double, high: Double) {
    self.bins = bins
    self.low = low
    self.high = high
  }
}

/// The section `output`.
public struct OutputPlan: Hashable, Sendable {
  public enum SpikeFormat: String, Hashable, Sendable, CaseIterable { case sonata, csv, npz }
  public var spikes: [SpikeFormat]
}

/// A guard of `stop_when`.
public struct StopPlan: Hashable, Sendable {
  public enum Condition: Hashable, Sendable {
    /// A population's mean rate over a window (ms) exceeds a limit (Hz).
    case rateAbove(of: [String], hz: Double, window: Double)
    /// The simulation has taken this long, s.
    case wallClock(seconds: Double)
  }
  public var condition: Condition
  public var location: SourceLocation
}

/// The section `stream`: where a run can be watched.
public struct StreamSection: Hashable, Sendable {
  public var endpoint: StreamEndpoint
  /// `spikes`, `rate`, `state` and `weights`, or one of them with a slash and a name.
  public var what: [String]
  public var policy: StreamPolicy
  /// Simulated time per wall time that the run may not exceed.
  public var realtime: Double?
  /// Endpoints for other viewers.
  public var openEphys: StreamEndpoint?
  public var plotJuggler: StreamEndpoint?
  public var location: SourceLocation

  /// What is streamed unless `what` says something else.
  public static let everything = ["spikes", "rate", "state", "weights"]
}
