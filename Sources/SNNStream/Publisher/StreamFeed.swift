import SNNSignals
import Synchronization

/// What the thread that runs the kernel and the one that owns the sockets share.
final class StreamFeed: Sendable {
  let ring: StreamRing
  let controls: StreamControls
  /// ps: everything up to here is in the ring, or was lost. Stored after it was written.
  let watermark = Atomic<Int64>(0)
  let subscriptions = Atomic<Int>(0)
  /// How far topics had come when everything up to a moment had been sent.
  private let progress = Mutex<(topics: [StreamProgress], through: Time)>(([], .zero))
  /// How the run ended, and what of each topic was lost by then. Set once, after everything else.
  private let ending = Mutex<(status: String, dropped: [UInt64])?>(nil)

  init(ringBytes: Int, controls: StreamControls) {
    ring = StreamRing(capacity: ringBytes)
    self.controls = controls
  }

  var reached: (topics: [StreamProgress], through: Time) { progress.withLock { $0 } }
  func note(_ topics: [StreamProgress], through time: Time) { progress.withLock { $0 = (topics, time) } }

  var end: (status: String, dropped: [UInt64])? { ending.withLock { $0 } }
  func finish(_ status: String, dropped: [UInt64]) { ending.withLock { $0 = (status, dropped) } }
}
