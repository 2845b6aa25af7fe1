import CZMQ
import Foundation

/// CURVE certificates in one directory, as `snnsim keys` makes them and as pyzmq's `zmq.auth.load_certificate` reads them:
/// `server.key`, `server.key_secret` and, for each client, `NAME.key` and `NAME.key_secret`.
///
/// The side that publishes needs `server.key_secret` and the `.key` of every client that it lets in; a client needs
/// `server.key` and `client.key_secret`.
public struct StreamKeys: Sendable {
  public var directory: String
  private var serverPublic: String
  private var serverSecret: String?
  private var clientPublic: String?
  private var clientSecret: String?
  /// Public keys of clients, in Z85.
  let clients: Set<String>

  /// - Throws: when there is no server's certificate, or one can't be read.
  public init(directory: String) throws(StreamError) {
    self.directory = directory
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    func path(_ name: String) -> String { directory + "/" + name }
    if names.contains("server.key_secret") {
      let pair = try Self.read(path("server.key_secret"))
      serverPublic = pair.publicKey
      serverSecret = pair.secret
    } else if names.contains("server.key") {
      serverPublic = try Self.read(path("server.key")).publicKey
    } else {
      throw StreamError("\(directory) holds no server.key", cause: .input, hint: "`snnsim keys \(directory)` makes a set of keys")
    }
    if names.contains("client.key_secret") {
      let pair = try Self.read(path("client.key_secret"))
      clientPublic = pair.publicKey
      clientSecret = pair.secret
    }
    var clients: Set<String> = []
    for name in names where name.hasSuffix(".key") && name != "server.key" {
      clients.insert(try Self.read(path(name)).publicKey)
    }
    self.clients = clients
  }

  /// Makes a server's certificate, unless there is one, and a client's, and writes them into `directory`.
  /// - Parameter client: names the client's files.
  /// - Returns: the paths written.
  public static func make(in directory: String, client: String = "client") throws(StreamError) -> [String] {
    guard zmq_has("curve") == 1 else {
      throw StreamError("this libzmq was built without CURVE", hint: "install one with libsodium, as Debian's libzmq5 is")
    }
    do { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) } catch {
      throw StreamError("\(directory): cannot be made", cause: .output)
    }
    var paths: [String] = []
    if !FileManager.default.fileExists(atPath: directory + "/server.key_secret") { paths += try pair(directory + "/server") }
    return try paths + pair(directory + "/" + client)
  }

  private static func pair(_ path: String) throws(StreamError) -> [String] {
    var publicKey = [CChar](repeating: 0, count: 41)
    var secret = publicKey
    guard zmq_curve_keypair(&publicKey, &secret) == 0 else { throw StreamError("no keys can be made: \(zmqReason())") }
    func text(_ key: [CChar]) -> String { String(decoding: key.prefix(40).map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    let head = "# ZeroMQ CURVE certificate (RFC 26) of snnsim"
    let open = "metadata\ncurve\n    public-key = \"\(text(publicKey))\"\n"
    try save("\(head): give this file to the other side.\n\n\(open)", to: path + ".key", mode: 0o644)
    try save(
      "\(head): keep this file secret.\n\n\(open)    secret-key = \"\(text(secret))\"\n", to: path + ".key_secret", mode: 0o600)
    return [path + ".key", path + ".key_secret"]
  }

  /// A file that must not exist, so that no key is overwritten, with its rights from the first moment.
  private static func save(_ text: String, to path: String, mode: mode_t) throws(StreamError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL, mode)
    guard file >= 0 else {
      let hint = errno == EEXIST ? "remove it, or name another client" : nil
      throw StreamError("\(path): cannot be made: \(String(cString: strerror(errno)))", cause: .output, hint: hint)
    }
    defer { close(file) }
    guard write(file, text, text.utf8.count) == text.utf8.count else {
      throw StreamError("\(path): cannot be written: \(String(cString: strerror(errno)))", cause: .output)
    }
  }

  private static func read(_ path: String) throws(StreamError) -> (publicKey: String, secret: String?) {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw StreamError("\(path): cannot be read", cause: .input)
    }
    func key(_ name: String) -> String? {
      let line = text.split(separator: "\n").first { $0.trimmingCharacters(in: .whitespaces).hasPrefix(name) }
      let parts = line?.split(separator: "\"", omittingEmptySubsequences: false) ?? []
      return parts.count == 3 && parts[1].utf8.count == 40 ? String(parts[1]) : nil
    }
    guard let publicKey = key("public-key") else { throw StreamError("\(path): is no CURVE certificate", cause: .input) }
    return (publicKey, key("secret-key"))
  }

  /// Makes `socket` the side that lets others in.
  func protectServer(_ socket: ZMQSocket) throws(StreamError) {
    guard let serverSecret else {
      throw StreamError("\(directory)/server.key_secret is missing", cause: .input, hint: "it belongs to the side that publishes")
    }
    try socket.set(.curveServer, 1)
    try socket.set(text: serverSecret, for: ZMQ_CURVE_SECRETKEY)
    try socket.set(text: "snnsim", for: ZMQ_ZAP_DOMAIN)
  }

  /// Makes `socket` a client.
  func protectClient(_ socket: ZMQSocket) throws(StreamError) {
    guard let clientPublic, let clientSecret else {
      throw StreamError("\(directory)/client.key_secret is missing", cause: .input, hint: "a client shows who it is by it")
    }
    try socket.set(text: serverPublic, for: ZMQ_CURVE_SERVERKEY)
    try socket.set(text: clientPublic, for: ZMQ_CURVE_PUBLICKEY)
    try socket.set(text: clientSecret, for: ZMQ_CURVE_SECRETKEY)
  }
}
