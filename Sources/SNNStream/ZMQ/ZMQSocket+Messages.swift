import CZMQ
import Foundation
import Synchronization

/// Bytes of large frames that libzmq still holds for some peer.
final class BytesInFlight: Sendable {
  fileprivate let bytes = Atomic<Int>(0)
  var count: Int { bytes.load(ordering: .relaxed) }
}

extension ZMQSocket {
  /// Sends one message, without waiting.
  /// - Returns: false when the queue is full and the message was not sent.
  @discardableResult
  public func send(_ frames: [[UInt8]]) throws(StreamError) -> Bool { try send(frames, counting: nil) }

  /// Frames below this size are copied by libzmq in any case.
  private static let countedSize = 65_536

  func send(_ frames: [[UInt8]], counting gauge: BytesInFlight?) throws(StreamError) -> Bool {
    for (i, bytes) in frames.enumerated() {
      let flags = ZMQ_DONTWAIT | (i < frames.count - 1 ? ZMQ_SNDMORE : 0)
      let isCounted = gauge != nil && bytes.count >= Self.countedSize
      if isCounted { fill(with: bytes, gauge!) }
      while (isCounted ? zmq_msg_send(frame, raw, flags) : zmq_send(raw, bytes, bytes.count, flags)) < 0 {
        let reason = zmq_errno()
        if reason == EINTR { continue }
        defer { if isCounted { zmq_msg_close(frame) } }
        // Only the first frame can be refused: the rest of a message follows it.
        if reason == EAGAIN { return false }
        throw StreamError("cannot send: \(zmqReason())")
      }
    }
    return true
  }

  /// The same bytes wait in the queues of all peers; the gauge counts them once, until the last has sent them.
  private func fill(with bytes: [UInt8], _ gauge: BytesInFlight) {
    let block = UnsafeMutableRawPointer.allocate(byteCount: Self.lengthBytes + bytes.count, alignment: Self.lengthBytes)
    block.storeBytes(of: bytes.count, as: Int.self)
    bytes.withUnsafeBytes { (block + Self.lengthBytes).copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
    gauge.bytes.add(bytes.count, ordering: .relaxed)
    zmq_msg_init_data(
      frame, block + Self.lengthBytes, bytes.count,
      { data, owner in
        let block = data! - ZMQSocket.lengthBytes
        let gauge = Unmanaged<BytesInFlight>.fromOpaque(owner!).takeRetainedValue()
        gauge.bytes.subtract(block.load(as: Int.self), ordering: .relaxed)
        block.deallocate()
      }, Unmanaged.passRetained(gauge).toOpaque())
  }

  /// Room for a frame's length before its bytes.
  private static let lengthBytes = 16

  /// The frames of the next message.
  /// - Parameter milliseconds: how long to wait for it; −1 for ever.
  /// - Returns: nil when none came, or a signal did.
  public func receive(timeout milliseconds: Int = 0) throws(StreamError) -> [[UInt8]]? {
    if milliseconds != 0, !Self.wait(for: [self], timeout: milliseconds) { return nil }
    var frames: [[UInt8]] = []
    while true {
      zmq_msg_init(frame)
      defer { zmq_msg_close(frame) }
      guard zmq_msg_recv(frame, raw, ZMQ_DONTWAIT) >= 0 else {
        let reason = zmq_errno()
        if reason == EINTR && !frames.isEmpty { continue }
        if reason == EAGAIN || reason == EINTR { return nil }
        throw StreamError("cannot receive: \(zmqReason())")
      }
      frames.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(frame), count: zmq_msg_size(frame))))
      if zmq_msg_more(frame) == 0 { return frames }
    }
  }

  /// Waits until one of `sockets` has a message, the time is over or a signal comes.
  /// - Returns: whether a message is there.
  static func wait(for sockets: [ZMQSocket], timeout milliseconds: Int) -> Bool {
    var items = sockets.map { zmq_pollitem_t(socket: $0.raw, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0) }
    return zmq_poll(&items, Int32(items.count), milliseconds) > 0
  }
}
