/// A mistake in what a training was asked for: what is wrong, and what to do.
public struct TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  public var problem: String
  public var hint: String?
  /// The parameter of the learner, or the key of `train`, that the problem lies in; nil for the section as a whole.
  public var parameter: String?

  public init(_ problem: String, hint: String? = nil, parameter: String? = nil) {
    self.problem = problem
    self.hint = hint
    self.parameter = parameter
  }

  public var description: String { hint.map { "\(problem)\n  hint: \($0)" } ?? problem }
}
