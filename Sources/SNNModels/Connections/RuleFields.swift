import SNNSignals

/// A rule was made from fields that lack one, or hold it as something else than its description says.
public struct RuleFieldError: Error, Equatable, CustomStringConvertible {
  public var rule: String
  public var field: String

  public init(rule: String, field: String) {
    self.rule = rule
    self.field = field
  }

  public var description: String { "rule \"\(rule)\" needs a field \"\(field)\" of the kind that its description names" }
}

/// The checked fields of one rule, read by name.
struct RuleFields {
  var rule: String
  var fields: [String: FieldValue]

  func integer(_ name: String) throws -> Int {
    switch fields[name] {
    case .integer(let n): return n
    case .number(let x): if let n = Int(exactly: x) { return n }
    default: break
    }
    throw RuleFieldError(rule: rule, field: name)
  }
  func number(_ name: String) throws -> Double {
    switch fields[name] {
    case .number(let x), .value(.number(let x)): return x
    case .integer(let n): return Double(n)
    default: throw RuleFieldError(rule: rule, field: name)
    }
  }
  func flag(_ name: String, default standard: Bool) throws -> Bool {
    switch fields[name] {
    case .boolean(let b): return b
    case nil: return standard
    default: throw RuleFieldError(rule: rule, field: name)
    }
  }
  func ids(_ name: String) throws -> [UInt32] {
    guard case .ids(let ids) = fields[name] else { throw RuleFieldError(rule: rule, field: name) }
    return ids
  }
  /// nil when absent.
  func numbers(_ name: String) throws -> [Double]? {
    switch fields[name] {
    case .numbers(let xs), .value(.list(let xs)): return xs
    case nil: return nil
    default: throw RuleFieldError(rule: rule, field: name)
    }
  }
}

extension FieldDescription {
  static let autapses = FieldDescription(
    "autapses", .boolean, default: .boolean(false), .any, "whether a neuron may connect to itself")
  static let multapses = FieldDescription(
    "multapses", .boolean, default: .boolean(true), .any, "whether a pair of neurons may be connected more than once")
}
