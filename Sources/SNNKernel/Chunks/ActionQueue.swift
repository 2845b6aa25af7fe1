import SNNSignals

/// Which members of a chunk act on their own, and in which of the coming windows.
///
/// A ring of lists, one per window. A member counts in one list at a time: that of the window of its next action, or that of
/// an earlier window, where it is looked at and put back. So an entry may be early but never late, a change of plan costs
/// nothing when the action moves further away, and all costs are independent of how many members there are.
final class ActionQueue: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  /// An action further ahead is looked at once every so many windows. A list takes 24 bytes as long as it is empty.
  private static let slots = 256
  private static let nowhere = UInt16.max

  private let lists: UnsafeMutablePointer<GrowingList<UInt32>>
  private var taken = GrowingList<UInt32>()
  /// The list that each member counts in; entries of it elsewhere are stale.
  private let slot: AlignedBuffer<UInt16>

  init(members: Int) {
    lists = .allocate(capacity: Self.slots)
    for s in 0..<Self.slots { (lists + s).initialize(to: GrowingList()) }
    slot = AlignedBuffer(count: members)
    for i in 0..<members { slot[i] = Self.nowhere }
  }
  deinit {
    lists.deinitialize(count: Self.slots)
    lists.deallocate()
  }

  var byteCount: Int {
    (0..<Self.slots).reduce(slot.byteCount + taken.byteCount) { $0 + lists[$1].byteCount }
  }

  func pass(through state: StateTransfer) throws {
    for s in 0..<Self.slots {
      try lists[s].pass(through: state)
      let members = slot.count
      try state.require(lists[s].values.allSatisfy { $0 < members }, "expects a member that there is not")
    }
    try slot.pass(through: state)
  }

  /// What is broken, as sentences; empty for a sound queue. Checked after each window in debug builds.
  func invariants() -> [String] {
    var broken: [String] = []
    var found = Set<UInt32>()
    for place in 0..<Self.slots {
      for member in lists[place].values where Int(slot[Int(member)]) == place { found.insert(member) }
    }
    for member in 0..<slot.count where slot[member] != Self.nowhere && !found.contains(UInt32(member)) {
      broken.append("member \(member) counts in list \(slot[member]), which it is not in")
    }
    return broken
  }

  /// Notes that `member` acts in `window`; `now` is the number of the present window, at most `window`.
  @inline(__always)
  func add(_ member: UInt32, window: Int, now: Int) {
    let ahead = min(window &- now, Self.slots - 1)
    let present = slot.pointer[Int(member)]
    if present != Self.nowhere && (Int(present) &- now) & (Self.slots - 1) <= ahead { return }
    let place = (now &+ ahead) & (Self.slots - 1)
    slot.pointer[Int(member)] = UInt16(truncatingIfNeeded: place)
    lists[place].append(member)
  }

  /// Takes out the members that count in the list of window `number` and calls `body` with each once; `body` may put it back.
  /// Every window must be taken from, in order.
  @inline(__always)
  func take(_ number: Int, _ body: (UInt32) -> Void) {
    let place = number & (Self.slots - 1)
    guard lists[place].count > 0 else { return }
    swap(&lists[place], &taken)
    for member in taken.values {
      guard Int(slot.pointer[Int(member)]) == place else { continue }
      slot.pointer[Int(member)] = Self.nowhere
      body(member)
    }
    taken.removeAll()
  }
}
