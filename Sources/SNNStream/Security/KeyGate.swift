import CZMQ

/// Says which clients' keys are let in: libzmq asks it in each CURVE handshake (ZeroMQ RFC 27, ZAP).
final class KeyGate: @unchecked Sendable {
  // @unchecked: handed over once to the thread that owns the sockets, before that begins.
  let socket: ZMQSocket
  private let clients: Set<String>

  init(_ keys: StreamKeys, _ context: ZMQContext) throws(StreamError) {
    clients = keys.clients
    socket = try ZMQSocket(.rep, context)
    try socket.bind("inproc://zeromq.zap.01")
  }

  /// Answers what libzmq has asked.
  func serve() {
    while let request = try? socket.receive() {
      // Version, request id, domain, address, identity, mechanism, key.
      let isKnown = request.count == 7 && request[5] == Array("CURVE".utf8) && clients.contains(Self.z85(request[6]))
      let id = request.count > 1 ? request[1] : []
      let (code, text) = isKnown ? ("200", "OK") : ("400", "unknown key")
      _ = try? socket.send([Array("1.0".utf8), id, Array(code.utf8), Array(text.utf8), [], []])
    }
  }

  /// The text of a key (ZeroMQ RFC 32).
  private static func z85(_ key: [UInt8]) -> String {
    guard key.count == 32 else { return "" }
    var text = [CChar](repeating: 0, count: 41)
    guard zmq_z85_encode(&text, key, key.count) != nil else { return "" }
    return String(decoding: text.prefix(40).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
