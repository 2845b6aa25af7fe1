import Foundation
import SNNSignals

extension NetworkReading {
  /// A number in `unit`, or a string with a unit of its dimension.
  mutating func quantity(_ node: Node, _ unit: Unit, _ bound: Bound = .any) -> Double? {
    guard let value = substituted(node), let x = quantity(value, node, unit) else { return nil }
    guard x.isFinite else {
      report(node, "the value is not finite")
      return nil
    }
    guard Self.isInReach(x, unit) else {
      report(node, "\(quantityText(x, unit)) is out of range", hint: "times reach to 1e9 ms (11.6 days)")
      return nil
    }
    guard bound.allows(x) else {
      report(node, "\(quantityText(x, unit)) is out of range", hint: Self.text(of: bound).map { "it must be \($0)" })
      return nil
    }
    return x
  }

  private mutating func quantity(_ value: JSONValue, _ node: Node, _ unit: Unit) -> Double? {
    if let x = value.number { return x }
    let spellings = unit.spellings.map(\.symbol)
    let expected =
      unit == .none ? "a number" : "a number in \(unit.rawValue), or a string with a unit (\(spellings.joined(separator: ", ")))"
    guard case .string(let text) = value.content else {
      report(node, "expected \(expected), found \(value.kind)")
      return nil
    }
    guard let (x, symbol) = Self.split(text) else {
      report(node, "expected \(expected), found \"\(text.prefix(60))\"")
      return nil
    }
    if symbol.isEmpty {
      let hint =
        unit == .none
        ? "write it without quotes" : "write the number without quotes, or with a unit: \"\(text) \(unit.rawValue)\""
      report(node, "\"\(text.prefix(60))\" has no unit", hint: hint)
      return nil
    }
    guard let factor = unit.spellings.first(where: { $0.symbol == symbol })?.factor else {
      let what = Unit.allCases.contains { $0.spellings.contains { $0.symbol == symbol } } ? "wrong unit" : "unknown unit"
      report(
        node, "\(what) \"\(symbol.prefix(20))\": expected \(unit == .none ? "a plain number" : unit.rawValue)",
        hint: spellings.isEmpty ? nil : "units: " + spellings.joined(separator: ", "))
      return nil
    }
    // Dividing by the whole number 1/factor rounds once; multiplying by 1e-3 would round twice.
    return factor < 1 ? x / (1 / factor).rounded() : x * factor
  }

  /// "0.1 mV" into number and unit; `nil` when it doesn't begin with a number.
  private static func split(_ text: String) -> (Double, String)? {
    let text = text.trimmingCharacters(in: .whitespaces)
    var end = text.startIndex
    // The longest beginning that is a number: "1e3 ms" and "1 ms" alike.
    var best: (Double, String.Index)?
    while end < text.endIndex, "+-.0123456789eE".contains(text[end]) {
      end = text.index(after: end)
      if let x = Double(text[..<end]), x.isFinite { best = (x, end) }
    }
    guard let (x, rest) = best else { return nil }
    return (x, text[rest...].trimmingCharacters(in: .whitespaces))
  }

  /// Whether a value can be counted in picoseconds, if it is a time.
  static func isInReach(_ x: Double, _ unit: Unit) -> Bool { unit != .ms || Time.isRepresentable(milliseconds: x) }

  static func text(of bound: Bound) -> String? {
    if case .range(let r) = bound { return "from \(numberText(r.lowerBound)) to \(numberText(r.upperBound))" }
    return bound.text
  }

  func quantityText(_ x: Double, _ unit: Unit) -> String {
    unit == .none ? numberText(x) : "\(numberText(x)) \(unit.rawValue)"
  }

  /// A whole number within `range`; the result of an expression counts as whole within 1e-9 of its size.
  mutating func integer(_ node: Node, in range: ClosedRange<Int>) -> Int? {
    guard let value = substituted(node) else { return nil }
    guard let x = value.number else {
      report(node, "expected a whole number, found \(describe(value))")
      return nil
    }
    let whole = x.rounded()
    guard abs(x - whole) <= 1e-9 * abs(x) else {
      report(node, "expected a whole number, found \(numberText(x))")
      return nil
    }
    guard whole >= Double(range.lowerBound), whole <= Double(range.upperBound) else {
      let hint = range.upperBound == .max ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      report(node, "\(numberText(x)) is out of range", hint: "it must be \(hint)")
      return nil
    }
    return Int(exactly: whole)
  }

  mutating func seed(_ node: Node) -> UInt64? {
    guard let value = substituted(node) else { return nil }
    if case .whole(let n) = value.content { return n }
    if let x = value.number, let n = UInt64(exactly: x), x <= 0x1p53 { return n }
    report(node, "expected a whole number from 0 to 18446744073709551615, found \(describe(value))")
    return nil
  }

  mutating func boolean(_ node: Node) -> Bool? {
    guard let value = substituted(node) else { return nil }
    if case .boolean(let b) = value.content { return b }
    report(node, "expected true or false, found \(describe(value))")
    return nil
  }

  mutating func text(_ node: Node) -> String? {
    guard let value = substituted(node) else { return nil }
    if case .string(let text) = value.content { return text }
    report(node, "expected a string, found \(describe(value))")
    return nil
  }

  mutating func choice(_ node: Node, among words: [String]) -> String? {
    guard let text = text(node) else { return nil }
    if words.contains(text) { return text }
    report(node, "\"\(text.prefix(60))\" is none of the choices", hint: suggestion(for: text, among: words, title: "choices"))
    return nil
  }

  /// A name or a list of different names, at least one.
  mutating func names(_ node: Node) -> [(name: String, node: Node)]? {
    guard let value = substituted(node) else { return nil }
    switch value.content {
    case .string(let name): return [(name, node)]
    case .array(let items):
      var names: [(name: String, node: Node)] = []
      var isComplete = true
      var seen = Set<String>()
      for (i, item) in items.enumerated() {
        let item = node.item(i, item)
        guard let name = text(item) else {
          isComplete = false
          continue
        }
        if !seen.insert(name).inserted {
          report(item, "\"\(name)\" stands twice in the list")
          isComplete = false
        } else {
          names.append((name, item))
        }
      }
      if items.isEmpty { report(node, "the list is empty") }
      return isComplete && !names.isEmpty ? names : nil
    default:
      report(node, "expected a name or a list of names, found \(value.kind)")
      return nil
    }
  }

  func describe(_ value: JSONValue) -> String {
    switch value.content {
    case .number(let x): numberText(x)
    case .string(let text): "\"\(text.prefix(60))\""
    default: value.kind
    }
  }
}
