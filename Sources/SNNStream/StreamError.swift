/// What went wrong between this program and the network, said so that its user can mend it.
public struct StreamError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is to blame: the other side or the way there, a file that was read, or what was to be written or bound.
  public enum Cause: Sendable { case connection, input, output }
  public var cause: Cause
  public var problem: String
  public var hint: String?

  public init(_ problem: String, cause: Cause = .connection, hint: String? = nil) {
    self.cause = cause
    self.problem = problem
    self.hint = hint
  }

  public var description: String { problem + (hint.map { "\n  hint: \($0)" } ?? "") }
}
