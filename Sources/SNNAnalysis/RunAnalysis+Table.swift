extension RunAnalysis: CustomStringConvertible {
  /// An aligned table, one row a population, with a legend that says which neurons count.
  public var description: String {
    let head: [[String]] = [
      ["population", "neurons", "spikes", "rate", "sd", "median", "silent", "CV", "CV2", "LV", "corr.", "Fano", "peak"],
      ["", "", "", "Hz", "Hz", "Hz", "%", "", "", "", "", "", "Hz"],
    ]
    let rows = populations.map { p in
      [
        p.name, "\(p.size)", "\(p.spikes)", fixed(p.rateMean, 2), fixed(p.rateSD, 2), fixed(p.rateMedian, 2),
        fixed(p.silentFraction.map { 100 * $0 }, 1), fixed(p.cv, 3), fixed(p.cv2, 3), fixed(p.lv, 3), fixed(p.correlation, 4),
        fixed(p.fanoFactor, 2), fixed(p.peakFrequency, 1),
      ]
    }
    let table = head + rows
    let widths = head[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    let lines = table.map { row in
      row.indices.map { column in
        let gap = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + gap : gap + row[column]
      }.joined(separator: "  ").trimmingTrailingSpaces
    }
    let rule = String(repeating: "─", count: widths.reduce(0) { $0 + $1 + 2 } - 2)
    return (Array(lines.prefix(2)) + [rule] + lines.dropFirst(2) + [rule, legend]).joined(separator: "\n") + "\n"
  }

  private var legend: String {
    """
    From \(shortNumber(options.from)) to \(shortNumber(duration)) ms. Rates over all neurons; CV, CV2, LV over those with 3 spikes or more;
    corr.: pairs among at most \(options.correlationNeurons) neurons with spikes, \(shortNumber(options.correlationBin)) ms bins; \
    Fano: population counts in \(shortNumber(options.fanoBin)) ms bins;
    peak: of the spectrum of the population rate. –: too few spikes.
    """
  }

  private func fixed(_ x: Double?, _ decimals: Int) -> String { x.map { fixedNumber($0, decimals) } ?? "–" }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
