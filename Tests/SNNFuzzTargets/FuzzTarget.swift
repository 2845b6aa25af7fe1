import Foundation

/// A reader of bytes that may come from strangers, as a fuzzer calls it.
///
/// Whatever the bytes are, ``read`` returns: with what they hold thrown away, or with the reader's own kind of error. A trap, a
/// hang, memory without bound and an error of any other kind are findings.
public struct FuzzTarget: Sendable {
  public let name: String
  public let read: @Sendable ([UInt8]) -> Void

  public static let all: [FuzzTarget] = [
    .network, .checkpoint, .state, .npz, .csv, .idx, .wav, .sonata, .control, .stream,
  ]

  public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Where inputs lie that a reader wants as files: one of each ending, written over by the next.
enum Scratch {
  static let folder: String = {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "snnsim-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
    do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
      fatalError("\(url.path): \(error)")
    }
    return url.path
  }()

  static func write(_ bytes: [UInt8], ending: String) -> String {
    let path = "\(folder)/input.\(ending)"
    guard let file = fopen(path, "wb") else { fatalError("\(path) can't be written") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { fatalError("\(path) can't be written") }
    return path
  }
}

/// Runs `body`; its errors must be of type `Allowed`.
func expect<Allowed: Error>(only: Allowed.Type, _ body: () throws -> Void) {
  do { try body() } catch is Allowed {} catch { fatalError("an error of type \(type(of: error)): \(error)") }
}
