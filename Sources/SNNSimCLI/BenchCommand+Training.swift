import SNNBench
import SNNSignals

extension BenchCommand {
  /// `bench training`.
  func train(_ installation: Installation) throws {
    var comparison = TrainingComparison(installation)
    comparison.pairs = pairs
    comparison.threads = threadCounts
    comparison.hasPeer = peers != "none"
    comparison.progress = { complain($0) }
    let results = try TrainingCase.all.map { training in
      let result = try comparison.run(training)
      if !json { show(Self.text(result)) }
      return result
    }
    if json {
      let all: JSONText = ["trainings": .array(results.map(\.json))]
      print(all.line)
    }
  }

  static func text(_ result: TrainingResult) -> String {
    let tables = result.threads.map { runs in
      let row = { (title: String, figure: (TrainingCost) -> Double) -> [String] in
        let peer = runs.theirs.isEmpty ? [] : [number(runs.theirs.median(figure))]
        return [title, number(runs.ours.median(figure))] + peer
      }
      let peer = runs.theirs.first.map { [$0.version ?? "PyTorch"] } ?? []
      return "\(runs.threads) thread\(runs.threads == 1 ? "" : "s"), medians of \(runs.ours.count) epochs\n"
        + aligned([
          ["", "snnsim"] + peer, row("samples a second", \.samplesPerSecond), row("peak memory (MB)", \.peakMemory),
          row("test accuracy (%)") { 100 * $0.testAccuracy },
        ])
    }
    return ([result.training.label] + tables + [text(result.outcomes)]).joined(separator: "\n") + "\n"
  }
}
