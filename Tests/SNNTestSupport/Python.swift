import Foundation

/// The field's own readers, called from tests that check what we wrote.
///
/// The interpreter is `$SNNSIM_PYTHON` or `.venv/bin/python` at the root of the package; without it such tests are skipped.
public enum Python {
  static let interpreter: String = {
    if let named = ProcessInfo.processInfo.environment["SNNSIM_PYTHON"] { return named }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return root.path + "/.venv/bin/python"
  }()

  /// Whether these modules can be imported.
  public static func has(_ modules: String...) -> Bool {
    FileManager.default.isExecutableFile(atPath: interpreter)
      && (try? run("import " + modules.joined(separator: ", "))) != nil
  }

  public struct Failure: Error { public var message: String }

  /// Runs a script and returns what it printed, without the last newline.
  @discardableResult
  public static func run(_ script: String, _ arguments: String...) throws -> String { try run(arguments: arguments, script) }

  /// The same with the arguments in a list.
  public static func run(arguments: [String], _ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = ["-c", script] + arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let problem = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: String(decoding: problem, as: UTF8.self)) }
    return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
