/// A moment or duration of simulated time on an integer picosecond grid (1 ms = 10⁹ ps).
///
/// 0.1 ms is exact, events order exactly, delays add exactly. Range ±106 days.
public struct Time: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var picoseconds: Int64

  @inlinable public static var picosecondsPerMillisecond: Double { 1_000_000_000 }
  /// Later than every time a simulation can reach.
  @inlinable public static var never: Time { Time(picoseconds: .max) }
  @inlinable public static var zero: Time { Time(picoseconds: 0) }

  @inlinable public init(picoseconds: Int64) { self.picoseconds = picoseconds }

  /// The nearest picosecond to `milliseconds`. Traps when out of range: check with ``isRepresentable(milliseconds:)`` first.
  @inlinable public init(milliseconds: Double) {
    picoseconds = Int64((milliseconds * Self.picosecondsPerMillisecond).rounded())
  }

  /// Whether `milliseconds` is finite and within ±10⁹ ms (11.6 days), a margin inside the range of ``Time``.
  public static func isRepresentable(milliseconds: Double) -> Bool { abs(milliseconds) <= 1e9 }

  @inlinable public var milliseconds: Double { Double(picoseconds) / Self.picosecondsPerMillisecond }

  @inlinable public static func < (a: Time, b: Time) -> Bool { a.picoseconds < b.picoseconds }
  @inlinable public static func + (a: Time, b: Time) -> Time { Time(picoseconds: a.picoseconds + b.picoseconds) }
  @inlinable public static func - (a: Time, b: Time) -> Time { Time(picoseconds: a.picoseconds - b.picoseconds) }
  @inlinable public static func * (a: Time, n: Int) -> Time { Time(picoseconds: a.picoseconds * Int64(n)) }

  /// The number of whole steps of length `step` that end at or before this time (floor).
  @inlinable public func stepsFloor(_ step: Time) -> Int { Int(picoseconds / step.picoseconds) }
  /// The first step whose end is at or after this (non-negative) time (ceiling).
  @inlinable public func stepsCeil(_ step: Time) -> Int {
    Int((picoseconds + step.picoseconds - 1) / step.picoseconds)
  }
  /// The nearest number of steps; half a step rounds up. What delays on the grid are rounded with.
  @inlinable public func stepsNearest(_ step: Time) -> Int {
    Int((picoseconds + step.picoseconds / 2) / step.picoseconds)
  }
}
