import Foundation
import NIOCore
import NIOWebSocket
import SNNSignals

/// One browser: the end of its WebSocket.
///
/// A browser acknowledges the batches of spikes it has taken. One that is too many behind gets no further ones until it has
/// caught up, and is then told how much it missed; so it stays near the present, and costs the server nothing but a counter.
/// Whatever is wrong with a frame closes this connection and no other.
final class BrowserHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  /// Batches on the way at most: a second of them.
  static let window = 50
  /// The largest frame a browser may send; what the page sends is far shorter.
  static let frameLimit = 1024

  private let hub: ViewHub
  private var context: ChannelHandlerContext?
  private var sent = 0
  private var acknowledged = 0
  private var missed: (batches: Int, spikes: Int, from: Double, to: Double)?
  private var missedText = false

  init(_ hub: ViewHub) { self.hub = hub }

  // MARK: - To the browser

  /// Sends a batch unless the browser is behind.
  func offer(_ batch: SpikeBatch, _ message: ByteBuffer) {
    guard isReady, sent - acknowledged < Self.window else {
      let before = missed ?? (0, 0, batch.start, batch.edge)
      missed = (before.batches + 1, before.spikes + batch.spikes, min(before.from, batch.start), batch.edge)
      return
    }
    if missedText { hub.tellAll(self) }
    missedText = false
    if let missed {
      let text: JSONText = [
        "type": "skipped", "batches": .integer(missed.batches), "spikes": .integer(missed.spikes), "from": .number(missed.from),
        "to": .number(missed.to),
      ]
      send(text.line)
    }
    missed = nil
    send(message)
  }

  /// Sends spikes whether the browser is behind or not.
  func send(_ message: ByteBuffer) {
    sent += 1
    write(.binary, message)
  }

  func send(_ text: String) {
    guard isReady else {
      missedText = true
      return
    }
    write(.text, ByteBuffer(string: text))
  }

  private var isReady: Bool { context?.channel.isWritable == true }

  private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
    context?.writeAndFlush(Self.wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
  }

  // MARK: - From the browser

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    hub.add(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    hub.remove(self)
    self.context = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    hub.remove(self)
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if isReady && missedText {
      missedText = false
      hub.tellAll(self)
    }
    context.fireChannelWritabilityChanged()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What comes after a frame that ended the connection does not count.
    guard self.context != nil else { return }
    let frame = Self.unwrapInboundIn(data)
    // RFC 6455, 5.1 and 5.2: a client masks its frames, and these bits mean nothing without an extension.
    guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return close(.protocolError) }
    switch frame.opcode {
    case .text where frame.fin:
      if !take(frame.unmaskedData) { close(.policyViolation) }
    // One that asks and does not listen fills no memory.
    case .ping: if isReady { write(.pong, frame.unmaskedData) }
    case .pong: break
    case .connectionClose: close(.normalClosure)
    // The page sends no binary message, and none in pieces.
    case .text, .binary, .continuation: close(.unacceptableData)
    default: close(.protocolError)
    }
  }

  /// One message of the page: `{"ack": n}` or `{"request": "pause"}`.
  private func take(_ text: ByteBuffer) -> Bool {
    struct Message: Decodable {
      var ack: Int?
      var request: String?
    }
    guard let message = try? JSONDecoder().decode(Message.self, from: Data(text.readableBytesView)) else { return false }
    if let ack = message.ack {
      guard ack > acknowledged, ack <= sent else { return false }
      acknowledged = ack
    }
    if let name = message.request {
      guard let request = ViewRequest(rawValue: name) else { return false }
      hub.take(request)
    }
    return true
  }

  private func close(_ code: WebSocketErrorCode) {
    guard let context else { return }
    var data = ByteBuffer()
    data.write(webSocketErrorCode: code)
    let channel = context.channel
    context.writeAndFlush(Self.wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)))
      .whenComplete { _ in channel.close(promise: nil) }
    hub.remove(self)
    self.context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The handler before this one has answered an error of the protocol; anything else ends the connection here.
    if !(error is NIOWebSocketError) { context.close(promise: nil) }
  }
}
