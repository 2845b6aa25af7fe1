import Foundation

/// A WebSocket client written from RFC 6455 over a plain socket, so that it can also say what no browser would.
final class PlainBrowser {
  enum Message: Equatable {
    case text(String)
    case binary([UInt8])
    /// With the code of the frame, if there was one.
    case closed(Int?)
  }
  struct Failure: Error { var what: String }

  private let descriptor: Int32
  /// Of the answer to the request.
  private(set) var head = ""
  private var received: [UInt8] = []

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(what: "cannot connect") }
  }

  deinit { close(descriptor) }

  /// Sends a request and returns the status of the answer.
  func request(_ line: String, _ headers: [String]) throws -> Int {
    send(Array(([line + " HTTP/1.1"] + headers + ["", ""]).joined(separator: "\r\n").utf8))
    while true {
      if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
        head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received.removeFirst(end.upperBound)
        return Int(head.split(separator: " ")[1])!
      }
      guard fill() else { throw Failure(what: "no answer") }
    }
  }

  /// Everything up to the end of the connection.
  func rest() -> [UInt8] {
    while fill() {}
    return received
  }

  @discardableResult
  func open(port: Int, origin: String? = nil) throws -> Int {
    try request(
      "GET /stream",
      [
        "Host: 127.0.0.1:\(port)", "Origin: \(origin ?? "http://127.0.0.1:\(port)")", "Connection: Upgrade", "Upgrade: websocket",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ])
  }

  func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let n = bytes[sent...].withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), nil, 0) }
      guard n > 0 else { return }
      sent += n
    }
  }

  /// A masked text frame.
  func send(text: String) {
    let mask: [UInt8] = [1, 2, 3, 4]
    send([0x81, 0x80 | UInt8(text.utf8.count)] + mask + text.utf8.enumerated().map { $1 ^ mask[$0 % 4] })
  }

  func next() throws -> Message {
    while true {
      if let message = try frame() { return message }
      guard fill() else { return .closed(nil) }
    }
  }

  private func frame() throws -> Message? {
    guard received.count >= 2 else { return nil }
    var (start, length) = (2, Int(received[1] & 0x7F))
    if length >= 126 {
      start = length == 126 ? 4 : 10
      guard received.count >= start else { return nil }
      length = received[2..<start].reduce(0) { $0 << 8 | Int($1) }
    }
    guard received.count >= start + length else { return nil }
    let (opcode, content) = (received[0], Array(received[start..<start + length]))
    received.removeFirst(start + length)
    switch opcode {
    case 0x81: return .text(String(decoding: content, as: UTF8.self))
    case 0x82: return .binary(content)
    case 0x88: return .closed(content.count >= 2 ? Int(content[0]) << 8 | Int(content[1]) : nil)
    case 0x8A: return .text("pong")
    default: throw Failure(what: "frame \(opcode)")
    }
  }

  private func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let n = recv(descriptor, &chunk, chunk.count, 0)
    if n > 0 { received += chunk[..<n] }
    return n > 0
  }
}
