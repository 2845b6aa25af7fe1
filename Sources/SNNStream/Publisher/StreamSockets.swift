import SNNSignals

/// The two sockets of the native format, bound. Made by one thread, used by another.
final class StreamSockets: @unchecked Sendable {
  // @unchecked: handed over once, before its thread begins.
  let data: ZMQSocket
  let control: ZMQSocket
  /// With the ports that were chosen.
  let endpoint: String
  let controlEndpoint: String

  init(_ settings: StreamSettings, _ context: ZMQContext) throws(StreamError) {
    try settings.checkReach(
      of: settings.endpoint, isProtected: settings.keys != nil,
      hint: "make keys with `snnsim keys DIR` and give --stream-keys DIR, or allow it with --insecure-bind")
    data = try ZMQSocket(.xpub, context)
    try data.set(.sendQueue, settings.sendQueue)
    try data.set(.tellsAllSubscriptions, 1)
    if settings.policy == .block { try data.set(.refusesWhenFull, 1) }
    try data.setLargestMessage(StreamSettings.largestRequest)
    control = try ZMQSocket(.router, context)
    try control.setLargestMessage(StreamSettings.largestRequest)
    for socket in [data, control] { try settings.keys?.protectServer(socket) }
    (endpoint, controlEndpoint) = try Self.bind(settings.endpoint, data, control)
  }

  /// Binds both; where the system chooses the port, until the one behind it is free as well.
  private static func bind(
    _ wanted: StreamEndpoint, _ data: ZMQSocket, _ control: ZMQSocket
  ) throws(StreamError) -> (String, String) {
    for tries in 0... {
      let bound = try data.bind(wanted.bindable)
      let beside = StreamEndpoint(bound)?.control ?? wanted.control
      do {
        return (bound, try control.bind(beside.bindable))
      } catch {
        guard wanted.hasAnyPort, tries < 20 else { throw error }
        data.unbind(bound)
      }
    }
    preconditionFailure("the loop above ends by itself")
  }

  /// How many more subscriptions there are than at the last call.
  func subscriptionChange() -> Int {
    var change = 0
    for _ in 0..<1000 {
      guard let frames = try? data.receive(), let first = frames.first else { break }
      // Anything else that a subscriber sends means nothing.
      guard frames.count == 1, let sign = first.first, sign <= 1 else { continue }
      change += sign == 1 ? 1 : -1
    }
    return change
  }

  /// Answers requests that wait.
  func answer(_ reply: ([UInt8]) -> JSONText) {
    for _ in 0..<256 {
      guard let frames = try? control.receive() else { break }
      // Sender, perhaps an empty frame, the request.
      guard (2...3).contains(frames.count), let request = frames.last else { continue }
      _ = try? control.send(frames.dropLast() + [Array(reply(request).line.utf8)])
    }
  }

  func close(_ policy: StreamPolicy) {
    try? data.set(.linger, StreamSettings.closingTime(policy))
    try? control.set(.linger, 50)
    data.close()
    control.close()
  }
}
