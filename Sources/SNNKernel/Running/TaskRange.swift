import Dispatch
import Synchronization

/// A worker's deque of task numbers. Tasks are numbered, so a deque is a range, and both ends fit one atomic word:
/// whoever exchanges the word owns what it cut off. A stale word can only be exchanged for itself, and then it is true.
struct TaskRange: ~Copyable {
  /// Low half: first task; high half: one past the last.
  private let word = Atomic<UInt64>(0)
  private let padding = cacheLinePadding

  private static func pack(_ first: UInt64, _ end: UInt64) -> UInt64 { end << 32 | first }

  /// Fills the deque; called only while no task of any deque is left.
  func publish(_ range: Range<Int>) {
    word.store(Self.pack(UInt64(range.lowerBound), UInt64(range.upperBound)), ordering: .releasing)
  }

  func popFront() -> Int? {
    var now = word.load(ordering: .acquiring)
    while true {
      let first = now & 0xFFFF_FFFF
      let end = now >> 32
      guard first < end else { return nil }
      let (exchanged, original) = word.compareExchange(
        expected: now, desired: Self.pack(first + 1, end), ordering: .acquiringAndReleasing)
      if exchanged { return Int(first) }
      now = original
    }
  }

  /// Takes the last task. One at a time: a thief never fills a deque, so only the caller of a run does, and nothing it
  /// publishes can be overwritten by a worker that still looks for work of the run before.
  func stealBack() -> Int? {
    var now = word.load(ordering: .acquiring)
    while true {
      let first = now & 0xFFFF_FFFF
      let end = now >> 32
      guard first < end else { return nil }
      let (exchanged, original) = word.compareExchange(
        expected: now, desired: Self.pack(first, end - 1), ordering: .acquiringAndReleasing)
      if exchanged { return Int(end - 1) }
      now = original
    }
  }
}

/// Where one thread sleeps until another has brought about what it waits for.
final class Sleeper: Sendable {
  private let parked = Atomic<Bool>(false)
  private let semaphore = DispatchSemaphore(value: 0)

  /// Sleeps until woken, unless `isOver` says that there is nothing to wait for. May return early: look again.
  ///
  /// The order (announce, look again, sleep) against (bring about, look for sleepers) makes a lost wake-up impossible;
  /// both sides must be sequentially consistent.
  @inline(__always)
  func park(unless isOver: () -> Bool) {
    parked.store(true, ordering: .sequentiallyConsistent)
    if isOver() {
      // Take the announcement back, or else the wake-up that is already on its way.
      if !parked.exchange(false, ordering: .sequentiallyConsistent) { semaphore.wait() }
      return
    }
    semaphore.wait()
  }

  func wake() {
    if parked.load(ordering: .sequentiallyConsistent), parked.exchange(false, ordering: .sequentiallyConsistent) {
      semaphore.signal()
    }
  }
}

/// A counter alone on its cache line.
struct PaddedCounter: ~Copyable {
  let value = Atomic<Int>(0)
  private let padding = cacheLinePadding
}

/// Keeps what follows 128 bytes away: a cache line and the neighbour that is fetched with it.
typealias CacheLinePadding = (
  UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64
)
let cacheLinePadding: CacheLinePadding = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
