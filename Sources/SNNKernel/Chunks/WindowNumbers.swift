import SNNSignals

/// The number of the window (start, end] that a time lies in, without a division.
///
/// With 2^(l−1) < L ≤ 2^l, the quotient of any number below 2^63 by L is its product with ⌈2^(63+l)/L⌉, shifted right by
/// 63 + l bits. Granlund & Montgomery (1994), doi:10.1145/178242.178249.
struct WindowNumbers: BitwiseCopyable {
  private let factor: UInt64
  private let shift: UInt64

  init(length: Time) {
    precondition(length.picoseconds > 1, "a window is longer than a picosecond")
    let length = UInt64(length.picoseconds)
    shift = UInt64(63 - (length - 1).leadingZeroBitCount)
    let (quotient, remainder) = length.dividingFullWidth((high: 1 << shift, low: 0))
    factor = quotient + (remainder > 0 ? 1 : 0)
  }

  /// The number of the window of a `time` > 0.
  @inline(__always)
  func number(of time: Time) -> Int {
    Int(truncatingIfNeeded: UInt64(bitPattern: time.picoseconds &- 1).multipliedFullWidth(by: factor).high &>> shift)
  }
}
