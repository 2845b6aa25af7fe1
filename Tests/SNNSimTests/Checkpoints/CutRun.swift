import Foundation
import SNNTestSupport
import Testing

/// Runs that are cut and go on, for the suites about them.
struct CutRun {
  let directory: TemporaryDirectory
  let whole: String
  let cut: String

  /// Runs a network without a break and another time until `moment`, then goes on with it.
  /// - Parameter threads: of the first part, and of the second.
  init(_ path: String, _ arguments: [String], at moment: Double, threads: (Int, Int) = (2, 3)) throws {
    directory = try TemporaryDirectory()
    (whole, cut) = (directory.file("whole"), directory.file("cut"))
    let common = ["run", path, "--json"] + arguments
    let first = try SnnsimProcess.run(common + ["--output", whole, "--threads", "\(threads.0)"])
    try #require(first.code == 0, "\(first.stderr)")
    let interrupted = try SnnsimProcess.run(
      common + ["--output", cut, "--threads", "\(threads.0)", "--interrupt-at", "\(moment)"])
    try #require(interrupted.code == 130, "\(interrupted.stderr)")
    let second = try SnnsimProcess.run(["resume", cut, "--json", "--threads", "\(threads.1)"])
    try #require(second.code == 0, "\(second.stderr)")
    for key in ["digests", "metrics", "populations", "spikes", "synaptic_events"] {
      #expect(Self.text(first.object?[key]) == Self.text(second.object?[key]), "\(key)")
    }
  }

  static func text(_ value: Any?) -> String {
    guard let value, let data = try? JSONSerialization.data(withJSONObject: [value], options: .sortedKeys) else { return "none" }
    return String(decoding: data, as: UTF8.self)
  }

  /// Expects that both directories hold the same results, byte for byte.
  func expectSame() throws { try expectSameResults(whole, cut) }
}

/// Expects that two results directories hold the same files but for the manifest, byte for byte.
func expectSameResults(_ a: String, _ b: String) throws {
  func files(_ path: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      $0 != "manifest.json" && $0 != "net.json" && !$0.hasPrefix("checkpoints")
    }.sorted()
  }
  let names = try files(a)
  #expect(try files(b) == names)
  for name in names {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: a + "/" + name, isDirectory: &isDirectory), !isDirectory.boolValue else {
      continue
    }
    if name == "metrics.jsonl" {
      #expect(try metricsWithoutTimes(a) == metricsWithoutTimes(b))
    } else {
      #expect(FileManager.default.contentsEqual(atPath: a + "/" + name, andPath: b + "/" + name), "\(name)")
    }
  }
}

/// The lines of `metrics.jsonl` without the seconds that each epoch took.
func metricsWithoutTimes(_ directory: String) throws -> String {
  let text = try String(contentsOfFile: directory + "/metrics.jsonl", encoding: .utf8)
  return text.replacingOccurrences(of: #", "seconds": [^,}]+"#, with: "", options: .regularExpression)
}
