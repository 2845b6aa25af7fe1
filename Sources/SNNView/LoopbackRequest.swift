import NIOHTTP1

/// Which requests a server on loopback believes. Any web page may send requests to 127.0.0.1; the browser says in `Host` what
/// name it thinks this is, and in `Origin` whose page asks, and neither can be set by a page.
enum LoopbackRequest {
  /// Whether the browser knows this server by a name of loopback. Any other name is that of a site whose address was changed to
  /// 127.0.0.1 after its page had been loaded (DNS rebinding). The port may be another one: that of a tunnel.
  static func isAddressedHere(_ headers: HTTPHeaders) -> Bool {
    guard let host = single("Host", headers)?.lowercased() else { return false }
    return ["127.0.0.1", "localhost", "[::1]"].contains { name in
      guard host.hasPrefix(name) else { return false }
      let port = host.dropFirst(name.count)
      return port.isEmpty || (port.first == ":" && port.dropFirst().allSatisfy { $0.isASCII && $0.isNumber })
    }
  }

  /// Whether the page that asks came from this very address. A WebSocket, unlike other requests, is open to every page unless
  /// the server looks: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
  static func isFromOwnPage(_ headers: HTTPHeaders) -> Bool {
    guard let host = single("Host", headers), let origin = single("Origin", headers) else { return false }
    return isAddressedHere(headers) && origin.lowercased() == "http://" + host.lowercased()
  }

  private static func single(_ name: String, _ headers: HTTPHeaders) -> String? {
    let values = headers[name]
    return values.count == 1 ? values[0] : nil
  }
}
