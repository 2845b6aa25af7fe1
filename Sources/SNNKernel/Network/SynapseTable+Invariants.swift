import SNNSignals

extension SynapseTable {
  /// What is broken in this table, as sentences; empty for a sound one. Checked after each build in debug builds.
  public func invariants() -> [String] {
    var broken: [String] = []
    if rowStarts[0] != 0 { broken.append("the first row starts at \(rowStarts[0])") }
    for s in 0..<sources {
      guard rowStarts[s] <= rowStarts[s + 1] else {
        return broken + ["row \(s) ends before it starts"]
      }
      for place in row(s).dropFirst() where target(place) < target(place - 1) {
        let (before, here) = (delay(place - 1, step: Time(picoseconds: 1)), delay(place, step: Time(picoseconds: 1)))
        if case .groups = delays, before < here { continue }
        broken.append("targets of row \(s) descend at place \(place)")
      }
    }
    for place in 0..<count {
      if target(place) >= targetRange.count { broken.append("the target at place \(place) is outside the chunk") }
      if !weight(place).isFinite { broken.append("the weight at place \(place) is \(weight(place))") }
      let delay = delay(place, step: Time(picoseconds: 1))
      if delay.picoseconds < 1 { broken.append("the delay at place \(place) is not positive") }
    }
    if minimumDelay > maximumDelay || minimumDelay <= .zero {
      broken.append("delays from \(minimumDelay.milliseconds) to \(maximumDelay.milliseconds) ms")
    }
    return broken
  }
}
