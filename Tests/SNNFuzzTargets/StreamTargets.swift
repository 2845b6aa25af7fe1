import SNNSignals
import SNNStream

extension FuzzTarget {
  /// A request on the control channel of a running simulation: whatever it is, there is a reply.
  static let control = FuzzTarget(name: "control") { bytes in
    let controls = StreamControls(realtime: 2)
    controls.canCheckpoint = true
    controls.liveParameters = [LiveParameter(path: "inputs.p.rate", unit: .Hz, bound: .nonNegative)]
    let reply = StreamRequest.reply(to: bytes, controls: controls) { _ in [("t", 1)] }
    guard case .boolean = reply["ok"] else { fatalError("a reply without \"ok\": \(reply.line)") }
    // Only a finite number that the parameter allows comes through.
    for change in controls.takeChanges() { precondition(change.parameter == 0 && change.value >= 0 && change.value.isFinite) }
  }

  /// A recorded stream, and the messages in it as a subscriber reads them.
  static let stream = FuzzTarget(name: "stream") { bytes in
    let path = Scratch.write(bytes, ending: "stream")
    expect(only: StreamError.self) {
      let reader = try StreamFile.Reader(path: path)
      while let (_, frames) = try reader.next() {
        expect(only: StreamError.self) {
          let message = try StreamMessage(frames)
          precondition(message.ids.isEmpty || message.ids.count == message.times.count)
          precondition(message.pre.count == message.post.count)
          _ = (message.name, message.values)
        }
      }
    }
  }
}
