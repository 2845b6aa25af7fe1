/// The half-open interval `(start, end]` of simulated time that all chunks advance through between two exchanges.
///
/// No delay between neurons is shorter than a window, so a spike of one window arrives in a later one.
/// Half-open on the left, because a spike of the grid engine stands at the *end* of its step, as in NEST.
public struct Window: Hashable, Sendable {
  public var start: Time
  public var end: Time

  @inlinable public init(start: Time, end: Time) {
    self.start = start
    self.end = end
  }

  /// The multiples of `interval` in `window`.
  public static func samples(of interval: Time, in window: Window) -> [Time] {
    var times: [Time] = []
    var n = window.start.picoseconds / interval.picoseconds + 1
    while n * interval.picoseconds <= window.end.picoseconds {
      times.append(Time(picoseconds: n * interval.picoseconds))
      n += 1
    }
    return times
  }

  @inlinable public func contains(_ time: Time) -> Bool { start < time && time <= end }
}
