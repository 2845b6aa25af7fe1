import Foundation
import SNNSignals
import Synchronization

/// Takes spikes from another program on a thread of its own, and hands them on.
public final class SpikeReceiver: @unchecked Sendable {
  // @unchecked: the socket is handed over once to its thread.
  private let socket: ZMQSocket
  private let isEnding = Atomic<Bool>(false)
  private let broken = Atomic<Int>(0)
  private let ended = DispatchSemaphore(value: 0)

  /// What comes: spikes (perhaps none) with the sender's watermark; `isLast` when nothing will follow.
  public typealias Taking = @Sendable (_ times: [Double], _ ids: [UInt32], _ watermark: Double, _ isLast: Bool) -> Void

  /// - Parameters:
  ///   - binds: whether this side is bound and takes from whoever pushes (PULL); else it subscribes (SUB).
  ///   - topic: beginning of the topics to subscribe to.
  public init(
    _ endpoint: StreamEndpoint, binds: Bool, topic: String, settings: StreamSettings, taking: @escaping Taking
  ) throws(StreamError) {
    socket = try ZMQSocket(binds ? .pull : .sub, ZMQContext())
    try socket.set(.receiveQueue, 0)
    try socket.setLargestMessage(1 << 26)
    if binds {
      try settings.checkReach(
        of: endpoint, isProtected: false, hint: "whoever reaches it can feed this run: keep it local, or --insecure-bind")
      try socket.bind(endpoint.bindable)
    } else {
      // What tells how far the sender is, beside its spikes.
      for prefix in [topic, "end/"] { try socket.subscribe(prefix) }
      try socket.connect(endpoint.description)
    }
    let thread = Thread { [self] in
      while !isEnding.load(ordering: .relaxed) { receive(taking) }
      socket.close()
      ended.signal()
    }
    thread.name = "snnsim input"
    thread.start()
  }

  /// Messages that were not of the format.
  public var malformed: Int { broken.load(ordering: .relaxed) }

  private func receive(_ taking: Taking) {
    guard let frames = try? socket.receive(timeout: 20) else { return }
    guard let message = try? StreamMessage(frames) else {
      broken.add(1, ordering: .relaxed)
      return
    }
    switch message.header.kind {
    case .spikes: taking(message.times, message.ids, message.header.watermark, false)
    case .end: taking([], [], 0, true)
    case .state, .weights, .rate, .clock, .meta: break
    }
  }

  public func close() {
    isEnding.store(true, ordering: .relaxed)
    ended.wait()
  }
}
