import SNNSignals

/// The groups of a table under construction, with the memory they live in and the extreme delays.
struct GroupColumns: ~Copyable {
  let view: DelayGroups
  let groups: AlignedBlock
  let records: AlignedBlock
  let minimum: Time
  let maximum: Time
}

extension SynapseRows {
  /// Longest delay in steps for which rows are sorted by counting.
  private static var longestSorted: UInt32 { 512 }
  /// Longest delay in steps that sums wait for in a ring (``InputRing``): groups would gain nothing.
  private static var longestInRing: UInt32 { 16 }
  /// Synapses of a group on average, at least: below, a record is little more than its entry in a calendar.
  private static var shortestGroups: Int { 3 }

  /// Sorts every row by delay, synapses of the same delay keeping their order, into groups; nil where too few share a delay.
  func groupedByDelay(_ blueprint: ProjectionBlueprint) -> GroupColumns? {
    guard let delayCells, count > 0 else { return nil }
    var (least, most) = (UInt32.max, UInt32(0))
    for place in 0..<count {
      let steps = delayCells[place]
      least = min(least, steps)
      most = max(most, steps)
    }
    guard most > Self.longestInRing, most <= Self.longestSorted else { return nil }
    let sorting = RowGrouping(self, delayCells, most: Int(most))
    guard let (groups, units) = sorting.measure(limit: count / Self.shortestGroups), units <= UInt32.max else { return nil }

    let word = MemoryLayout<UInt32>.stride
    let starts = 2 * (sources + 1) * word
    let groupBlock = AlignedBlock(byteCount: starts + groups * MemoryLayout<DelayGroups.Group>.stride)
    let slack = SingleEntry.atOnce * MemoryLayout<Float>.stride
    let recordBlock = AlignedBlock(byteCount: units * DelayGroups.unit + slack)
    let firsts = groupBlock.base.bindMemory(to: UInt32.self, capacity: 2 * (sources + 1))
    let list = (groupBlock.base + starts).bindMemory(to: DelayGroups.Group.self, capacity: groups)
    let view = DelayGroups(
      starts: firsts, groups: list, recordStarts: firsts + sources + 1, records: UnsafeRawPointer(recordBlock.base),
      hasWeights: weights != nil)
    sorting.write(firsts, firsts + sources + 1, list, view)
    let unit = DelayUnit(blueprint)
    return GroupColumns(
      view: view, groups: groupBlock, records: recordBlock, minimum: unit.time(least), maximum: unit.time(most))
  }
}

/// Sorts rows by delay, one after another.
private struct RowGrouping {
  private let sources: Int
  private let rowStarts: UnsafePointer<UInt32>
  private let delays: DelayCells
  private let targets: UnsafePointer<UInt16>
  private let weights: UnsafePointer<Float>?
  /// By delay, how many synapses of the present row have it.
  private let counts: AlignedBuffer<UInt32>

  init(_ rows: borrowing SynapseRows, _ delays: DelayCells, most: Int) {
    sources = rows.sources
    rowStarts = UnsafePointer(rows.rows.elements(of: UInt32.self))
    self.delays = delays
    targets = UnsafePointer(rows.targets.elements(of: UInt16.self))
    weights = (rows.weights?.elements(of: Float.self)).map { UnsafePointer($0) }
    counts = AlignedBuffer(count: most + 1)
  }

  /// The places of a row, with ``counts`` of its delays.
  private func forEachRow(_ body: (_ source: Int, _ places: Range<Int>) -> Bool) {
    for source in 0..<sources {
      let places = Int(rowStarts[source])..<Int(rowStarts[source + 1])
      for place in places { counts.pointer[Int(delays[place])] &+= 1 }
      let goesOn = body(source, places)
      for place in places { counts.pointer[Int(delays[place])] = 0 }
      guard goesOn else { return }
    }
  }

  /// The groups of the present row, by delay.
  private func forEachGroup(_ body: (_ steps: Int, _ count: Int) -> Void) {
    for steps in 0..<counts.count where counts.pointer[steps] > 0 { body(steps, Int(counts.pointer[steps])) }
  }

  /// How many groups there are, and units of records; nil with more groups than `limit`, or one too large to be counted.
  func measure(limit: Int) -> (groups: Int, units: Int)? {
    var (groups, unit, largest) = (0, 0, 0)
    func isPossible() -> Bool { groups <= limit && largest <= Int(UInt16.max) }
    forEachRow { _, places in
      guard !places.isEmpty else { return true }
      forEachGroup { _, count in
        unit += DelayGroups.units(count, hasWeights: weights != nil)
        groups += 1
        largest = max(largest, count)
      }
      return isPossible()
    }
    return isPossible() ? (groups, unit) : nil
  }

  func write(
    _ starts: UnsafeMutablePointer<UInt32>, _ recordStarts: UnsafeMutablePointer<UInt32>,
    _ groups: UnsafeMutablePointer<DelayGroups.Group>, _ view: DelayGroups
  ) {
    let (next, units) = (AlignedBuffer<UInt32>(count: counts.count), AlignedBuffer<UInt32>(count: counts.count))
    var (made, unit) = (0, 0)
    forEachRow { source, places in
      starts[source] = UInt32(truncatingIfNeeded: made)
      recordStarts[source] = UInt32(truncatingIfNeeded: unit)
      guard !places.isEmpty else { return true }
      forEachGroup { steps, count in
        groups[made] = DelayGroups.Group(steps: UInt16(truncatingIfNeeded: steps), count: UInt16(truncatingIfNeeded: count))
        made += 1
        units.pointer[steps] = UInt32(truncatingIfNeeded: unit)
        next.pointer[steps] = 0
        unit += DelayGroups.units(count, hasWeights: weights != nil)
      }
      for place in places {
        let steps = Int(delays[place])
        let (at, i, n) = (Int(units.pointer[steps]), Int(next.pointer[steps]), Int(counts.pointer[steps]))
        next.pointer[steps] &+= 1
        UnsafeMutablePointer(mutating: view.targets(at))[i] = targets[place]
        if let weights { UnsafeMutablePointer(mutating: view.weights(at, n))[i] = weights[place] }
      }
      return true
    }
    starts[sources] = UInt32(truncatingIfNeeded: made)
    recordStarts[sources] = UInt32(truncatingIfNeeded: unit)
  }
}
