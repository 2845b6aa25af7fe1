import SNNFiles
import SNNSignals

/// Writes `metrics.jsonl`: one object a line, on the disk as soon as it is known, so that whoever looks on sees it grow.
public final class MetricsWriter: Checkpointed {
  private let file: OutputFile

  /// - Parameter isContinued: what is there counts as far as the checkpoint says that ``pass(through:)`` is then given.
  init(path: String, isContinued: Bool) throws { file = try OutputFile(path: path, isContinued: isContinued) }

  /// The lines lie in the file itself; the checkpoint says how much of it counts.
  public func pass(through state: StateTransfer) throws {
    try state.section("metrics") {
      var count = file.count
      try state.value(&count)
      try state.require(count >= 0 && count <= file.size, "recorded data are missing: metrics.jsonl had \(count) bytes")
      if state.isRestoring { try file.truncate(to: count) }
    }
  }

  public func append(_ object: JSONText) throws {
    try file.write(Array((object.line + "\n").utf8))
    try file.flush()
  }

  public func close() throws { try file.close() }
}
