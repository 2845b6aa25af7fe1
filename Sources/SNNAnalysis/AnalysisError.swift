/// Input that no statistic or figure can be made of, or a tool that is missing.
public struct AnalysisError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What it concerns: a population, a record or a program.
  public var subject: String
  public var problem: String
  public var hint: String?

  public init(subject: String, problem: String, hint: String? = nil) {
    self.subject = subject
    self.problem = problem
    self.hint = hint
  }
  public var description: String { "\(subject): \(problem)" + (hint.map { "\n  hint: \($0)" } ?? "") }
}
