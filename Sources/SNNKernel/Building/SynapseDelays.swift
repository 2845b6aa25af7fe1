import SNNDynamics
import SNNSignals

extension ProjectionBlueprint {
  /// The delay that all synapses share, rounded to the nearest step on the grid.
  func sharedDelay() throws(SynapseBuildingError) -> DelayColumn {
    guard case .shared(let ms) = delay else { preconditionFailure("synapses with delays of their own") }
    let time = try checkedDelay(ms, target: nil)
    switch engine {
    case .grid(let step):
      let steps = try steps(time, step, target: nil)
      return DelayColumn(.sharedSteps(steps), minimum: step * steps, maximum: step * steps)
    case .exact: return DelayColumn(.sharedTime(time), minimum: time, maximum: time)
    }
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
