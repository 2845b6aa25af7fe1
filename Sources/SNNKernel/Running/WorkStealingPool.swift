import CPrimitives
import Dispatch
import Foundation
import SNNSignals
import Synchronization

/// Runs numbered tasks on a fixed number of workers, of which the caller is one.
///
/// Each worker has a deque of task numbers (``TaskRange``); it takes from the front of its own and, when that is empty,
/// steals from the back of another's. The barrier counts finished *tasks*: a worker that the system has descheduled
/// while idle delays nobody. Workers wait for the next call with a short spin and then park on a semaphore.
/// Which worker runs a task never changes a result: tasks share nothing they write.
public final class WorkStealingPool: @unchecked Sendable {
  // @unchecked: `body` is written by the caller only while no task is available, and published by the atomic ranges.
  public let workers: Int
  private let deques: [TaskRange]
  private let sleepers: [Sleeper]
  private let remaining = PaddedCounter()
  private let epoch = PaddedCounter()
  private let closing = PaddedCounter()
  private let pauses: PauseInjection?
  private var body: (@Sendable (Int) -> Void)?

  /// Spins of about 30 ns before a waiting worker parks: some 10 µs, within the 5–20 µs that swift-notes found best.
  private static let spins = 300

  /// - Parameter pauses: random delays before tasks, to provoke every interleaving in tests; `nil` in normal use.
  public init(workers: Int, pauses: PauseInjection? = nil) {
    precondition(workers >= 1)
    self.workers = workers
    self.pauses = pauses
    deques = (0..<workers).map { _ in TaskRange() }
    sleepers = (0..<workers).map { _ in Sleeper() }
    let queue = DispatchQueue(label: "snnsim.workers", qos: .userInitiated, attributes: .concurrent)
    for worker in 1..<max(1, workers) {
      queue.async { [self] in serve(worker) }
    }
  }

  /// Ends the workers. The pool must not be used afterwards.
  public func close() {
    closing.value.store(1, ordering: .releasing)
    epoch.value.add(1, ordering: .sequentiallyConsistent)
    for sleeper in sleepers { sleeper.wake() }
  }

  /// Runs `body(0) … body(count − 1)`, each once, and returns when all have finished.
  public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if workers == 1 || count <= 1 {
      for task in 0..<count {
        pauses?.pause()
        body(task)
      }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.body = body
      remaining.value.store(count, ordering: .relaxed)
      for worker in 0..<workers {
        deques[worker].publish(count * worker / workers..<count * (worker + 1) / workers)
      }
      epoch.value.add(1, ordering: .sequentiallyConsistent)
      for worker in 1..<workers { sleepers[worker].wake() }
      work(0)
      var waits = 0
      while remaining.value.load(ordering: .acquiring) > 0 {
        waits += 1
        if waits < Self.spins { primitive_pause() } else { sched_yield() }
      }
      self.body = nil
    }
  }

  private func serve(_ worker: Int) {
    var seen = 0
    while true {
      var spins = 0
      while epoch.value.load(ordering: .acquiring) == seen {
        spins += 1
        if spins < Self.spins { primitive_pause() } else { sleepers[worker].park(while: epoch.value, is: seen) }
      }
      seen = epoch.value.load(ordering: .acquiring)
      if closing.value.load(ordering: .acquiring) != 0 { return }
      work(worker)
    }
  }

  /// Runs tasks until no deque holds one.
  private func work(_ worker: Int) {
    while let task = deques[worker].popFront() ?? steal(for: worker) {
      pauses?.pause()
      body!(task)
      remaining.value.subtract(1, ordering: .acquiringAndReleasing)
    }
  }

  private func steal(for worker: Int) -> Int? {
    for distance in 1..<workers {
      if let task = deques[(worker + distance) % workers].stealBack() { return task }
    }
    return nil
  }
}

/// Random waits of up to 200 µs before one task in four.
public final class PauseInjection: Sendable {
  private let stream: RandomStream
  private let count = Atomic<Int>(0)

  public init(seed: UInt64) { stream = RandomStream(seed: seed, purpose: .pause, entity: 0) }

  func pause() {
    let n = count.add(1, ordering: .relaxed).newValue
    let words = stream.words(index: UInt64(n), draw: 0)
    if words.x & 3 == 0 { usleep(words.y % 200) }
  }
}

/// A counter alone on its cache line.
final class PaddedCounter: Sendable {
  let value = Atomic<Int>(0)
  // Heap objects are 16-byte aligned; 128 bytes of padding keep neighbours off this line.
  private let padding: InlinePadding = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

typealias InlinePadding = (
  UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64
)
