import CZMQ
import Foundation
import Synchronization

/// What sockets of one process share: libzmq's threads that move bytes.
public final class ZMQContext: @unchecked Sendable {
  // @unchecked: any thread may use libzmq's contexts.
  let raw: UnsafeMutableRawPointer
  private let isTerminated = Atomic<Bool>(false)

  public init(ioThreads: Int = 1) {
    guard let raw = zmq_ctx_new() else { preconditionFailure("libzmq has no memory for a context") }
    self.raw = raw
    zmq_ctx_set(raw, ZMQ_IO_THREADS, Int32(ioThreads))
  }

  /// Waits until all sockets are closed and what they still had to send was sent, at most for their linger.
  public func terminate() {
    guard !isTerminated.exchange(true, ordering: .relaxed) else { return }
    while zmq_ctx_term(raw) != 0 && zmq_errno() == EINTR {}
  }

  deinit { terminate() }
}

/// libzmq's word for what just failed.
func zmqReason() -> String { String(cString: zmq_strerror(zmq_errno())) }
