import SNNSignals

/// What a learner's parameters are kept in: a struct with the defaults.
public protocol LearnerParameters: Sendable {
  init()
}

/// One row of a learner's parameter table; the only place a parameter is described. Its default is that of the struct.
///
///     LearnerParameter("learning_rate", \.learningRate, "of the weights", .positive),
///     LearnerParameter("layers", \.layers, "neurons of each hidden layer", .positive),
///     LearnerParameter("loss", \.loss, "what is minimised"),                 // an enum of words
public struct LearnerParameter<Parameters: LearnerParameters>: Sendable {
  public let field: FieldDescription
  /// Puts the value of a network file in its place. The value has been checked against ``field``.
  let put: @Sendable (FieldValue, inout Parameters) -> Void

  public init(
    _ name: String, _ path: WritableKeyPath<Parameters, Double> & Sendable, _ meaning: String, _ bound: Bound = .any,
    unit: Unit = .none
  ) {
    field = FieldDescription(name, .scalar, unit, default: .number(Parameters()[keyPath: path]), bound, meaning)
    put = { if case .number(let x) = $0 { $1[keyPath: path] = x } }
  }

  public init(
    _ name: String, _ path: WritableKeyPath<Parameters, Int> & Sendable, _ meaning: String, _ bound: Bound = .any
  ) {
    field = FieldDescription(name, .integer, default: .number(Double(Parameters()[keyPath: path])), bound, meaning)
    put = { if case .integer(let n) = $0 { $1[keyPath: path] = n } }
  }

  public init(_ name: String, _ path: WritableKeyPath<Parameters, Bool> & Sendable, _ meaning: String) {
    field = FieldDescription(name, .boolean, default: .boolean(Parameters()[keyPath: path]), .any, meaning)
    put = { if case .boolean(let b) = $0 { $1[keyPath: path] = b } }
  }

  /// A list of whole numbers, such as the sizes of layers.
  public init(
    _ name: String, _ path: WritableKeyPath<Parameters, [Int]> & Sendable, _ meaning: String, _ bound: Bound = .any
  ) {
    let standard = Parameters()[keyPath: path].map(Double.init)
    field = FieldDescription(name, .integers, default: .numbers(standard), bound, meaning)
    put = { if case .integers(let list) = $0 { $1[keyPath: path] = list } }
  }

  /// A list of numbers, such as a learning rate for each layer.
  public init(
    _ name: String, _ path: WritableKeyPath<Parameters, [Double]> & Sendable, _ meaning: String, _ bound: Bound = .any,
    unit: Unit = .none
  ) {
    field = FieldDescription(name, .numbers, unit, default: .numbers(Parameters()[keyPath: path]), bound, meaning)
    put = { if case .numbers(let list) = $0 { $1[keyPath: path] = list } }
  }

  /// One of several words: the cases of an enum.
  public init<Word: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: WritableKeyPath<Parameters, Word> & Sendable, _ meaning: String
  ) where Word.RawValue == String {
    field = FieldDescription(
      name, .choice(Word.allCases.map(\.rawValue)), default: .text(Parameters()[keyPath: path].rawValue), .any, meaning)
    put = { if case .text(let text) = $0, let word = Word(rawValue: text) { $1[keyPath: path] = word } }
  }
}
