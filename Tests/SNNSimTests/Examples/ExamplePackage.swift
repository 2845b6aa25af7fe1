import Foundation
import SNNTestSupport
import Testing

/// The package `Tests/ExampleRule` of somebody with a rule and a learner of their own, built as its author would, once.
enum ExamplePackage {
  static let folder = SnnsimProcess.root.appendingPathComponent("Tests/ExampleRule")

  private static let binary = Result {
    let scratch = SnnsimProcess.root.path + "/.build/example"
    // After a change of the protocol alone, swift build may leave a rule of another package as it was.
    let built = scratch + "/debug/MySnnsim.build"
    for file in (try? FileManager.default.contentsOfDirectory(atPath: built)) ?? [] where !file.hasSuffix(".json") {
      try FileManager.default.removeItem(atPath: built + "/" + file)
    }
    let build = try SnnsimProcess.run(
      ["swift", "build", "--package-path", folder.path, "--scratch-path", scratch], program: "/usr/bin/env")
    try #require(build.code == 0, "\(build.stdout.suffix(3000))\(build.stderr.suffix(1000))")
    return scratch + "/debug/MySnnsim"
  }

  /// Runs the command of that package.
  static func snnsim(
    _ arguments: String..., whileRunning: ((Process) throws -> Void)? = nil
  ) throws -> SnnsimProcess.Outcome {
    try SnnsimProcess.run(arguments, program: binary.get(), whileRunning: whileRunning)
  }
}
