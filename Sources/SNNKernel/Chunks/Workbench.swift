import SNNDynamics

/// Memory of one worker for what a chunk writes and reads again within one task: it stays in the nearest cache, whatever
/// chunk comes next.
public struct Workbench: ~Copyable, @unchecked Sendable {
  // @unchecked: used by one worker only.
  private var sums = AlignedBuffer<Lanes>(count: 0)

  public init() {}

  /// Room for `count` sums of input, all zero; the user leaves them so.
  mutating func sums(_ count: Int) -> UnsafeMutablePointer<Lanes> {
    if _slowPath(sums.count < count) { sums = AlignedBuffer(count: count) }
    return sums.pointer
  }
}
