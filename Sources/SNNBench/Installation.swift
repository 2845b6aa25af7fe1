import Foundation

/// Where a comparison finds what it runs.
public struct Installation: Sendable {
  /// Root of the package: it holds `networks` and `tools/peers`.
  public var package: URL
  /// The command `snnsim`.
  public var executable: URL
  /// The Python of the virtual environment with the peers; `nil` where none is installed.
  public var python: URL?

  public static let hint =
    "no peers: tools/peers/setup installs NEST, Brian2, PyTorch and snnTorch into .venv-peers (or $SNNSIM_PEERS)"

  /// Looks for the package upwards from the executable, then from the working directory; for peers in `$SNNSIM_PEERS`, or
  /// else in `.venv-peers` at the root of the package.
  ///
  /// - Throws: ``BenchError/noPackage(searched:)``
  public init(executable: URL, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    self.executable = executable
    let starts = [executable.deletingLastPathComponent(), URL(fileURLWithPath: FileManager.default.currentDirectoryPath)]
    guard let package = starts.lazy.compactMap(Self.package(from:)).first else {
      throw BenchError.noPackage(searched: starts.map(\.path))
    }
    self.package = package
    let peers = environment["SNNSIM_PEERS"].map { URL(fileURLWithPath: $0) } ?? package.appendingPathComponent(".venv-peers")
    let python = peers.appendingPathComponent("bin/python")
    self.python = FileManager.default.isExecutableFile(atPath: python.path) ? python : nil
  }

  /// The running command itself.
  public static var runningExecutable: URL {
    let link = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    if link.path != "/proc/self/exe" { return link }
    return Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
  }

  private static func package(from start: URL) -> URL? {
    var folder = start.standardizedFileURL
    while true {
      let needed = ["networks/Brunel2000.json", "tools/peers/peer.py"].map { folder.appendingPathComponent($0).path }
      if needed.allSatisfy(FileManager.default.fileExists(atPath:)) { return folder }
      let above = folder.deletingLastPathComponent().standardizedFileURL
      if above.path == folder.path { return nil }
      folder = above
    }
  }

  func network(_ name: String) -> String { package.appendingPathComponent("networks/\(name).json").path }
  func tool(_ name: String) -> String { package.appendingPathComponent("tools/peers/\(name)").path }

  /// A network file as `snnsim check --resolved` prints it.
  func resolved(_ network: String, _ assignments: [String], scratch: URL) throws -> Data {
    try answer(of: executable, ["check", self.network(network), "--resolved"] + sets(assignments), scratch: scratch)
  }
}

/// Assignments for the command line.
func sets(_ assignments: [String]) -> [String] { assignments.flatMap { ["--set", $0] } }
