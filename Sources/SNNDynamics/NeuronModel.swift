import SNNSignals

/// One row of a model's parameter table; the only place a parameter is described.
public struct Parameter<Model>: Sendable {
  public var name: String
  public var keyPath: WritableKeyPath<Model, Double> & Sendable
  public var unit: Unit
  public var meaning: String
  public var bound: Bound

  public init(
    _ name: String, _ keyPath: WritableKeyPath<Model, Double> & Sendable, _ unit: Unit, _ meaning: String,
    _ bound: Bound = .any
  ) {
    self.name = name
    self.keyPath = keyPath
    self.unit = unit
    self.meaning = meaning
    self.bound = bound
  }
}

/// One row of a model's table of state variables that can be recorded and initialised.
public struct StateVariable<State, Scalar>: Sendable {
  public var name: String
  public var keyPath: WritableKeyPath<State, Scalar> & Sendable
  public var unit: Unit
  public var meaning: String

  public init(
    _ name: String, _ keyPath: WritableKeyPath<State, Scalar> & Sendable, _ unit: Unit, _ meaning: String
  ) {
    self.name = name
    self.keyPath = keyPath
    self.unit = unit
    self.meaning = meaning
  }
}

/// Which of a neuron's synaptic inputs a connection feeds.
public enum Receptor: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  case excitatory, inhibitory
}

/// What a weight does on arrival.
public enum WeightKind: Sendable {
  /// Adds to the membrane potential (mV). One receptor; signs mix.
  case potential
  /// Adds to a synaptic current (pA), of the receptor that its sign chooses.
  case current
  /// Its magnitude adds to a conductance (nS), of the receptor that its sign chooses.
  case conductance
  /// Only the arrival counts (parrots).
  case count
  /// Multiplies an amount of the model's own (astrocytes: what a spike adds to IP3); never negative.
  case factor

  public var unit: Unit {
    switch self {
    case .potential: .mV
    case .current: .pA
    case .conductance: .nS
    case .count, .factor: .none
    }
  }

  /// How many synaptic inputs the model has.
  @inlinable public var receptors: Int {
    switch self {
    case .potential, .count, .factor: 1
    case .current, .conductance: 2
    }
  }
}

/// What every neuron model states, whichever engine runs it. A value of the type holds the parameters of one neuron.
public protocol NeuronModel: Sendable {
  /// NEST's name, or the paper's.
  static var name: String { get }
  static var summary: String { get }
  /// Equations as plain text, one per line.
  static var equations: String { get }
  /// Paper with DOI.
  static var source: String { get }
  static var parameters: [Parameter<Self>] { get }
  static var weightKind: WeightKind { get }
  /// With default parameters.
  init()
  /// The absolute refractory period in ms (0 if the model has none).
  var refractoryPeriod: Double { get }
  /// What is wrong with these parameters taken together, as sentences naming them ("V_reset (−50) must be below V_th (−55)").
  func problems() -> [String]
}

extension NeuronModel {
  public func problems() -> [String] { [] }
}
