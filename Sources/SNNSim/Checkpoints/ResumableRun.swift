import Foundation
import SNNDynamics
import SNNFiles
import SNNRecording

/// Where a run begins.
public enum RunStart: Sendable {
  case beginning
  /// A run that did not end goes on in its directory.
  case resuming(ResumableRun)
  /// With the state of another run, in a directory of its own; made by ``LoadedNetwork/init(branching:overrides:catalogue:)``.
  case branching(CheckpointFile)
}

/// The directory of a run that did not end: interrupted, killed, or out of disk.
public struct ResumableRun: Sendable {
  public let path: String
  public let manifest: Manifest
  /// Numbers of the checkpoints that are whole, the oldest first. Without any the run begins again.
  public let checkpoints: [Int]
  /// What is wrong with the others.
  public let damage: [String]

  var folder: String { path + "/checkpoints" }

  /// - Throws: `FileError` when there is no such run, or a file that it reads has changed.
  public init(path: String) throws {
    self.path = path
    manifest = try Manifest.read(path: path + "/manifest.json")
    var whole: [Int] = []
    var damage: [String] = []
    for number in CheckpointFolder.numbers(in: path + "/checkpoints") {
      do {
        _ = try CheckpointFile(path: CheckpointFolder.file(number, in: path + "/checkpoints"))
        whole.append(number)
      } catch { damage.append("\(error)") }
    }
    checkpoints = whole
    self.damage = damage
    if manifest.status == .stopped && whole.isEmpty {
      throw FileError(
        .read, path, "was stopped by a guard, and has no checkpoint to go on from", hint: "change the network, and run it")
    }
    // The network itself is kept in the directory; the data that it names are not.
    for input in manifest.inputs.dropFirst() where FileManager.default.fileExists(atPath: input.path) {
      guard try SHA256.hex(ofFile: input.path) != input.sha256 else { continue }
      throw FileError(
        .read, input.path, "has changed since the run of \(path) began", hint: "put back what was there, or run anew")
    }
  }

  /// Whether there is nothing left to do.
  public var isDone: Bool { manifest.status == .done }

  /// The network as it was resolved.
  public func network(_ catalogue: Catalogue = .standard) throws -> LoadedNetwork {
    try LoadedNetwork(URL(fileURLWithPath: path + "/net.resolved.json"), catalogue: catalogue)
  }
}
