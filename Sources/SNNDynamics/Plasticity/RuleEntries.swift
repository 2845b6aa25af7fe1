import SNNSignals

extension LearningRule {
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
      category: .plasticity, name: name, summary: summary, equations: equations, source: source, fields: words + numbers)
    entry.notes = pairing
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

extension ReleaseRule {
  /// The entry of this rule in the vocabulary, made from its tables.
  public static var entry: EntryDescription {
    let standard = Self()
    return EntryDescription(
      category: .plasticity, name: name, summary: summary, equations: equations, source: source,
      fields: parameters.map {
        FieldDescription($0.name, .scalar, $0.unit, default: .number(standard[keyPath: $0.keyPath]), $0.bound, $0.meaning)
      })
  }

  /// A rule with the parameters of a network file, which have been checked against ``entry``.
  public init(fields: [String: FieldValue]) {
    self.init()
    for parameter in Self.parameters {
      if case .number(let x) = fields[parameter.name] { self[keyPath: parameter.keyPath] = x }
    }
  }
}
