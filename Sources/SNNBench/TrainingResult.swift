import SNNSignals

/// Trainings on one number of threads, each of the peer's followed by one of snnsim; the peer's are empty without one.
public struct TrainingRuns: Sendable {
  public var threads: Int
  public var ours: [TrainingCost] = []
  public var theirs: [TrainingCost] = []

  public init(threads: Int) { self.threads = threads }

  /// The median of the pairs' ratios, ours to theirs; nil without a peer.
  public func ratio(_ figure: (TrainingCost) -> Double) -> Double? {
    theirs.isEmpty ? nil : median(zip(ours, theirs).map { figure($0) / figure($1) })
  }
}

/// What one training benchmark gave.
public struct TrainingResult: Sendable {
  public var training: TrainingCase
  public var threads: [TrainingRuns] = []

  public init(training: TrainingCase) { self.training = training }

  /// The target for each number of threads.
  public var outcomes: [TargetOutcome] {
    threads.map {
      TargetOutcome(
        what: "times as many samples a second, \($0.threads) thread\($0.threads == 1 ? "" : "s")", target: training.target,
        found: $0.ratio(\.samplesPerSecond))
    }
  }

  public var json: JSONText {
    [
      "benchmark": .text(training.label), "network": .text(training.network), "threads": .array(threads.map(\.json)),
      "targets": .array(outcomes.map(\.json)),
    ]
  }
}

extension TrainingRuns {
  public var json: JSONText {
    [
      "threads": .integer(threads), "runs": .integer(ours.count), "snnsim": ours.json,
      "peer": theirs.isEmpty ? .null : theirs.json, "version": JSONText(theirs.first?.version),
      "ratio": JSONText(ratio(\.samplesPerSecond)),
    ]
  }
}

extension [TrainingCost] {
  public func median(_ figure: (TrainingCost) -> Double) -> Double { SNNBench.median(map(figure)) }

  var json: JSONText {
    [
      "samples_per_second": .number(median(\.samplesPerSecond)), "test_accuracy": .number(median(\.testAccuracy)),
      "peak_rss_mb": .number(median(\.peakMemory)),
    ]
  }
}
