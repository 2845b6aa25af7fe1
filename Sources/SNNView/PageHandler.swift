import NIOCore
import NIOHTTP1

/// Answers one request with a file of the page, and closes.
final class PageHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // The body of a request, if any, does not matter.
    guard case .head(let request) = Self.unwrapInboundIn(data) else { return }
    let path = request.uri.prefix { $0 != "?" }
    if !LoopbackRequest.isAddressedHere(request.headers) {
      answer(context, .misdirectedRequest, "This viewer is reached as 127.0.0.1 or localhost only.\n")
    } else if request.method != .GET && request.method != .HEAD {
      answer(context, .methodNotAllowed, "Only GET is known here.\n", ["Allow": "GET, HEAD"])
    } else if path == "/stream" {
      // A request for a WebSocket that was accepted never comes here.
      let isOurs = LoopbackRequest.isFromOwnPage(request.headers)
      answer(context, isOurs ? .upgradeRequired : .forbidden, "This address is for the viewer's own page.\n")
    } else if let file = PageFile.named(String(path)) {
      answer(context, .ok, file, isHead: request.method == .HEAD)
    } else {
      answer(context, .notFound, "There is no such page.\n")
    }
  }

  private func answer(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ text: String, _ more: HTTPHeaders = [:]) {
    answer(context, status, PageFile(type: "text/plain; charset=utf-8", bytes: Array(text.utf8)), more)
  }

  private func answer(
    _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ file: PageFile, _ more: HTTPHeaders = [:],
    isHead: Bool = false
  ) {
    var headers: HTTPHeaders = [
      "Content-Type": file.type, "Content-Length": String(file.bytes.count), "Connection": "close", "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
      "Content-Security-Policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'",
    ]
    headers.add(contentsOf: more)
    let channel = context.channel
    context.write(
      Self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if !isHead { context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: file.bytes)))), promise: nil) }
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A refused upgrade is an error and then an ordinary request, which is answered above; one of HTTP has been answered.
  }
}

/// A file of the page, as it lies in the program.
struct PageFile {
  var type: String
  var bytes: [UInt8]

  static func named(_ path: String) -> PageFile? {
    switch path {
    case "/": PageFile(type: "text/html; charset=utf-8", bytes: PackageResources.index_html)
    case "/style.css": PageFile(type: "text/css; charset=utf-8", bytes: PackageResources.style_css)
    case "/icon.svg": PageFile(type: "image/svg+xml", bytes: PackageResources.icon_svg)
    default: scripts[path].map { PageFile(type: "text/javascript; charset=utf-8", bytes: $0) }
    }
  }

  private static let scripts = [
    "/connection.js": PackageResources.connection_js, "/controls.js": PackageResources.controls_js,
    "/format.js": PackageResources.format_js, "/frames.js": PackageResources.frames_js,
    "/histogram.js": PackageResources.histogram_js, "/history.js": PackageResources.history_js,
    "/main.js": PackageResources.main_js, "/protocol.js": PackageResources.protocol_js,
    "/raster.js": PackageResources.raster_js, "/rates.js": PackageResources.rates_js,
    "/surface.js": PackageResources.surface_js, "/timeline.js": PackageResources.timeline_js,
  ]
}
