/// A value that the command line puts in the place of one of the network file.
public struct Override: Hashable, Sendable {
  /// As the user typed it; stands for the file in error messages.
  public var spelling: String
  /// `run.duration`, `populations.E.size`; `nil` when there was no "=".
  public var path: String?
  /// JSON, or bare text that is taken as a string.
  public var value: String
  /// A second place, where the file has it.
  var twin: String?

  private init(spelling: String, path: String?, value: String) {
    self.spelling = spelling
    self.path = path
    self.value = value
  }

  /// `--set path=value`.
  public static func set(_ assignment: String) -> Override {
    let spelling = "--set \(assignment)"
    guard let equals = assignment.firstIndex(of: "=") else { return Override(spelling: spelling, path: nil, value: "") }
    return Override(
      spelling: spelling, path: String(assignment[..<equals]), value: String(assignment[assignment.index(after: equals)...]))
  }
  /// `--seed value`.
  public static func seed(_ value: String) -> Override {
    var override = Override(spelling: "--seed \(value)", path: "run.seed", value: value)
    override.twin = "train.seed"
    return override
  }
  /// `--duration value` (ms, or with a unit).
  public static func duration(_ value: String) -> Override {
    Override(spelling: "--duration \(value)", path: "run.duration", value: value)
  }
  /// `--engine value`.
  public static func engine(_ value: String) -> Override {
    Override(spelling: "--engine \(value)", path: "run.engine", value: value)
  }
}
