import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// A page with a live raster, served on loopback, and the WebSocket that feeds it.
///
/// One thread does all of it. ``post(_:)`` may be called from any thread and never waits.
public final class ViewServer: Sendable {
  /// Where the page is.
  public var address: String { "http://127.0.0.1:\(port)/" }
  public let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  private let hub: NIOLoopBound<ViewHub>
  private let requests: RequestQueue

  /// - Parameter port: 0 for one that the system chooses.
  /// - Throws: ``ViewError`` when the port cannot be had.
  public init(port: Int) throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let requests = RequestQueue()
    do {
      let loop = group.next()
      let hub = try loop.submit { NIOLoopBound(ViewHub(requests), eventLoop: loop) }.wait()
      channel = try Self.bootstrap(group, hub).bind(host: "127.0.0.1", port: port).wait()
      self.hub = hub
    } catch {
      try group.syncShutdownGracefully()
      throw ViewError(port: port, reason: "\(error)")
    }
    self.group = group
    self.requests = requests
    self.port = channel.localAddress?.port ?? port
  }

  /// Tells every browser.
  public func post(_ update: ViewUpdate) {
    let hub = hub
    hub.eventLoop.execute { hub.value.post(update) }
  }

  /// What browsers asked for since the last call, in order.
  public func takeRequests() -> [ViewRequest] { requests.take() }

  /// Ends every connection and the server's thread.
  public func close() throws { try group.syncShutdownGracefully() }

  private static func bootstrap(_ group: MultiThreadedEventLoopGroup, _ hub: NIOLoopBound<ViewHub>) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // A page that reads nothing for a while makes the channel unwritable, and is skipped.
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(10)), name: idle)
          try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (
              upgraders: [upgrader(hub)],
              completionHandler: { context in
                let pipeline = context.pipeline.syncOperations
                pipeline.removeHandler(name: idle, promise: nil)
                if let page = try? pipeline.context(handlerType: PageHandler.self) {
                  pipeline.removeHandler(context: page, promise: nil)
                }
              }
            ))
          try pipeline.addHandler(PageHandler())
        }
      }
  }

  private static let idle = "idle"

  private static func upgrader(_ hub: NIOLoopBound<ViewHub>) -> NIOWebSocketServerUpgrader {
    NIOWebSocketServerUpgrader(
      maxFrameSize: BrowserHandler.frameLimit,
      shouldUpgrade: { channel, request in
        let isWelcome = request.uri == "/stream" && LoopbackRequest.isFromOwnPage(request.headers) && !hub.value.isFull
        return channel.eventLoop.makeSucceededFuture(isWelcome ? [:] : nil)
      },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(BrowserHandler(hub.value)) }
      })
  }
}

/// Why the viewer cannot be served.
public struct ViewError: Error, Sendable, CustomStringConvertible {
  public let port: Int
  public let reason: String

  public var description: String {
    "cannot serve the viewer on port \(port) of 127.0.0.1: \(reason)\n  hint: --port chooses another one, --port 0 any that is free"
  }
}
