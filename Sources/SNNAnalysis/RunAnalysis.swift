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
  /// One JSON object; a statistic that does not exist is `null`. Keys and their order are fixed.
  public var json: String {
    let entries = populations.map { p in
      let fields: [(String, String)] = [
        ("size", "\(p.size)"), ("spikes", "\(p.spikes)"), ("rate_mean_hz", number(p.rateMean)), ("rate_sd_hz", number(p.rateSD)),
        ("rate_median_hz", number(p.rateMedian)), ("silent_fraction", number(p.silentFraction)), ("cv_isi", number(p.cv)),
        ("cv2", number(p.cv2)), ("lv", number(p.lv)), ("interval_neurons", "\(p.intervalNeurons)"),
        ("correlation", number(p.correlation)), ("correlation_neurons", "\(p.correlationNeurons)"),
        ("fano_factor", number(p.fanoFactor)), ("peak_hz", number(p.peakFrequency)),
        ("peak_density_hz2_per_hz", number(p.peakDensity)),
      ]
      return "    \(quoted(p.name)): {" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }
    return """
      {
        "duration_ms": \(duration), "from_ms": \(options.from), "correlation_bin_ms": \(options.correlationBin), \
      "fano_bin_ms": \(options.fanoBin), "rate_bin_ms": \(options.rateBin), "seed": \(options.seed),
        "populations": {
      \(entries.joined(separator: ",\n"))
        }
      }

      """
  }

  private func number(_ x: Double?) -> String { x.map { "\($0)" } ?? "null" }

  private func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case _ where scalar.value < 0x20: "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
