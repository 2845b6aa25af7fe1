import Foundation
import SNNSignals

/// Publishes a recorded stream again, byte for byte, at the pace at which it was recorded or another.
public final class StreamReplay {
  private let reader: StreamFile.Reader
  private let sockets: StreamSockets
  private let gate: KeyGate?
  private let context: ZMQContext
  private let settings: StreamSettings
  private let controls: StreamControls
  private var subscriptions = 0
  private var meta: [JSONText.Member] = []
  private var messages = 0
  private var time = 0.0

  /// - Parameter settings: of these, `realtime` is the speed: 1 as recorded, nil as fast as subscribers take it.
  public init(path: String, _ settings: StreamSettings) throws(StreamError) {
    var settings = settings
    // Without a pace nothing else would hold messages back from full queues.
    if settings.realtime == nil { settings.policy = .block }
    self.settings = settings
    reader = try StreamFile.Reader(path: path)
    context = ZMQContext()
    if let keys = settings.keys { gate = try KeyGate(keys, context) } else { gate = nil }
    sockets = try StreamSockets(settings, context)
    controls = StreamControls(realtime: settings.realtime)
  }

  public var endpoint: String { sockets.endpoint }
  public var control: String { sockets.controlEndpoint }

  /// Publishes to the end of the file.
  /// - Returns: the number of messages.
  public func run(shouldStop: () -> Bool = { false }) throws(StreamError) -> Int {
    defer {
      sockets.close(.block)
      gate?.socket.close()
      context.terminate()
    }
    func isEnding() -> Bool { controls.isStopRequested || shouldStop() }
    while subscriptions < settings.awaitedSubscriptions, !isEnding() { serve(waiting: 5) }
    var recorded: UInt64?
    // ns of the recording that are still to be waited for.
    var wait = 0.0
    while let message = try reader.next(), !isEnding() {
      if let before = recorded, message.wall > before { wait = Double(message.wall - before) }
      recorded = message.wall
      var mark = streamWall()
      serve(waiting: 0)
      while !isEnding(), controls.isPaused || wait > 0 && controls.realtime != nil {
        serve(waiting: controls.isPaused ? 5 : Int(min(5, (wait / (controls.realtime ?? 1) / 1e6).rounded(.up))))
        let now = streamWall()
        if !controls.isPaused { wait -= Double(now - mark) * (controls.realtime ?? 1) }
        mark = now
      }
      // Subscribers' queues are full: only where there is no pace.
      while try !sockets.data.send(message.frames), !isEnding() { serve(waiting: 1) }
      note(message.frames)
    }
    let deadline = streamWall() + UInt64(settings.linger * 1e9)
    while streamWall() < deadline, !isEnding() { serve(waiting: 5) }
    return messages
  }

  private func note(_ frames: [[UInt8]]) {
    messages += 1
    guard frames.count >= 2, let header = try? StreamHeader(frames[1]) else { return }
    time = max(time, header.watermark)
    if header.kind == .meta { meta = header.members }
  }

  private func serve(waiting milliseconds: Int) {
    if milliseconds > 0 {
      let others = gate.map { [$0.socket] } ?? []
      _ = ZMQSocket.wait(for: [sockets.data, sockets.control] + others, timeout: milliseconds)
    }
    gate?.serve()
    subscriptions += sockets.subscriptionChange()
    sockets.answer { request in
      StreamRequest.reply(to: request, controls: controls) { question in
        switch question {
        case .meta: [("meta", .object(meta))]
        case .status:
          [
            ("state", .text(controls.isPaused ? "paused" : "running")), ("t", .number(time)),
            ("realtime", JSONText(controls.realtime)), ("subscriptions", .integer(subscriptions)),
          ]
        }
      }
    }
  }
}
