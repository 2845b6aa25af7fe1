import Foundation

/// Runs the command `snnsim` as a user would: as a process of its own, built for release.
///
/// The binary is `$SNNSIM_BINARY` or `.build/release/snnsim` at the root of the package; without it such tests are skipped.
public enum SnnsimProcess {
  public static let root: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  public static let binary: String =
    ProcessInfo.processInfo.environment["SNNSIM_BINARY"] ?? root.path + "/.build/release/snnsim"

  /// For `.enabled(if:)`, with ``missing`` as the comment.
  public static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: binary) }
  public static let missing = "needs the release binary: swift build -c release --product snnsim, or SNNSIM_BINARY"

  /// What a finished process left.
  public struct Outcome: Sendable {
    public var code: Int32
    public var stdout: String
    public var stderr: String

    /// Standard output as one JSON object, or nil if it is anything else.
    public var object: [String: Any]? {
      (try? JSONSerialization.jsonObject(with: Data(stdout.utf8))) as? [String: Any]
    }
  }

  /// Runs the command and waits for it.
  /// - Parameters:
  ///   - program: another program than the command.
  ///   - directory: the working directory; the present one unless given.
  ///   - environment: added to this process's own.
  ///   - whileRunning: called once with the process after its start, to signal it.
  public static func run(
    _ arguments: [String], program: String = binary, in directory: String? = nil, environment: [String: String] = [:],
    whileRunning: ((Process) throws -> Void)? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    // A file, because a second pipe that nobody reads could fill up and stop the process.
    let errorPath = FileManager.default.temporaryDirectory.appendingPathComponent("snnsim-\(UUID().uuidString).err")
    _ = FileManager.default.createFile(atPath: errorPath.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errorPath) }
    let errors = try FileHandle(forWritingTo: errorPath)
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    try whileRunning?(process)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try errors.close()
    // A process that a signal ended has the code a shell would show.
    let code = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
    return Outcome(
      code: code, stdout: String(decoding: text, as: UTF8.self),
      stderr: String(decoding: try Data(contentsOf: errorPath), as: UTF8.self))
  }

  public static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Writes `network` into a file and runs `snnsim run FILE --json` with more arguments; the results go to `directory`/out
  /// unless the arguments name an output or `--no-record`.
  public static func runNetwork(
    _ network: String, in directory: TemporaryDirectory, _ arguments: String..., name: String = "net.json"
  ) throws -> Outcome {
    let path = try directory.write(network, to: name)
    var all = ["run", path, "--json"] + arguments
    if !arguments.contains("--output") && !arguments.contains("--no-record") {
      all += ["--output", directory.file("out"), "--force"]
    }
    return try run(all, in: directory.path)
  }
}
