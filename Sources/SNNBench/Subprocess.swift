import Foundation

/// Runs a command to its end and gives its standard output.
///
/// - Throws: ``BenchError/failed(command:status:output:)`` with the end of its standard error.
func answer(of executable: URL, _ arguments: [String], input: Data? = nil, scratch: URL) throws -> Data {
  let process = Process()
  process.executableURL = executable
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(["PYNEST_QUIET": "1"]) { $1 }
  let output = Pipe()
  process.standardOutput = output
  // Files, because a second pipe that nobody reads could fill up and stop the process.
  let errors = scratch.appendingPathComponent("stderr.txt")
  try Data().write(to: errors)
  process.standardError = try FileHandle(forWritingTo: errors)
  let request = scratch.appendingPathComponent("stdin.txt")
  try (input ?? Data()).write(to: request)
  process.standardInput = try FileHandle(forReadingFrom: request)
  try process.run()
  let said = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0, process.terminationReason == .exit else {
    let text = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    throw BenchError.failed(
      command: ([executable.lastPathComponent] + arguments.prefix(3)).joined(separator: " "),
      status: process.terminationStatus, output: String(text.suffix(2000)))
  }
  return said
}

/// The JSON object on the last line of `output`; earlier lines are a library's chatter.
func lastObject<T: Decodable>(_ type: T.Type, in output: Data, from command: String) throws -> T {
  let text = String(decoding: output, as: UTF8.self)
  guard let line = text.split(separator: "\n").last, let value = try? JSONDecoder().decode(type, from: Data(line.utf8)) else {
    throw BenchError.unreadable(command: command, output: text)
  }
  return value
}

/// Runs `body` with a folder that is gone afterwards.
func withScratch<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("snnsim-bench-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: scratch) }
  return try body(scratch)
}
