import Testing

@testable import SNNKernel

@Suite struct WorkerChoiceTests {
  /// Runs batches of windows of given length, ns, and counts those on all workers.
  private static func batches(
    _ count: Int, _ choice: inout WorkerChoice, _ now: inout UInt64, alone: UInt64, together: UInt64
  ) -> Int {
    var joint = 0
    for _ in 0..<count {
      if choice.together { joint += 1 }
      now += 16 * (choice.together ? together : alone)
      choice.nextBatch(now)
    }
    return joint
  }

  @Test("Windows that all workers run faster are shared, but for rare trials")
  func shared() {
    var choice = WorkerChoice()
    var now: UInt64 = 1
    _ = Self.batches(100, &choice, &now, alone: 20_000, together: 12_000)
    #expect(Self.batches(5000, &choice, &now, alone: 20_000, together: 12_000) > 4900)
  }

  @Test("Windows too small to share are left to one worker, but for rare trials")
  func alone() {
    var choice = WorkerChoice()
    var now: UInt64 = 1
    _ = Self.batches(100, &choice, &now, alone: 2000, together: 3000)
    #expect(Self.batches(5000, &choice, &now, alone: 2000, together: 3000) < 100)
  }

  @Test("A change of the load is noticed within two intervals between trials")
  func change() {
    var choice = WorkerChoice()
    var now: UInt64 = 1
    _ = Self.batches(3000, &choice, &now, alone: 2000, together: 3000)
    _ = Self.batches(600, &choice, &now, alone: 30_000, together: 17_000)
    #expect(Self.batches(1000, &choice, &now, alone: 30_000, together: 17_000) > 950)
    _ = Self.batches(600, &choice, &now, alone: 2000, together: 3000)
    #expect(Self.batches(1000, &choice, &now, alone: 2000, together: 3000) < 50)
  }

  @Test("Long windows are shared without trials")
  func long() {
    var choice = WorkerChoice()
    var now: UInt64 = 1
    #expect(Self.batches(5000, &choice, &now, alone: 1_000_000, together: 600_000) == 5000)
  }
}
