import Foundation
import SNNFiles
import SNNSignals

extension RunDirectory {
  /// The lines of `metrics.jsonl`: for each epoch its numbers by name.
  public func metrics() throws -> [[String: Double]] {
    let file = path + "/metrics.jsonl"
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw FileError(.read, file, "cannot be read", hint: "was this run a training? It is \(manifest.status.rawValue)")
    }
    return try bytes.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
      guard let tree = try? JSONTree(Array(line)), let members = JSONText(tree.root).members else {
        throw FileError(.read, "\(file):\(number + 1)", "is no JSON object")
      }
      return Dictionary(members.compactMap { key, value in value.number.map { (key, $0) } }) { first, _ in first }
    }
  }

  /// How often test samples of each class were given which, row after row; nil when nothing was tested.
  public func confusion() throws -> [Int]? {
    let file = path + "/confusion.npz"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let counts = try NPZFile(path: file).array("counts")
    guard counts.shape.count == 2, counts.shape[0] == counts.shape[1] else {
      throw FileError(.read, file, "\"counts\" has shape \(counts.shape)")
    }
    return counts.doubles.map { Int($0) }
  }
}
