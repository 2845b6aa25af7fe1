import Dispatch

/// Decides window by window whether all workers take part or the caller alone: a window of a few microseconds may cost
/// less than bringing workers together for it. What is tried and measured is time; results do not depend on it.
///
/// The clock is read once in a batch of windows. Now and then a batch is run the other way, at intervals that grow while
/// the trials fail.
struct WorkerChoice {
  /// Whether all workers take the next window.
  private(set) var together = true
  /// How windows are run between trials.
  private var usual = true
  private var cost = (alone: 0.0, together: 0.0)
  private var windowsLeft = 0
  private var batchStart: UInt64 = 0
  /// The first batch after a change is not measured: workers that slept must wake, caches move.
  private var isSettling = true
  private var interval = Self.shortestInterval
  private var batchesToTrial = Self.shortestInterval

  private static let batch = 16
  private static let shortestInterval = 8
  private static let longestInterval = 256
  /// A way is changed for one that takes less than this part of the time.
  private static let gain = 0.97
  /// Windows that take all workers longer than this, ns, are never worth a trial: a meeting costs about 1 µs.
  private static let longWindow = 50_000.0

  /// Called before each window.
  @inline(__always)
  mutating func nextWindow() {
    windowsLeft -= 1
    if windowsLeft < 0 { nextBatch(DispatchTime.now().uptimeNanoseconds) }
  }

  /// - Parameter now: in ns.
  mutating func nextBatch(_ now: UInt64) {
    let elapsed = Double(now - batchStart) / Double(Self.batch)
    let isFirst = batchStart == 0
    batchStart = now
    windowsLeft = Self.batch - 1
    if isSettling || isFirst {
      isSettling = isFirst
      return
    }
    // A trial replaces what was known of the other way: it may be long ago.
    note(elapsed, weight: together == usual ? 1.0 / 32 : 1)
    if together != usual { endTrial() } else { considerTrial() }
  }

  private mutating func note(_ elapsed: Double, weight: Double) {
    if together {
      cost.together += (elapsed - cost.together) * (cost.together == 0 ? 1 : weight)
    } else {
      cost.alone += (elapsed - cost.alone) * (cost.alone == 0 ? 1 : weight)
    }
  }

  private mutating func considerTrial() {
    if usual && cost.together > Self.longWindow { return }
    batchesToTrial -= 1
    if batchesToTrial <= 0 { change() }
  }

  private mutating func endTrial() {
    let isBetter = together ? cost.together < Self.gain * cost.alone : cost.alone < Self.gain * cost.together
    if isBetter {
      usual = together
      interval = Self.shortestInterval
    } else {
      interval = min(Self.longestInterval, interval * 2)
      change()
    }
    batchesToTrial = interval
  }

  private mutating func change() {
    together.toggle()
    isSettling = true
  }
}
