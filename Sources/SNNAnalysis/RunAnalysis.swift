import SNNSignals

/// Statistics of every population of a run.
public struct RunAnalysis: Sendable, Hashable {
  /// Simulated time of the run, ms.
  public var duration: Double
  public var options: AnalysisOptions
  public var populations: [PopulationAnalysis]

  /// - Throws: ``AnalysisError`` when nothing is left of the run after `options.from`, or a bin has no width.
  public init(
    populations: [PopulationSpikes], duration: Double, options: AnalysisOptions = AnalysisOptions()
  ) throws(AnalysisError) {
    guard options.from >= 0, options.from < duration else {
      throw AnalysisError(
        subject: "analysis", problem: "cannot start at \(options.from) ms of a run of \(duration) ms",
        hint: "leave out less than the whole run")
    }
    guard min(options.correlationBin, options.rateBin, options.fanoBin) > 0 else {
      throw AnalysisError(subject: "analysis", problem: "a bin must be wider than 0 ms")
    }
    self.duration = duration
    self.options = options
    self.populations = populations.map { PopulationAnalysis($0, within: options.from...duration, options: options) }
  }
}

extension RunAnalysis {
  /// One object; a statistic that does not exist is `null`. Keys and their order are fixed.
  public var json: JSONText {
    [
      "duration_ms": .number(duration), "from_ms": .number(options.from), "correlation_bin_ms": .number(options.correlationBin),
      "fano_bin_ms": .number(options.fanoBin), "rate_bin_ms": .number(options.rateBin), "seed": .unsigned(options.seed),
      "populations": .object(populations.map { ($0.name, $0.json) }),
    ]
  }
}

extension PopulationAnalysis {
  fileprivate var json: JSONText {
    [
      "size": .integer(size), "spikes": .integer(spikes), "rate_mean_hz": JSONText(rateMean), "rate_sd_hz": JSONText(rateSD),
      "rate_median_hz": JSONText(rateMedian), "silent_fraction": JSONText(silentFraction), "cv_isi": JSONText(cv),
      "cv2": JSONText(cv2), "lv": JSONText(lv), "interval_neurons": .integer(intervalNeurons),
      "correlation": JSONText(correlation), "correlation_neurons": .integer(correlationNeurons),
      "fano_factor": JSONText(fanoFactor), "peak_hz": JSONText(peakFrequency), "peak_density_hz2_per_hz": JSONText(peakDensity),
    ]
  }
}
