extension JSONText {
  /// A value that was read, to be written again or looked into.
  public init(_ value: JSONValue) {
    switch value.content {
    case .null: self = .null
    case .boolean(let b): self = .boolean(b)
    case .number(let x): self = x.rounded() == x && abs(x) <= 0x1p53 ? .integer(Int(x)) : .number(x)
    case .whole(let n): self = .unsigned(n)
    case .string(let text): self = .text(text)
    case .array(let items): self = .array(items.map { JSONText($0) })
    case .object(let members): self = .object(members.map { ($0.key, JSONText($0.value)) })
    }
  }

  /// The member `key` of an object.
  public subscript(key: String) -> JSONText? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == key }?.1
  }

  public var number: Double? {
    switch self {
    case .number(let x): x
    case .integer(let n): Double(n)
    case .unsigned(let n): Double(n)
    default: nil
    }
  }

  /// A whole number from 0.
  public var unsigned: UInt64? {
    switch self {
    case .integer(let n): UInt64(exactly: n)
    case .unsigned(let n): n
    default: nil
    }
  }

  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var items: [JSONText]? { if case .array(let items) = self { items } else { nil } }
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
}
