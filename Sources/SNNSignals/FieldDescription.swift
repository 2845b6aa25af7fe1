/// Which numbers a field allows.
public enum Bound: Hashable, Sendable {
  case any
  case positive
  case nonNegative
  case nonPositive
  /// 0 ≤ x ≤ 1.
  case fraction
  case range(ClosedRange<Double>)

  public func allows(_ x: Double) -> Bool {
    switch self {
    case .any: true
    case .positive: x > 0
    case .nonNegative: x >= 0
    case .nonPositive: x <= 0
    case .fraction: (0...1).contains(x)
    case .range(let r): r.contains(x)
    }
  }
  /// For error messages: "greater than 0", "from 0 to 1". `nil` when everything finite is allowed.
  public var text: String? {
    switch self {
    case .any: nil
    case .positive: "greater than 0"
    case .nonNegative: "0 or greater"
    case .nonPositive: "0 or less"
    case .fraction: "from 0 to 1"
    case .range(let r): "from \(r.lowerBound) to \(r.upperBound)"
    }
  }
}

/// One key of a model, input or connection rule: the only place that states its name, unit, default, bound and meaning.
/// Parsing, checking, `snnsim models`, the JSON Schema and the table in the documentation are all made from it.
public struct FieldDescription: Sendable {
  public enum Kind: Sendable, Hashable {
    /// A number or quantity string, or one per entity: a list, `{"file"}` or `{"dist"}`.
    case quantity
    /// One number or quantity string.
    case scalar
    case integer
    case boolean
    case text
    case choice([String])
    /// A list of numbers or quantity strings.
    case numbers
    /// A list of non-negative integers.
    case ids
    /// A list of whole numbers.
    case integers
    /// A list of numbers, or one number for all, or `{"file"}` that holds numbers over time.
    case series
    /// A file path (string).
    case path
    /// A path of a folder (string).
    case folder
    /// Names of other entries of the file: a string or a list of strings.
    case names
    /// The name of a population or of an input with a size.
    case population
  }
  public enum Default: Sendable, Hashable {
    case required
    /// May be absent, and then means "not given".
    case absent
    case number(Double)
    case boolean(Bool)
    case text(String)
    case numbers([Double])
  }
  public var name: String
  public var kind: Kind
  public var unit: Unit
  public var standard: Default
  public var bound: Bound
  public var meaning: String

  public init(
    _ name: String, _ kind: Kind, _ unit: Unit = .none, default standard: Default, _ bound: Bound = .any, _ meaning: String
  ) {
    self.name = name
    self.kind = kind
    self.unit = unit
    self.standard = standard
    self.bound = bound
    self.meaning = meaning
  }
}

/// A named entry of the catalogue as the outside sees it: a neuron model, an input or a connection rule.
public struct EntryDescription: Sendable {
  public enum Category: String, Sendable, CaseIterable { case neuron, input, rule, third, plasticity, learner, encoder, data }
  public var category: Category
  public var name: String
  /// One sentence.
  public var summary: String
  /// The equations, several lines of plain text.
  public var equations: String
  /// The paper or program they come from, with DOI.
  public var source: String
  public var fields: [FieldDescription]
  /// Plasticity: the window, the pairing and what happens at Δt = 0.
  public var notes: String?
  /// Neurons: state variables that can be recorded and set by `init`.
  public var states: [FieldDescription] = []
  /// Neurons: `grid`, `exact` or both.
  public var engines: [String] = []
  /// Neurons: the unit of a weight onto this model.
  public var weightUnit: Unit = .none

  public init(
    category: Category, name: String, summary: String, equations: String, source: String, fields: [FieldDescription]
  ) {
    self.category = category
    self.name = name
    self.summary = summary
    self.equations = equations
    self.source = source
    self.fields = fields
  }
}

/// Everything a network file may name.
public struct Vocabulary: Sendable {
  public var entries: [EntryDescription]
  public init(_ entries: [EntryDescription]) { self.entries = entries }
  public func entries(_ category: EntryDescription.Category) -> [EntryDescription] {
    entries.filter { $0.category == category }
  }
  public func entry(_ category: EntryDescription.Category, _ name: String) -> EntryDescription? {
    entries.first { $0.category == category && $0.name == name }
  }
}
