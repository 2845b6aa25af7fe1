import Foundation
import SNNKernel
import Synchronization
import Testing

/// Counts how often each task ran. A class, because the tasks of one call run on several threads.
private final class Tally: @unchecked Sendable {
  // @unchecked: every cell is atomic or written by one task only.
  let counts: [AtomicCell]
  init(_ count: Int) { counts = (0..<count).map { _ in AtomicCell() } }
  var values: [Int] { counts.map { $0.value.load(ordering: .relaxed) } }
}
private final class AtomicCell: Sendable {
  let value = Atomic<Int>(0)
}

@Suite struct WorkStealingPoolTests {
  @Test("Every task runs once, for any number of tasks and workers", arguments: [1, 2, 3, 4, 8, 17])
  func eachOnce(_ workers: Int) {
    let pool = WorkStealingPool(workers: workers)
    defer { pool.close() }
    for count in [0, 1, 2, 3, 7, 8, 64, 1000] {
      let tally = Tally(count)
      pool.forEach(count) { tally.counts[$0].value.add(1, ordering: .relaxed) }
      #expect(tally.values == Array(repeating: 1, count: count))
    }
  }

  @Test("A pool serves ten thousand calls, more workers than cores included", arguments: [2, 3, 8])
  func reuse(_ workers: Int) {
    let pool = WorkStealingPool(workers: workers)
    defer { pool.close() }
    let tally = Tally(5)
    for call in 1...10_000 {
      let count = call % 4 == 0 ? 1 : 5
      pool.forEach(count) { tally.counts[$0].value.add(1, ordering: .relaxed) }
    }
    #expect(tally.values == [10_000, 7500, 7500, 7500, 7500])
  }

  @Test("Tasks with random pauses give the sums that one worker gives", arguments: [1, 2, 4, 8])
  func pauses(_ workers: Int) {
    let pool = WorkStealingPool(workers: workers, pauses: PauseInjection(seed: 3))
    defer { pool.close() }
    var sums = [Double](repeating: 0, count: 23)
    sums.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let cells = buffer
      for call in 1...60 { pool.forEach(23) { cells[$0] += Double(call * ($0 + 1)).squareRoot() } }
    }
    for task in 0..<23 {
      let expected = (1...60).reduce(0.0) { $0 + Double($1 * (task + 1)).squareRoot() }
      #expect(sums[task] == expected)
    }
  }

  @Test("What tasks wrote is seen by the caller and by the tasks of the next call")
  func ordering() {
    let pool = WorkStealingPool(workers: 4, pauses: PauseInjection(seed: 9))
    defer { pool.close() }
    var a = [Int](repeating: 0, count: 64)
    var b = [Int](repeating: 0, count: 64)
    a.withUnsafeMutableBufferPointer { first in
      b.withUnsafeMutableBufferPointer { second in
        nonisolated(unsafe) let (x, y) = (first, second)
        for _ in 0..<50 {
          // Each task reads what another task of the call before wrote.
          pool.forEach(64) { y[$0] = x[($0 + 17) % 64] + 1 }
          pool.forEach(64) { x[$0] = y[($0 + 31) % 64] + 1 }
        }
      }
    }
    #expect(a == Array(repeating: 100, count: 64))
  }

  @Test("Two workers really work at the same time: each of two tasks waits for the other")
  func overlap() {
    let pool = WorkStealingPool(workers: 2)
    defer { pool.close() }
    let arrived = AtomicCell()
    let met = AtomicCell()
    pool.forEach(2) { _ in
      arrived.value.add(1, ordering: .sequentiallyConsistent)
      let limit = Date().addingTimeInterval(20)
      while arrived.value.load(ordering: .sequentiallyConsistent) < 2 && Date() < limit { sched_yield() }
      if arrived.value.load(ordering: .sequentiallyConsistent) == 2 { met.value.add(1, ordering: .relaxed) }
    }
    #expect(met.value.load(ordering: .relaxed) == 2)
  }

  @Test("A closed pool lets its workers go: two hundred pools one after another")
  func closing() {
    for round in 0..<200 {
      let pool = WorkStealingPool(workers: 3)
      let cell = AtomicCell()
      if round % 2 == 0 { pool.forEach(9) { _ in cell.value.add(1, ordering: .relaxed) } }
      pool.close()
      #expect(cell.value.load(ordering: .relaxed) == (round % 2 == 0 ? 9 : 0))
    }
  }
}
