/// Where a value of a network file stands.
public struct SourceLocation: Hashable, Sendable {
  /// The file's name as the user gave it, or the command-line option (`--set run.seed=3`) that supplied the value.
  public var file: String
  /// From 1; 0 when the value has no line (command-line options, a file that can't be read).
  public var line: Int
  /// From 1, in characters.
  public var column: Int
  /// `populations.E.params.tau_m`; list items as `times[3]`. Empty for the whole file.
  public var path: String

  public init(file: String, line: Int, column: Int, path: String) {
    self.file = file
    self.line = line
    self.column = column
    self.path = path
  }

  /// The same place with the path of a member, for errors about it: `params.tau_m` of `populations.E`.
  public func member(_ subpath: String) -> SourceLocation {
    SourceLocation(file: file, line: line, column: column, path: path.isEmpty ? subpath : "\(path).\(subpath)")
  }
}
