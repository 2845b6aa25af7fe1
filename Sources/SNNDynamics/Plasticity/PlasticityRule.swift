import SNNSignals

/// What every rule of plasticity states about itself: the only place where its name, parameters and equations stand.
public protocol PlasticityRule: Sendable {
  /// NEST's name, or the paper's.
  static var name: String { get }
  static var summary: String { get }
  /// Equations as plain text, one per line.
  static var equations: String { get }
  /// Paper with DOI.
  static var source: String { get }
  static var parameters: [Parameter<Self>] { get }
  static var choices: [ParameterChoice<Self>] { get }
  /// The window, the pairing and what happens at Δt = 0; nil for a rule without pairs.
  static var notes: String? { get }
  /// Fields that all rules of a kind have and the kernel reads.
  static var kernelFields: [FieldDescription] { get }
  init()
  /// What is wrong with these parameters taken together, as sentences naming them.
  func problems() -> [String]
  /// The largest magnitude that a weight may have; the parameter `w_max` where there is one, unless the rule says otherwise.
  var largestWeight: Double { get }
}

/// One row of a rule's table of words that a parameter may be.
public struct ParameterChoice<Rule>: Sendable {
  public var name: String
  /// The place of the word among `words`.
  public var keyPath: WritableKeyPath<Rule, Int> & Sendable
  public var words: [String]
  public var meaning: String

  public init(_ name: String, _ keyPath: WritableKeyPath<Rule, Int> & Sendable, _ words: [String], _ meaning: String) {
    self.name = name
    self.keyPath = keyPath
    self.words = words
    self.meaning = meaning
  }
}

extension PlasticityRule {
  public static var choices: [ParameterChoice<Self>] { [] }
  public static var notes: String? { nil }
  public static var kernelFields: [FieldDescription] { [] }
  public func problems() -> [String] { [] }
  public var largestWeight: Double {
    Self.parameters.first { $0.name == "w_max" }.map { self[keyPath: $0.keyPath] } ?? .infinity
  }

  /// The entry of this rule in the vocabulary, made from its tables.
  public static var entry: EntryDescription {
    let standard = Self()
    let numbers = parameters.map {
      FieldDescription($0.name, .scalar, $0.unit, default: .number(standard[keyPath: $0.keyPath]), $0.bound, $0.meaning)
    }
    let words = choices.map {
      FieldDescription(
        $0.name, .choice($0.words), default: .text($0.words[standard[keyPath: $0.keyPath]]), .any, $0.meaning)
    }
    var entry = EntryDescription(
      category: .plasticity, name: name, summary: summary, equations: equations, source: source,
      fields: kernelFields + words + numbers)
    entry.notes = notes
    return entry
  }

  /// A rule with the parameters of a network file, which have been checked against ``entry``.
  public init(fields: [String: FieldValue]) {
    self.init()
    for parameter in Self.parameters {
      if case .number(let x) = fields[parameter.name] { self[keyPath: parameter.keyPath] = x }
    }
    for choice in Self.choices {
      if case .text(let word) = fields[choice.name], let place = choice.words.firstIndex(of: word) {
        self[keyPath: choice.keyPath] = place
      }
    }
  }
}
