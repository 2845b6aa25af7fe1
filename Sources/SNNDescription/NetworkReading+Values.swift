import Foundation
import SNNSignals

/// How many values a list must hold, and of whom: "neurons of \"E\"".
struct EntityCount {
  var number: Int
  var what: String
}

extension NetworkReading {
  /// A number, a list, `{"file"}` or `{"dist"}`.
  mutating func valueSource(_ node: Node, _ unit: Unit, _ bound: Bound = .any, counts: [EntityCount] = []) -> ValueSource? {
    switch node.value.content {
    case .array(let items):
      for count in counts where items.count != count.number {
        report(
          node, "the list holds \(items.count) value\(items.count == 1 ? "" : "s"), but there are \(count.number) \(count.what)")
        return nil
      }
      return numbers(node, unit, bound).map { .list($0) }
    case .object:
      guard let members = members(node, expected: "") else { return nil }
      if members["file"] != nil { return file(members).map { .file($0) } }
      if members["dist"] != nil { return distribution(members, unit, bound).map { .distribution($0) } }
      report(
        node, "the object has neither \"file\" nor \"dist\"", hint: "a value is a number, a list, {\"file\": …} or {\"dist\": …}")
      return nil
    default: return quantity(node, unit, bound).map { .number($0) }
    }
  }

  /// A list of numbers or quantity strings.
  mutating func numbers(_ node: Node, _ unit: Unit, _ bound: Bound) -> [Double]? {
    guard case .array(let items) = node.value.content else {
      report(node, "expected a list, found \(node.value.kind)")
      return nil
    }
    var result: [Double] = []
    result.reserveCapacity(items.count)
    for (i, item) in items.enumerated() {
      // Plain numbers, as in a list of a million, need no node and no path.
      if case .number(let x) = item.content, bound.allows(x), Self.isInReach(x, unit) {
        result.append(x)
      } else if let x = quantity(node.item(i, item), unit, bound) {
        result.append(x)
      } else if isFlood(node, i + 1 - result.count) {
        return nil
      }
    }
    return result.count == items.count ? result : nil
  }

  /// A whole number within a bound.
  mutating func integer(_ node: Node, _ bound: Bound) -> Int? {
    guard let n = integer(node, in: Int.min / 2...Int.max / 2) else { return nil }
    if bound.allows(Double(n)) { return n }
    report(node, "\(n) is out of range", hint: Self.text(of: bound).map { "it must be \($0)" })
    return nil
  }

  /// A list of whole numbers.
  mutating func integers(_ node: Node, _ bound: Bound) -> [Int]? {
    guard case .array(let items) = node.value.content else {
      report(node, "expected a list of whole numbers, found \(node.value.kind)")
      return nil
    }
    var result: [Int] = []
    for (i, item) in items.enumerated() {
      if let n = integer(node.item(i, item), bound) {
        result.append(n)
      } else if isFlood(node, i + 1 - result.count) {
        return nil
      }
    }
    return result.count == items.count ? result : nil
  }

  /// Whether ten items of a list were wrong: the errors about the others would say the same.
  private mutating func isFlood(_ list: Node, _ wrong: Int) -> Bool {
    guard wrong == 10 else { return false }
    report(list, "ten items of the list are wrong, and the others were not looked at")
    return true
  }

  /// A list of ids below each of `counts`; different ones if `unique`.
  mutating func ids(_ node: Node, below counts: [EntityCount], unique: Bool) -> [UInt32]? {
    guard case .array(let items) = node.value.content else {
      report(node, "expected a list of ids, found \(node.value.kind)")
      return nil
    }
    var result: [UInt32] = []
    result.reserveCapacity(items.count)
    var seen = Set<UInt32>()
    for (i, item) in items.enumerated() {
      if isFlood(node, i - result.count) { return nil }
      guard let id = integer(node.item(i, item), in: 0...Int(UInt32.max)).map({ UInt32($0) }) else { continue }
      if let count = counts.first(where: { Int(id) >= $0.number }) {
        report(
          node.item(i, item), "there is no id \(id): there are \(count.number) \(count.what)",
          hint: "ids run from 0 to \(count.number - 1)")
      } else if unique, !seen.insert(id).inserted {
        report(node.item(i, item), "the id \(id) stands twice in the list")
      } else {
        result.append(id)
      }
    }
    return result.count == items.count ? result : nil
  }

  private mutating func file(_ members: Members) -> String? {
    check(members, allowed: ["file"], of: "a file value")
    return members["file"].flatMap { path($0) }
  }
}
