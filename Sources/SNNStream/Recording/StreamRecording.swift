import SNNSignals

/// Writes the messages of a stream into a file.
public enum StreamRecording {
  /// What was recorded.
  public struct Summary: Sendable {
    public var messages: Int
    public var malformed: Int
    /// `done`, `interrupted` and so on; nil when recording ended before the run did.
    public var status: String?
  }

  /// Records until the run has ended, or `shouldStop`.
  /// - Parameter silence: s without any message after which a stream counts as gone; 0 waits for ever.
  public static func record(
    _ endpoint: String, to path: String, force: Bool = false, topics: [String] = [""], keys: StreamKeys? = nil,
    silence: Double = 0, shouldStop: () -> Bool = { false }
  ) throws(StreamError) -> Summary {
    let writer = try StreamFile.Writer(path: path, force: force)
    let socket = try ZMQSocket(.sub, ZMQContext())
    try socket.set(.receiveQueue, 0)
    try keys?.protectClient(socket)
    // How the stream ends must be known, whatever is asked for.
    for topic in topics + ["end/"] { try socket.subscribe(topic) }
    try socket.connect(endpoint)
    var summary = Summary(messages: 0, malformed: 0)
    var last = streamWall()
    while summary.status == nil, !shouldStop() {
      guard let frames = try socket.receive(timeout: 100) else {
        if silence > 0, Double(streamWall() - last) / 1e9 > silence { break }
        continue
      }
      last = streamWall()
      guard let message = try? StreamMessage(frames) else {
        summary.malformed += 1
        continue
      }
      try writer.append(frames, wall: last)
      if message.header.kind == .end { summary.status = message.header["status"]?.text ?? "unknown" }
    }
    summary.messages = writer.messages
    try writer.close()
    return summary
  }
}
