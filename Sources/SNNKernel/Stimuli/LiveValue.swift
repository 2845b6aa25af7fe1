import SNNSignals

/// A number of an input that may be changed while the run goes on, between two windows, for moments that no chunk has come to.
/// A run then has the same bits as one whose input had these steps from the beginning.
public final class LiveValue: Checkpointed, @unchecked Sendable {
  // @unchecked: written between windows, by one thread, and read within them.
  private let initial: Double
  /// Ascending; those that nothing can ask for any more are forgotten.
  private var changes: [Change] = []
  /// How far back an input may look: its longest delay and a window.
  private let reach: Time

  private struct Change: BitwiseCopyable {
    var picoseconds: Int64
    var value: Double
  }

  public init(_ initial: Double, reach: Time) {
    self.initial = initial
    self.reach = reach
  }

  /// Changes the number from `time` on, which no change is later than.
  public func set(_ value: Double, from time: Time) {
    let old = changes.lastIndex { $0.picoseconds <= time.picoseconds - reach.picoseconds } ?? 0
    changes.removeFirst(old)
    changes.append(Change(picoseconds: time.picoseconds, value: value))
  }

  public func pass(through state: StateTransfer) throws {
    try state.list(&changes)
    try state.require(
      zip(changes, changes.dropFirst()).allSatisfy { $0.picoseconds <= $1.picoseconds }
        && changes.allSatisfy { $0.value.isFinite },
      "has changes in no order")
  }

  /// What holds at `time`, a change at this moment included.
  func value(at time: Time) -> Double { changes.last { $0.picoseconds <= time.picoseconds }?.value ?? initial }
  /// What holds on the interval that ends at `time`.
  func value(before time: Time) -> Double { changes.last { $0.picoseconds < time.picoseconds }?.value ?? initial }

  /// The moments of changes in (after, until], ascending.
  func times(after: Time, until: Time) -> [Time] {
    changes.map { Time(picoseconds: $0.picoseconds) }.filter { $0 > after && $0 <= until }
  }
}
