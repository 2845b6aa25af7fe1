/// Where a stream is published or read: `tcp://host:port` or `ipc://path`. Its control channel is one port further.
public struct StreamEndpoint: Hashable, Sendable, CustomStringConvertible {
  private enum Place: Hashable, Sendable {
    /// Port 0 lets the system choose.
    case tcp(host: String, port: UInt16)
    case ipc(path: String)
  }
  private let place: Place

  /// Where `run --stream` publishes when no endpoint is named.
  public static let standard = StreamEndpoint("tcp://127.0.0.1:5570")!
  /// For hints.
  public static let form = "such as tcp://127.0.0.1:5570 (port * for any that is free) or ipc:///tmp/run.sock"

  private init(_ place: Place) { self.place = place }

  /// `nil` when `text` is no endpoint.
  public init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    if isPlain, text.hasPrefix("ipc://") {
      let path = String(text.dropFirst(6))
      // What a Unix socket's address holds, less the control channel's ending.
      guard !path.isEmpty, path.utf8.count <= 96 else { return nil }
      place = .ipc(path: path)
    } else if isPlain, text.hasPrefix("tcp://"), let colon = text.lastIndex(of: ":") {
      let host = text[..<colon].dropFirst(6)
      let port = text[text.index(after: colon)...]
      let isAddress = !host.contains(":") || host.hasPrefix("[")
      guard !host.isEmpty, isAddress, !host.contains("/"), !host.contains(";") else { return nil }
      if port == "*" {
        place = .tcp(host: String(host), port: 0)
      } else {
        // The control channel needs the next port.
        guard port.allSatisfy(\.isNumber), let number = UInt16(port), number < .max else { return nil }
        place = .tcp(host: String(host), port: number)
      }
    } else {
      return nil
    }
  }

  public var description: String {
    switch place {
    case .tcp(let host, let port): "tcp://\(host):\(port == 0 ? "*" : String(port))"
    case .ipc(let path): "ipc://\(path)"
    }
  }

  /// What libzmq binds to: it knows addresses and interfaces, not names.
  public var bindable: String {
    switch place {
    case .tcp("localhost", let port): StreamEndpoint(.tcp(host: "127.0.0.1", port: port)).description
    default: description
    }
  }

  /// The endpoint of the control channel.
  public var control: StreamEndpoint {
    switch place {
    case .tcp(let host, let port): StreamEndpoint(.tcp(host: host, port: port == 0 ? 0 : port + 1))
    case .ipc(let path): StreamEndpoint(.ipc(path: path + ".control"))
    }
  }

  /// Whether the system chooses the port.
  public var hasAnyPort: Bool { if case .tcp(_, 0) = place { true } else { false } }

  /// Whether only this machine can reach it.
  public var isLocal: Bool {
    switch place {
    case .ipc: return true
    case .tcp("localhost", _), .tcp("[::1]", _), .tcp("lo", _): return true
    case .tcp(let host, _):
      let parts = host.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
  }
}

/// What happens when messages are made faster than they can be sent.
public enum StreamPolicy: String, Hashable, Sendable, CaseIterable {
  /// They are lost, and counted; the simulation never waits.
  case drop
  /// The simulation waits for the slowest subscriber.
  case block
}
