import SNNSignals

/// A target, and what was found.
public struct TargetOutcome: Sendable {
  public var what: String
  public var target: Target
  /// `nil` where it was not measured: without the peer, or on other numbers of threads.
  public var found: Double?

  public var isMet: Bool? { found.map(target.isMet(by:)) }

  public var json: JSONText {
    [
      "what": .text(what), target.isUpper ? "at_most" : "at_least": .number(target.bound), "found": JSONText(found),
      "met": isMet.map { .boolean($0) } ?? .null,
    ]
  }
}

extension CaseResult {
  /// Each target of the benchmark for each number of threads it holds for.
  public func outcomes(_ roofline: Roofline?) -> [TargetOutcome] {
    benchmark.targets.flatMap { target -> [TargetOutcome] in
      let each = { (what: String, value: (ThreadsResult) -> Double?) in
        threads.map {
          TargetOutcome(what: "\(what), \($0.threads) thread\($0.threads == 1 ? "" : "s")", target: target, found: value($0))
        }
      }
      switch target.figure {
      case .faster(let peer):
        return each("times faster than \(peer.name)") { $0.pairs(with: peer)?.ratio(\.simulate) }
      case .fasterThanBest(let peer):
        return [TargetOutcome(what: "times faster than \(peer.name), best of each", target: target, found: bestRatio(peer))]
      case .speedUp:
        return [TargetOutcome(what: "two threads against one", target: target, found: speedUp)]
      case .bytesPerSynapse:
        return each("bytes per \(benchmark.learns ? "plastic " : "")synapse, process growth", \.bytesPerSynapse)
      case .connections: return each("connections per second and thread", \.connectionsPerSecondAndThread)
      case .roofline:
        return each("synaptic events of streamed random adds, per core") { result in
          roofline.map { result.eventsPerSecondAndThread / (result.threads == 1 ? $0.streamedAdds : $0.streamedAddsTogether) }
        }
      case .build: return each("s to build") { $0.median(\.build) }
      case .memory: return each("MB peak memory") { $0.median(\.peakMemory) }
      case .realTimeFactor: return each("x real time") { $0.median(\.simulate) * 1000 / duration }
      }
    }
  }

  public func json(_ roofline: Roofline?) -> JSONText {
    [
      "benchmark": .text(benchmark.label), "network": .text(benchmark.network),
      "set": .array(benchmark.assignments.map { .text($0) }), "duration_ms": .number(duration),
      "threads": .array(threads.map(\.json)), "accuracy": accuracy.map(\.json) ?? .null,
      "targets": .array(outcomes(roofline).map(\.json)),
    ]
  }
}

extension Accuracy {
  public var json: JSONText {
    [
      "snnsim_mV": .number(own), "brian2_mV": .number(coarse), "brian2_fine_mV": .number(fine), "step_ms": .number(step),
      "equal_step_ms": .number(equalStep),
    ]
  }
}

extension ThreadsResult {
  public var json: JSONText {
    [
      "threads": .integer(threads), "runs": .integer(own.count), "build_s": .number(median(\.build)),
      "simulate_s": .number(median(\.simulate)), "peak_rss_mb": .number(median(\.peakMemory)),
      "events_per_s": .number(eventsPerSecond), "events_per_s_and_core": .number(eventsPerSecondAndThread),
      "bytes_per_synapse": JSONText(bytesPerSynapse), "peers": .array(pairs.map(\.json)),
    ]
  }
}

extension PeerPairs {
  public var json: JSONText {
    let names = (runs.first?.theirs.rates.keys).map { $0.sorted() } ?? []
    let weights = (runs.first?.theirs.meanWeights.keys).map { $0.sorted() } ?? []
    return [
      "peer": .text(peer.name), "version": JSONText(runs.first?.theirs.version), "pairs": .integer(runs.count),
      "pairs_that_agree": .integer(agreeing.count), "build_s": .number(median(\.theirs.build)),
      "simulate_s": .number(median(\.theirs.simulate)), "compile_s": JSONText(runs.first?.theirs.compile),
      "peak_rss_mb": .number(median(\.theirs.peakMemory)), "bytes_per_synapse": JSONText(bytesPerSynapse),
      "ratios":
        [
          "build": .number(ratio(\.build)), "simulate": .number(ratio(\.simulate)), "peak_rss": .number(ratio(\.peakMemory)),
        ],
      "rates_hz": .object(names.map { ($0, [.number(rates($0).theirs), .number(rates($0).ours)]) }),
      "mean_weights": .object(weights.map { ($0, [.number(meanWeights($0).theirs), .number(meanWeights($0).ours)]) }),
    ]
  }
}
