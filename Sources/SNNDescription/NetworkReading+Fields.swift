import SNNSignals

extension NetworkReading {
  /// The fields of an entry's own, with defaults filled in.
  mutating func fields(_ entry: EntryDescription, _ members: Members, counts: [EntityCount]) -> [String: FieldValue] {
    var result: [String: FieldValue] = [:]
    for field in entry.fields {
      if let node = members[field.name] {
        result[field.name] = fieldValue(field, node, counts: counts)
      } else if field.standard == .required {
        _ = required(field.name, of: members, hint: "\(field.name): \(field.meaning)")
      } else {
        result[field.name] = Self.standardValue(field)
      }
    }
    return result
  }

  static func standardValue(_ field: FieldDescription) -> FieldValue? {
    switch (field.standard, field.kind) {
    case (.required, _), (.absent, _): nil
    case (.number(let x), .integer): .integer(Int(x))
    case (.numbers(let list), .integers): .integers(list.map { Int($0) })
    case (.numbers(let list), _): .numbers(list)
    case (.number(let x), .quantity), (.number(let x), .series): .value(.number(x))
    case (.number(let x), _): .number(x)
    case (.boolean(let b), _): .boolean(b)
    case (.text(let text), _): .text(text)
    }
  }

  private mutating func fieldValue(_ field: FieldDescription, _ node: Node, counts: [EntityCount]) -> FieldValue? {
    switch field.kind {
    case .quantity: return valueSource(node, field.unit, field.bound, counts: counts).map { .value($0) }
    case .scalar: return quantity(node, field.unit, field.bound).map { .number($0) }
    case .integer: return integer(node, field.bound).map { .integer($0) }
    case .integers: return integers(node, field.bound).map { .integers($0) }
    case .boolean: return boolean(node).map { .boolean($0) }
    case .text: return text(node).map { .text($0) }
    case .choice(let words): return choice(node, among: words).map { .text($0) }
    case .numbers: return numbers(node, field.unit, field.bound).map { .numbers($0) }
    case .ids: return ids(node, below: counts, unique: false).map { .ids($0) }
    case .path: return path(node).map { .path($0) }
    case .folder: return folder(node).map { .path($0) }
    case .names: return names(node).map { .names($0.map(\.0)) }
    case .population:
      guard let name = text(node) else { return nil }
      guard names.isKnown(name) else {
        let hint = suggestion(for: name, among: names.list.map(\.name), title: "known")
        report(node, "there is no population or input with a size \"\(name)\"", hint: hint)
        return nil
      }
      return .text(name)
    case .series:
      guard let source = valueSource(node, field.unit, field.bound) else { return nil }
      if case .distribution = source {
        report(node, "a distribution can't stand here", hint: "a number, a list or {\"file\": …}")
        return nil
      }
      return .value(source)
    }
  }
}
