import Foundation
import SNNSignals

/// The section `parameters`: values that `${…}` stands for, worked out when first asked for.
struct ParameterTable {
  enum Value: Hashable {
    case number(Double)
    case text(String)
    /// Wrong, and already reported.
    case broken
  }
  var order: [String] = []
  var nodes: [String: Node] = [:]
  var values: [String: Value] = [:]
  /// Parameters being worked out, to find cycles.
  var open: [String] = []
}

extension NetworkReading {
  /// Thrown when the cause was already reported.
  private static let reported = Expression.Problem(text: "", hint: nil)

  /// Bytes; parameters that double each other's text would fill the memory otherwise.
  private static let longestText = 65536

  mutating func readParameters(_ node: Node) {
    guard let members = members(node, expected: "an object of numbers and strings") else { return }
    for (member, key) in zip(members.list, members.keys) {
      if !Expression.isName(member.key) || member.key == "pi" {
        report(
          key, "\"\(member.key)\" can't name a parameter", hint: "letters, digits and _, not beginning with a digit, and not pi")
      }
      parameters.order.append(member.key)
      parameters.nodes[member.key] = member.node
    }
    for name in parameters.order { _ = parameter(name) }
  }

  /// The value of a parameter; `nil` if there is none.
  mutating func parameter(_ name: String) -> ParameterTable.Value? {
    if let known = parameters.values[name] { return known }
    guard let node = parameters.nodes[name] else { return nil }
    if let start = parameters.open.firstIndex(of: name) {
      let cycle = parameters.open[start...] + [name]
      report(node, "parameters refer to each other in a circle: " + cycle.joined(separator: " -> "))
      for member in cycle { parameters.values[member] = .broken }
      return .broken
    }
    guard parameters.open.count < Expression.maximumDepth else {
      report(node, "parameters refer to each other more than \(Expression.maximumDepth) levels deep")
      return .broken
    }
    parameters.open.append(name)
    defer { parameters.open.removeLast() }
    let value: ParameterTable.Value
    switch substituted(node)?.content {
    case .number(let x): value = .number(x)
    case .whole(let n): value = .number(Double(n))
    case .string(let text): value = .text(text)
    case nil: value = .broken
    case .some:
      report(node, "expected a number or a string, found \(node.value.kind)")
      value = .broken
    }
    // A cycle found below has already marked this one.
    if parameters.values[name] == nil { parameters.values[name] = value }
    return parameters.values[name]
  }

  /// The value with `${…}` replaced; `nil` when that failed, which is then reported. Looks at this value only, not inside it.
  mutating func substituted(_ node: Node) -> JSONValue? {
    guard case .string(let text) = node.value.content, text.contains("${") else { return node.value }
    var value = node.value
    var result = ""
    var rest = text[...]
    while let open = rest.range(of: "${") {
      guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
        report(node, "\"${\" without \"}\"")
        return nil
      }
      let body = rest[open.upperBound..<close].trimmingCharacters(in: .whitespaces)
      let isWhole = result.isEmpty && open.lowerBound == text.startIndex && rest.index(after: close) == text.endIndex
      switch evaluate(body, node) {
      case .number(let x):
        value.content = .number(x)
        result += rest[..<open.lowerBound] + numberText(x)
      case .text(let string):
        value.content = .string(string)
        result += rest[..<open.lowerBound] + string
      case .broken: return nil
      }
      if isWhole { return value }
      guard result.utf8.count <= Self.longestText else {
        report(node, "the text is longer than \(Self.longestText) bytes once its parameters are filled in")
        return nil
      }
      rest = rest[rest.index(after: close)...]
    }
    value.content = .string(result + rest)
    return value
  }

  private mutating func evaluate(_ body: String, _ node: Node) -> ParameterTable.Value {
    if Expression.isName(body), body != "pi", let value = parameter(body) { return value }
    // The closure can't change the reading, so the parameters it may need are worked out before.
    for name in names(in: body) { _ = parameter(name) }
    let table = parameters
    do throws(Expression.Problem) {
      let value = try Expression.value(of: body) { (name) throws(Expression.Problem) -> Double in
        switch table.values[name] {
        case .number(let x): return x
        case .text: throw Expression.Problem(text: "the parameter \"\(name)\" is text, not a number", hint: nil)
        case .broken: throw Self.reported
        case nil:
          throw Expression.Problem(
            text: "there is no parameter \"\(name)\"", hint: suggestion(for: name, among: table.order, title: "parameters"))
        }
      }
      return .number(value)
    } catch {
      if !error.text.isEmpty { report(node, error.text, hint: error.hint) }
      return .broken
    }
  }

  private func names(in expression: String) -> [String] {
    var names: [String] = []
    var current = ""
    for scalar in expression.unicodeScalars {
      if Expression.continuesName(scalar) {
        current.unicodeScalars.append(scalar)
      } else {
        names.append(current)
        current = ""
      }
    }
    return (names + [current]).filter { parameters.nodes[$0] != nil }
  }
}
