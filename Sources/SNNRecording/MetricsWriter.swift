import SNNFiles
import SNNSignals

/// Writes `metrics.jsonl`: one object a line, on the disk as soon as it is known, so that whoever looks on sees it grow.
public final class MetricsWriter {
  private let file: OutputFile

  init(path: String) throws { file = try OutputFile(path: path) }

  public func append(_ object: JSONText) throws {
    try file.write(Array((object.line + "\n").utf8))
    try file.flush()
  }

  public func close() throws { try file.close() }
}
