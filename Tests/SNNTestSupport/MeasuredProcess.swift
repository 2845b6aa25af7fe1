import Foundation

/// Runs the command through an interpreter that measures it: the system adds the size of whoever starts a process to its peak, and
/// that of a test is large.
public enum MeasuredProcess {
  public struct Outcome: Sendable {
    public var code: Int32
    /// Of processor time, in user and system.
    public var seconds: Double
    /// Largest resident size, 10⁶ bytes.
    public var megabytes: Double
    public var errors: String
  }

  public static let isAvailable = Python.has("resource") && SnnsimProcess.isBuilt
  public static let missing = "needs Python and the release binary"

  /// - Parameter seconds: of wall time, after which the process is killed.
  public static func run(_ arguments: [String], limit seconds: Double = 60) throws -> Outcome {
    let text = try Python.run(
      arguments: ["\(seconds)", SnnsimProcess.binary] + arguments,
      """
      import resource, subprocess, sys
      try:
          done = subprocess.run(sys.argv[2:], capture_output=True, timeout=float(sys.argv[1]))
          code, errors = done.returncode, done.stderr.decode(errors="replace")
      except subprocess.TimeoutExpired:
          code, errors = 124, "took more than " + sys.argv[1] + " s"
      used = resource.getrusage(resource.RUSAGE_CHILDREN)
      print(code, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6)
      print(errors)
      """)
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = lines[0].split(separator: " ").compactMap { Double($0) }
    return Outcome(
      code: Int32(numbers[0]), seconds: numbers[1], megabytes: numbers[2], errors: lines.count > 1 ? String(lines[1]) : "")
  }
}
