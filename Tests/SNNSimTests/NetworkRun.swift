import Foundation
import SNNTestSupport
import Testing

func networkPath(_ name: String) -> String { SnnsimProcess.root.path + "/networks/\(name).json" }

/// What `snnsim analyze` says of a run of a network of `networks/`.
struct NetworkRun {
  private let populations: [String: [String: Any]]

  /// - Parameter begin: ms left out at the start.
  init(_ name: String, _ arguments: [String], from begin: Double) throws {
    let directory = try TemporaryDirectory()
    let output = directory.file("out")
    let run = try SnnsimProcess.run(["run", networkPath(name), "--quiet", "--output", output] + arguments)
    try #require(run.code == 0, Comment(rawValue: run.stderr))
    let analysis = try SnnsimProcess.run("analyze", output, "--from", "\(begin)", "--json")
    try #require(analysis.code == 0, Comment(rawValue: analysis.stderr))
    populations = try #require(analysis.object?["populations"] as? [String: [String: Any]])
  }

  init(_ name: String, _ arguments: String..., from begin: Double) throws {
    try self.init(name, arguments, from: begin)
  }

  /// A statistic by its name in the output of `analyze`; NaN when the spikes did not give it.
  subscript(population: String, statistic: String) -> Double {
    populations[population]?[statistic] as? Double ?? .nan
  }
}
