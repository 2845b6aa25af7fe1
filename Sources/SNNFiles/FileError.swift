import Foundation

/// What is wrong with a file, said so that its owner can mend it.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `read`: the file's content is to blame; `write`: the disk or its rights are (exit code 74 of the command).
  public enum Operation: Sendable { case read, write }
  public var operation: Operation
  public var file: String
  public var problem: String
  public var hint: String?

  public init(_ operation: Operation, _ file: String, _ problem: String, hint: String? = nil) {
    self.operation = operation
    self.file = file
    self.problem = problem
    self.hint = hint
  }

  public var description: String { "\(file): \(problem)" + (hint.map { "\n  hint: \($0)" } ?? "") }

  static func read(_ file: String, _ problem: String, hint: String? = nil) -> FileError {
    FileError(.read, file, problem, hint: hint)
  }
  /// The operating system's word for what just failed. Call directly after the failing call.
  static func system(_ operation: Operation, _ file: String, _ action: String, code: Int32 = errno) -> FileError {
    let reason = String(cString: strerror(code))
    let hint: String? =
      switch code {
      case ENOSPC: "the disk is full"
      case EACCES, EPERM: "check the rights of the file and its directory"
      case ENOENT where operation == .write: "the directory does not exist"
      default: nil
      }
    return FileError(operation, file, "cannot \(action): \(reason)", hint: hint)
  }
}
