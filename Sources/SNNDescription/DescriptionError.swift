/// One thing that is wrong with a network file: where, what, and what to do.
public struct DescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  /// From 1; 0 when there is no line.
  public var line: Int
  /// From 1, in characters.
  public var column: Int
  /// `populations.E.params.tau_m`; list items as `times[3]`.
  public var path: String
  public var problem: String
  public var hint: String?

  public init(_ location: SourceLocation, _ problem: String, hint: String? = nil) {
    file = location.file
    line = location.line
    column = location.column
    path = location.path
    self.problem = problem
    self.hint = hint
  }

  /// `file:line:column: path: what is wrong`, then `  hint: …` on its own line.
  public var description: String {
    var text = file
    if line > 0 { text += ":\(line):\(column)" }
    text += ": "
    if !path.isEmpty { text += path + ": " }
    text += problem
    if let hint { text += "\n  hint: " + hint }
    return text
  }
}

/// Every error of a network file, in the order of the file.
public struct DescriptionErrors: Error, Hashable, Sendable, CustomStringConvertible {
  public var errors: [DescriptionError]

  /// Sorts by place and drops repetitions (a value shared through `like` is checked once for each population).
  public init(_ errors: [DescriptionError]) {
    var seen = Set<DescriptionError>()
    self.errors = errors.enumerated()
      .filter { seen.insert($0.element).inserted }
      .sorted { ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset) }
      .map(\.element)
  }

  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
