import SNNDynamics
import SNNSignals

/// All that is needed to build the synapses of one projection, onto any chunk of its target, in any order.
public struct ProjectionBlueprint: Sendable {
  /// The engine of the target population, which decides how delays are kept.
  public enum Engine: Sendable {
    case grid(step: Time)
    case exact
  }
  /// For messages.
  public var name: String
  public var shape: ProjectionShape
  public var connectivity: Connectivity
  public var weight: SynapseValue
  /// ms.
  public let delay: SynapseValue
  /// ms: no delay of the projection is longer. Found once, because a list may be long and chunks many.
  public let longestDelay: Double
  /// nil: by the sign of the weight.
  public var receptor: Receptor?
  public var weightKind: WeightKind
  public var engine: Engine
  /// Whether rows may be sorted by delay: synapses that nothing but delivery on the grid looks at.
  public var groupsDelays = false

  public init(
    name: String, shape: ProjectionShape, connectivity: Connectivity, weight: SynapseValue, delay: SynapseValue,
    receptor: Receptor?, weightKind: WeightKind, engine: Engine
  ) {
    self.name = name
    self.shape = shape
    self.connectivity = connectivity
    self.weight = weight
    self.delay = delay
    longestDelay = delay.upperBound
    self.receptor = receptor
    self.weightKind = weightKind
    self.engine = engine
  }

  /// The receptor of every synapse, or nil when the sign of its weight decides.
  var commonReceptor: Receptor? {
    switch weightKind {
    case .potential, .count, .factor: .excitatory
    case .current, .conductance: receptor
    }
  }

  /// Whether a negative weight is an error.
  var refusesNegative: Bool {
    weightKind == .factor || weightKind == .conductance && receptor == .excitatory
  }

  /// A bound on the bytes of each synapse (rows not counted): for the prediction of memory.
  public var bytesPerSynapse: Int {
    targetBytes + (sharesWeight ? 0 : MemoryLayout<Float>.size) + (sharesDelay ? 0 : delayBytes)
  }
  /// Bytes of the rows of all tables together.
  public func rowBytes(chunks: Int) -> Int { MemoryLayout<UInt32>.size * (shape.sources + 1) * chunks }

  /// The bytes of each target within its chunk.
  var targetBytes: Int { MemoryLayout<UInt16>.size }

  /// Whether one number holds for all synapses.
  var sharesWeight: Bool { if case .shared = weight { true } else { false } }
  public var sharesDelay: Bool { if case .shared = delay { true } else { false } }

  /// The bytes of each delay where synapses have their own.
  var delayBytes: Int {
    switch engine {
    case .exact: MemoryLayout<UInt32>.size
    case .grid(let step): longestDelay / step.milliseconds < 255 ? 1 : 2
    }
  }

  /// How many bits of a picosecond count are dropped so that every delay of the projection fits 32 bits, whatever the chunk.
  ///
  /// 0 (exact picoseconds) up to 4.29 ms, 16 ps up to 68 ms.
  var delayShift: Int {
    let most = longestDelay * Time.picosecondsPerMillisecond
    var shift = 0
    while shift < 31 && most >= Double(UInt64(UInt32.max) << UInt64(shift)) { shift += 1 }
    return shift
  }
}

extension SynapseValue {
  /// No value is smaller; 0 where a distribution has no lower end of its own.
  public var lowerBound: Double {
    switch self {
    case .shared(let x), .drawn(.uniform(low: let x, _), _), .drawn(.normal(_, _, min: .some(let x), _), _): x
    case .drawn: 0
    case .listed(let values): values.min() ?? 0
    }
  }

  /// No value is larger.
  var upperBound: Double {
    switch self {
    case .shared(let x): x
    case .drawn(let distribution, _): distribution.upperBound
    case .listed(let values): values.max() ?? 0
    }
  }
}
