import SNNSignals

/// Asks a running simulation for something on its control channel. Used by one thread.
public final class StreamRemote {
  private let socket: ZMQSocket
  private var number = 0

  /// - Parameter endpoint: that of the stream; the control channel is beside it.
  public init(_ endpoint: String, keys: StreamKeys? = nil, context: ZMQContext = ZMQContext()) throws(StreamError) {
    guard let endpoint = StreamEndpoint(endpoint) else {
      throw StreamError("\"\(endpoint)\" is no endpoint", hint: StreamEndpoint.form)
    }
    socket = try ZMQSocket(.dealer, context)
    try keys?.protectClient(socket)
    try socket.connect(endpoint.control.description)
  }

  /// Sends `{"cmd": command}` with more members and waits for the reply.
  /// - Throws: when none comes in time.
  public func request(
    _ command: String, _ more: [JSONText.Member] = [], timeout milliseconds: Int = 1000
  ) throws(StreamError) -> JSONText {
    number += 1
    let request = JSONText.object([("cmd", .text(command)), ("id", .integer(number))] + more)
    try socket.send([[], Array(request.line.utf8)])
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(milliseconds)
    while clock.now < deadline {
      let left = (deadline - clock.now).components
      let milliseconds = Int(left.seconds) * 1000 + Int(left.attoseconds / 1_000_000_000_000_000) + 1
      guard let frame = try socket.receive(timeout: milliseconds)?.last, let tree = try? JSONTree(frame) else { continue }
      let reply = JSONText(tree.root)
      // An answer to an earlier request, which came too late for it.
      if let id = reply["id"]?.unsigned, id != UInt64(number) { continue }
      return reply
    }
    throw StreamError(
      "no reply to \"\(command)\" within \(milliseconds) ms", hint: "is the simulation running, and is this its endpoint?")
  }
}
