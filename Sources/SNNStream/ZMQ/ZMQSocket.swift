import CZMQ
import Foundation

/// One libzmq socket, used by one thread at a time.
public final class ZMQSocket {
  public enum Kind: Sendable {
    case pub, xpub, sub, router, dealer, req, rep, push, pull

    var number: Int32 {
      switch self {
      case .pub: ZMQ_PUB
      case .xpub: ZMQ_XPUB
      case .sub: ZMQ_SUB
      case .router: ZMQ_ROUTER
      case .dealer: ZMQ_DEALER
      case .req: ZMQ_REQ
      case .rep: ZMQ_REP
      case .push: ZMQ_PUSH
      case .pull: ZMQ_PULL
      }
    }
  }

  /// Numbers that a socket can be told, before it is bound or connected.
  public enum Option: Sendable {
    /// Messages that wait for one peer, or come from it; 0 for no bound.
    case sendQueue, receiveQueue
    /// ms that closing may wait for peers to take what waits for them.
    case linger
    /// Whether an XPUB socket tells of every subscription and its end, not only of the first and last to each topic.
    case tellsAllSubscriptions
    /// Whether sending fails, instead of losing messages, when a subscriber's queue is full.
    case refusesWhenFull
    /// ms between two tries to connect.
    case reconnectInterval
    /// 1 for the side of CURVE that has the server's secret key.
    case curveServer

    var number: Int32 {
      switch self {
      case .sendQueue: ZMQ_SNDHWM
      case .receiveQueue: ZMQ_RCVHWM
      case .linger: ZMQ_LINGER
      case .tellsAllSubscriptions: ZMQ_XPUB_VERBOSER
      case .refusesWhenFull: ZMQ_XPUB_NODROP
      case .reconnectInterval: ZMQ_RECONNECT_IVL
      case .curveServer: ZMQ_CURVE_SERVER
      }
    }
  }

  let raw: UnsafeMutableRawPointer
  // Keeps the context until the last of its sockets is closed.
  private let context: ZMQContext
  private var isOpen = true
  /// Of the frame that is being sent or received: libzmq keeps short ones within it, so it must not move.
  let frame = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)

  public init(_ kind: Kind, _ context: ZMQContext) throws(StreamError) {
    guard let raw = zmq_socket(context.raw, kind.number) else { throw StreamError("no socket can be made: \(zmqReason())") }
    self.raw = raw
    self.context = context
    frame.initialize(to: zmq_msg_t())
    // Without this, closing waits for ever for a peer that has gone.
    try set(.linger, 0)
  }

  deinit {
    close()
    frame.deallocate()
  }

  public func close() {
    guard isOpen else { return }
    isOpen = false
    zmq_close(raw)
  }

  public func set(_ option: Option, _ value: Int32) throws(StreamError) {
    var value = value
    guard zmq_setsockopt(raw, option.number, &value, MemoryLayout<Int32>.size) == 0 else {
      throw StreamError("the socket option \(option) can't be set: \(zmqReason())")
    }
  }

  /// Bytes of the largest message that is taken; a peer that sends more is cut off.
  public func setLargestMessage(_ bytes: Int64) throws(StreamError) {
    var bytes = bytes
    guard zmq_setsockopt(raw, ZMQ_MAXMSGSIZE, &bytes, MemoryLayout<Int64>.size) == 0 else {
      throw StreamError("the size of messages can't be bounded: \(zmqReason())")
    }
  }

  func set(text: String, for option: Int32) throws(StreamError) {
    guard zmq_setsockopt(raw, option, text, text.utf8.count) == 0 else {
      throw StreamError("a socket option can't be set: \(zmqReason())")
    }
  }

  /// Binds the socket.
  /// - Returns: the endpoint, with the port that the system chose for `*`.
  @discardableResult
  public func bind(_ endpoint: String) throws(StreamError) -> String {
    try Self.checkPlace(endpoint)
    guard zmq_bind(raw, endpoint) == 0 else {
      let isTaken = zmq_errno() == EADDRINUSE
      throw StreamError(
        "cannot bind \(endpoint): \(zmqReason())", cause: .output,
        hint: isTaken ? "another program has this port: name a free one, or * for any" : nil)
    }
    var text = [CChar](repeating: 0, count: 256)
    var length = text.count
    guard zmq_getsockopt(raw, ZMQ_LAST_ENDPOINT, &text, &length) == 0 else { return endpoint }
    return String(decoding: text.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// libzmq removes whatever lies where a Unix socket shall be: that may be a socket that an earlier run left, and nothing else.
  private static func checkPlace(_ endpoint: String) throws(StreamError) {
    var status = stat()
    guard endpoint.hasPrefix("ipc://"), lstat(String(endpoint.dropFirst(6)), &status) == 0,
      status.st_mode & S_IFMT != S_IFSOCK
    else { return }
    throw StreamError(
      "cannot bind \(endpoint): what is there is no socket, and is left alone", cause: .output,
      hint: "name a file that is not there")
  }

  public func unbind(_ endpoint: String) { zmq_unbind(raw, endpoint) }

  public func connect(_ endpoint: String) throws(StreamError) {
    guard zmq_connect(raw, endpoint) == 0 else { throw StreamError("cannot connect to \(endpoint): \(zmqReason())") }
  }

  /// Takes messages whose first frame begins with `prefix`: of a SUB socket.
  public func subscribe(_ prefix: String) throws(StreamError) { try set(text: prefix, for: ZMQ_SUBSCRIBE) }
}
