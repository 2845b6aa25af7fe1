import CPrimitives
import Dispatch
import Foundation
import SNNSignals
import Synchronization

/// Runs numbered tasks on a fixed number of workers, of which the caller is one.
///
/// Each worker has a deque of task numbers (``TaskRange``); it takes from the front of its own and, when that is empty,
/// steals from the back of another's. The barrier counts finished *tasks*: a worker that the system has descheduled
/// while idle delays nobody. Workers wait for the next call with a short spin and then park. The caller never sleeps while
/// tasks run: it yields, and so keeps its core when another process takes that of a worker.
/// Which worker runs a task never changes a result: tasks share nothing they write.
public final class WorkStealingPool: @unchecked Sendable {
  // @unchecked: `work` is written by the caller only while no task is available, and published by the atomic ranges.
  public let workers: Int
  private let deques: UnsafeMutablePointer<TaskRange>
  private let sleepers: [Sleeper]
  private let remaining = PaddedCounter()
  private let epoch = PaddedCounter()
  private let closing = PaddedCounter()
  private let pauses: PauseInjection?
  private let work: UnsafeMutablePointer<Unmanaged<PoolWork>?>

  /// How long a waiting thread spins before it parks (a worker) or yields (the caller), ns: longer than what lies between
  /// two windows. Beside a process that takes a core half of the time, a caller that also parked, and workers that spun for
  /// 100 µs, lost some 10 % of the time that these lose (`tools/bench-stealing`).
  private static let spinTime: UInt64 = 20_000

  /// - Parameter pauses: random delays before tasks, to provoke every interleaving in tests; `nil` in normal use.
  public init(workers: Int, pauses: PauseInjection? = nil) {
    precondition(workers >= 1)
    self.workers = workers
    self.pauses = pauses
    deques = .allocate(capacity: workers)
    for worker in 0..<workers { (deques + worker).initialize(to: TaskRange()) }
    work = .allocate(capacity: 1)
    work.initialize(to: nil)
    // The caller's is never used.
    sleepers = (0..<workers).map { _ in Sleeper() }
    let queue = DispatchQueue(label: "snnsim.workers", qos: .userInitiated, attributes: .concurrent)
    for worker in 1..<max(1, workers) {
      queue.async { [self] in serve(worker) }
    }
  }

  // Workers hold the pool: nobody is left to look when it goes.
  deinit {
    deques.deinitialize(count: workers)
    deques.deallocate()
    work.deallocate()
  }

  /// Ends the workers. The pool must not be used afterwards.
  public func close() {
    closing.value.store(1, ordering: .releasing)
    epoch.value.add(1, ordering: .sequentiallyConsistent)
    for sleeper in sleepers { sleeper.wake() }
  }

  /// Runs `body(0) … body(count − 1)`, each once, and returns when all have finished.
  public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      if workers == 1 || count <= 1 {
        runAlone(PoolWork { task, _ in body(task) }, count)
      } else {
        run(PoolWork { task, _ in body(task) }) { count * $0 / workers }
      }
    }
  }

  /// Runs tasks 0 ..< `count` of `work` on the caller's thread.
  func runAlone(_ work: PoolWork, _ count: Int) {
    for task in 0..<count {
      pauses?.pause()
      work.body(task, 0)
    }
  }

  /// Runs the tasks of `work` on all workers: worker w begins with `start(w) ..< start(w + 1)`, from the front.
  @inline(__always)
  func run(_ work: PoolWork, _ start: (Int) -> Int) {
    self.work.pointee = Unmanaged.passUnretained(work)
    remaining.value.store(start(workers), ordering: .relaxed)
    for worker in 0..<workers { deques[worker].publish(start(worker)..<start(worker + 1)) }
    epoch.value.add(1, ordering: .sequentiallyConsistent)
    for worker in 1..<workers { sleepers[worker].wake() }
    takeTasks(0)
    wait(for: { remaining.value.load(ordering: .acquiring) == 0 }, then: { _ = sched_yield() })
    withExtendedLifetime(work) {}
  }

  private func serve(_ worker: Int) {
    var seen = 0
    while true {
      seen = nextCall(after: seen, worker)
      if closing.value.load(ordering: .acquiring) != 0 { return }
      takeTasks(worker)
    }
  }

  private func nextCall(after seen: Int, _ worker: Int) -> Int {
    func isCalled() -> Bool { epoch.value.load(ordering: .sequentiallyConsistent) != seen }
    wait(for: isCalled, then: { sleepers[worker].park(unless: isCalled) })
    return epoch.value.load(ordering: .acquiring)
  }

  /// Returns when `isOver`: spins, then gives way.
  @inline(__always)
  private func wait(for isOver: () -> Bool, then giveWay: () -> Void) {
    var spins = 0
    var started: UInt64 = 0
    while !isOver() {
      primitive_pause()
      spins += 1
      // The clock is read once in some 16 × 50 ns.
      guard spins & 15 == 0 else { continue }
      let now = DispatchTime.now().uptimeNanoseconds
      if spins == 16 { started = now }
      if now - started > Self.spinTime { giveWay() }
    }
  }

  /// Runs tasks until no deque holds one.
  private func takeTasks(_ worker: Int) {
    var done = 0
    while let task = deques[worker].popFront() ?? steal(for: worker) {
      pauses?.pause()
      // Valid: the caller keeps it until `remaining` counts this task.
      work.pointee.unsafelyUnwrapped._withUnsafeGuaranteedRef { $0.body(task, worker) }
      done += 1
    }
    // Nothing of this call is left, and until this is counted there is no next: one subtraction is enough.
    if done > 0 { remaining.value.subtract(done, ordering: .acquiringAndReleasing) }
  }

  private func steal(for worker: Int) -> Int? {
    for distance in 1..<max(1, workers) {
      if let task = deques[(worker + distance) % workers].stealBack() { return task }
    }
    return nil
  }
}

/// What a call of the pool does for each task number, and on which worker.
final class PoolWork: Sendable {
  let body: @Sendable (_ task: Int, _ worker: Int) -> Void
  init(_ body: @escaping @Sendable (_ task: Int, _ worker: Int) -> Void) { self.body = body }
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
