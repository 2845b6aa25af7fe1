/// A JSON value that knows where it stands.
public struct JSONValue: Sendable {
  public enum Content: Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    /// A whole number beyond 2⁵³, which a `Double` can't hold exactly (seeds).
    case whole(UInt64)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
  }
  public var content: Content
  /// From 1. 0 when the value came with the command line: then `column` counts its options.
  public var line: Int32
  /// From 1, in characters.
  public var column: Int32

  public init(_ content: Content, line: Int32, column: Int32) {
    self.content = content
    self.line = line
    self.column = column
  }

  /// For messages: "a number", "a list".
  public var kind: String {
    switch content {
    case .null: "null"
    case .boolean(let b): b ? "true" : "false"
    case .number, .whole: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  public var number: Double? {
    switch content {
    case .number(let x): x
    case .whole(let n): Double(n)
    default: nil
    }
  }
}

/// A key of a JSON object with its value.
public struct JSONMember: Sendable {
  public var key: String
  /// Where the key stands.
  public var line: Int32
  public var column: Int32
  public var value: JSONValue

  public init(key: String, line: Int32, column: Int32, value: JSONValue) {
    self.key = key
    self.line = line
    self.column = column
    self.value = value
  }
}
