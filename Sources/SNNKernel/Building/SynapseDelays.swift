import SNNDynamics
import SNNSignals

extension DelayColumn {
  /// The delays of `rows`, rounded to the nearest step or picosecond count; the least possible is one of them.
  init(
    _ blueprint: ProjectionBlueprint, _ rows: borrowing SynapseRows, firstTarget: Int
  ) throws(SynapseBuildingError) {
    if case .shared(let ms) = blueprint.delay {
      let time = try blueprint.checkedDelay(ms, target: nil)
      switch blueprint.engine {
      case .grid(let step):
        let steps = try blueprint.steps(time, step, target: nil)
        self.init(.sharedSteps(steps), minimum: step * steps, maximum: step * steps)
      case .exact:
        self.init(.sharedTime(time), minimum: time, maximum: time)
      }
      return
    }
    switch blueprint.engine {
    case .grid(let step): self = try Self.steps(blueprint, rows, firstTarget, step)
    case .exact: self = try Self.counts(blueprint, rows, firstTarget)
    }
  }

  /// Steps of the grid, in one byte where the longest allows it.
  private static func steps(
    _ blueprint: ProjectionBlueprint, _ rows: borrowing SynapseRows, _ firstTarget: Int, _ step: Time
  ) throws(SynapseBuildingError) -> DelayColumn {
    let count = rows.count
    let wide = AlignedBlock(count, of: UInt16.self)
    let shorts = wide.elements(of: UInt16.self)
    var least = Int.max
    var most = 0
    try blueprint.forEachValue(of: blueprint.delay, rows, firstTarget: firstTarget) {
      (place, target, ms) throws(SynapseBuildingError) in
      let n = try blueprint.steps(blueprint.checkedDelay(ms, target: target), step, target: target)
      shorts[place] = UInt16(n)
      least = min(least, n)
      most = max(most, n)
    }
    guard most <= UInt8.max else {
      return DelayColumn(.shortSteps(UnsafePointer(shorts)), minimum: step * least, maximum: step * most, block: wide)
    }
    let narrow = AlignedBlock(count, of: UInt8.self)
    let bytes = narrow.elements(of: UInt8.self)
    for place in 0..<count { bytes[place] = UInt8(truncatingIfNeeded: shorts[place]) }
    return DelayColumn(.byteSteps(UnsafePointer(bytes)), minimum: step * least, maximum: step * most, block: narrow)
  }

  /// Counts of 2^shift picoseconds for the exact engine.
  private static func counts(
    _ blueprint: ProjectionBlueprint, _ rows: borrowing SynapseRows, _ firstTarget: Int
  ) throws(SynapseBuildingError) -> DelayColumn {
    let shift = Int64(blueprint.delayShift)
    let half = (Int64(1) << shift) / 2
    let block = AlignedBlock(rows.count, of: UInt32.self)
    let counts = block.elements(of: UInt32.self)
    var least = UInt32.max
    var most: UInt32 = 0
    try blueprint.forEachValue(of: blueprint.delay, rows, firstTarget: firstTarget) {
      (place, target, ms) throws(SynapseBuildingError) in
      let time = try blueprint.checkedDelay(ms, target: target)
      let n = UInt32(clamping: max(1, (time.picoseconds + half) >> shift))
      counts[place] = n
      least = min(least, n)
      most = max(most, n)
    }
    return DelayColumn(
      .times(UnsafePointer(counts), shift: Int(shift)), minimum: Time(picoseconds: Int64(least) << shift),
      maximum: Time(picoseconds: Int64(most) << shift), block: block)
  }
}

extension ProjectionBlueprint {
  /// A delay as a positive time on the picosecond grid.
  @inline(__always)
  func checkedDelay(_ ms: Double, target: Int?) throws(SynapseBuildingError) -> Time {
    guard Time.isRepresentable(milliseconds: ms) else {
      throw SynapseBuildingError(projection: name, target: target, problem: .delay(ms))
    }
    let time = Time(milliseconds: ms)
    guard time.picoseconds > 0 else {
      let least = if case .grid(let step) = engine { step } else { Time(picoseconds: 1) }
      throw SynapseBuildingError(
        projection: name, target: target, problem: .delayTooShort(ms, least: least.milliseconds))
    }
    return time
  }

  /// A delay as a number of steps, from 1 to 65,535.
  @inline(__always)
  func steps(_ time: Time, _ step: Time, target: Int?) throws(SynapseBuildingError) -> Int {
    let n = time.stepsNearest(step)
    guard n >= 1 else {
      throw SynapseBuildingError(
        projection: name, target: target, problem: .delayTooShort(time.milliseconds, least: step.milliseconds))
    }
    guard n <= UInt16.max else {
      throw SynapseBuildingError(
        projection: name, target: target,
        problem: .delayTooLong(time.milliseconds, most: step.milliseconds * Double(UInt16.max)))
    }
    return n
  }
}
