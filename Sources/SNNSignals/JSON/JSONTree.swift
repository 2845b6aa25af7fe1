/// A JSON text (RFC 8259, with `//` comments) read into values that keep their places.
///
/// A syntax error stops the reading; duplicate keys are collected beside the tree (the first of them stays).
/// Rejected as well: text that is not UTF-8, NaN and infinities in any spelling, trailing commas, lone surrogates and more than
/// ``maximumDepth`` levels of nesting.
public struct JSONTree: Sendable {
  /// What is wrong at one place of the text.
  public struct Problem: Error, Hashable, Sendable {
    public var line: Int32
    public var column: Int32
    /// Path of the value concerned, as in ``SourceLocation``.
    public var path: String
    public var problem: String
    public var hint: String?
  }
  public static let maximumDepth = 64

  public var root: JSONValue
  /// Duplicate keys.
  public var problems: [Problem]

  public init(_ bytes: some Collection<UInt8>) throws(Problem) {
    let result =
      bytes.withContiguousStorageIfAvailable { Self.read($0) } ?? Array(bytes).withUnsafeBufferPointer { Self.read($0) }
    self = try result.get()
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONTree, Problem> {
    if let problem = utf8Problem(bytes) { return .failure(problem) }
    var parser = JSONParser(bytes: bytes)
    do throws(Problem) {
      let root = try parser.document()
      return .success(JSONTree(root: root, problems: parser.problems))
    } catch {
      return .failure(error)
    }
  }

  private init(root: JSONValue, problems: [Problem]) {
    self.root = root
    self.problems = problems
  }
}
