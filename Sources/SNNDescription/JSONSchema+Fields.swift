import SNNSignals

extension JSONSchema {
  /// A number in `unit` or a string with a unit; `nil` stands for a unit that depends on the target.
  static func quantity(_ unit: Unit?, _ bound: Bound, _ meaning: String?, standard: JSONText? = nil) -> JSONText {
    let inUnit = unit.map { $0 == .none ? "" : ", \($0.rawValue)" } ?? ""
    return described(anyOf(quantities(unit, bound)), meaning.map { $0 + inUnit }, standard: standard)
  }

  /// A number, a list, a file or a distribution.
  static func value(_ unit: Unit?, _ bound: Bound, _ meaning: String?, standard: JSONText? = nil) -> JSONText {
    let single = quantities(unit, bound)
    let list: JSONText = .object([("type", .text("array")), ("items", anyOf(single))])
    let inUnit = unit.map { $0 == .none ? "" : ", \($0.rawValue)" } ?? ""
    return described(anyOf(single + [list, file] + distributions(unit)), meaning.map { $0 + inUnit }, standard: standard)
  }

  static func field(_ field: FieldDescription) -> JSONText {
    let standard: JSONText? =
      switch field.standard {
      case .required, .absent: nil
      case .number(let x): .number(x)
      case .boolean(let b): .boolean(b)
      case .text(let text): .text(text)
      case .numbers(let list): .array(list.map { .number($0) })
      }
    let single = quantities(field.unit, field.bound)
    let list: JSONText = .object([("type", .text("array")), ("items", anyOf(single))])
    let meaning = field.unit == .none ? field.meaning : "\(field.meaning), \(field.unit.rawValue)"
    switch field.kind {
    case .quantity: return value(field.unit, field.bound, field.meaning, standard: standard)
    case .scalar: return described(anyOf(single), meaning, standard: standard)
    case .integer:
      return described(anyOf(integers(field.bound)), meaning, standard: standard)
    case .boolean: return described(typed("boolean"), meaning, standard: standard)
    case .text, .path, .folder, .population: return described(typed("string"), meaning, standard: standard)
    case .choice(let words): return choice(words, meaning, standard: standard)
    case .numbers: return described(list, meaning, standard: standard)
    case .ids: return ids(meaning)
    case .integers:
      let list: JSONText = .object([("type", .text("array")), ("items", anyOf(integers(field.bound)))])
      return described(list, meaning, standard: standard)
    case .names: return names(meaning)
    case .series: return described(anyOf(single + [list, file]), meaning, standard: standard)
    }
  }

  private static func integers(_ bound: Bound) -> [JSONText] {
    [.object([("type", .text("integer"))] + limits(bound)), expression]
  }

  private static func quantities(_ unit: Unit?, _ bound: Bound) -> [JSONText] {
    [.object([("type", .text("number"))] + limits(bound)), text(of: unit)]
  }

  /// A quantity string: a number with one of the unit's spellings, or anything with `${…}` in it.
  private static func text(of unit: Unit?) -> JSONText {
    let spellings = (unit.map { [$0] } ?? Unit.allCases).flatMap { $0.spellings.map(\.symbol) }
    guard !spellings.isEmpty else { return expression }
    let units = spellings.joined(separator: "|")
    let pattern = "\\$\\{|^\\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\\s*(\(units))\\s*$"
    return .object([("type", .text("string")), ("pattern", .text(pattern))])
  }

  private static func limits(_ bound: Bound) -> [Member] {
    switch bound {
    case .any: []
    case .positive: [("exclusiveMinimum", .integer(0))]
    case .nonNegative: [("minimum", .integer(0))]
    case .nonPositive: [("maximum", .integer(0))]
    case .fraction: [("minimum", .integer(0)), ("maximum", .integer(1))]
    case .range(let r): [("minimum", .number(r.lowerBound)), ("maximum", .number(r.upperBound))]
    }
  }

  private static var file: JSONText { .object(object([("file", typed("string"))], required: ["file"])) }

  private static func distributions(_ unit: Unit?) -> [JSONText] {
    func distribution(_ name: String, _ unit: Unit?, _ required: [String], _ optional: [String] = []) -> JSONText {
      let kind: Member = ("dist", .object([("const", .text(name))]))
      let fields = (required + optional).map { ($0, anyOf(quantities(unit, .any))) }
      return .object(object([kind] + fields, required: ["dist"] + required))
    }
    return [
      distribution("uniform", unit, ["low", "high"]), distribution("normal", unit, ["mean", "sd"], ["min", "max"]),
      distribution("lognormal", Unit.none, ["mean", "sd"]), distribution("exponential", unit, ["mean"]),
    ]
  }
}
