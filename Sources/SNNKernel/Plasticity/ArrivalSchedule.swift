import SNNDynamics
import SNNSignals

/// Spikes on their way to synapses, in one list per coming window.
final class ArrivalSchedule: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let lists: UnsafeMutablePointer<GrowingList<DelayedArrival>>
  private let mask: Int
  private let windowTicks: Int64

  /// - Parameters:
  ///   - windowTicks: length of a window.
  ///   - reach: how far ahead a spike may arrive, ticks.
  init(windowTicks: Int64, reach: Int64) {
    self.windowTicks = windowTicks
    var count = 2
    while Int64(count) * windowTicks <= reach + 2 * windowTicks { count *= 2 }
    mask = count - 1
    lists = .allocate(capacity: count)
    for n in 0..<count { (lists + n).initialize(to: GrowingList()) }
  }

  deinit {
    lists.deinitialize(count: mask + 1)
    lists.deallocate()
  }

  var byteCount: Int { (0...mask).reduce(0) { $0 + lists[$1].byteCount } }

  /// - Parameter places: of synapses.
  func pass(through state: StateTransfer, places: Int) throws {
    for n in 0...mask {
      try lists[n].pass(through: state)
      try state.require(lists[n].values.allSatisfy { $0.place < places }, "has a spike on its way to a synapse that there is not")
    }
  }

  /// The list of the window (start, end] that `time` lies in.
  @inline(__always)
  private func list(_ time: Int64) -> UnsafeMutablePointer<GrowingList<DelayedArrival>> {
    lists + Int(truncatingIfNeeded: (time &- 1) / windowTicks) & mask
  }

  @inline(__always)
  func add(_ arrival: DelayedArrival) { list(arrival.time).pointee.append(arrival) }

  /// The arrivals of the window that holds `time`, in order.
  func arrivals(_ time: Int64) -> UnsafeBufferPointer<DelayedArrival> {
    let list = list(time)
    // In windows of one step all come at once, in the order in which they were sent.
    if windowTicks > 1 { list.pointee.sort() }
    return list.pointee.values
  }

  /// Forgets the arrivals of the window that holds `time`.
  func remove(_ time: Int64) { list(time).pointee.removeAll() }
}
