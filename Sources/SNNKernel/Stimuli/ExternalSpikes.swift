import SNNSignals
import Synchronization

/// Spikes that come from outside while a run goes on: one thread adds them, the chunk of sources takes them.
///
/// A spike that its sender stamped t is played at t + ``latency``. The sources work one window ahead, so what is to be played by
/// then may have been asked for already: such a spike is late.
public final class ExternalSpikes: Checkpointed, Sendable {
  /// What happens to a late spike; it is counted in any case.
  public enum Lateness: String, Sendable, CaseIterable {
    /// It is played at the next moment that is still open.
    case next
    case drop
  }

  /// How many spikes there were.
  public struct Counts: Equatable, Sendable {
    /// Including those below.
    public var came = 0
    public var late = 0
    /// Of sources that there are not, or of times that cannot be.
    public var refused = 0
  }

  private struct State {
    var waiting: [Spike] = []
    var isSorted = true
    /// Everything up to here has been taken.
    var horizon = Time.zero
    /// The sender's: nothing at or before it will follow.
    var watermark = Time.zero
    var counts = Counts()
  }

  public let sources: Int
  public let latency: Time
  private let lateness: Lateness
  private let step: Time
  private let state = Mutex(State())

  public init(sources: Int, latency: Time, lateness: Lateness, step: Time) {
    self.sources = sources
    self.latency = latency
    self.lateness = lateness
    self.step = step
  }

  public var counts: Counts { state.withLock { $0.counts } }
  public var watermark: Time { state.withLock { $0.watermark } }

  /// Takes in spikes, in ms of simulated time as their sender stamped them, and its watermark.
  public func add(times: [Double], ids: [UInt32], watermark: Double) {
    state.withLock { state in
      for (time, id) in zip(times, ids) {
        state.counts.came += 1
        guard id < sources, time >= 0, Time.isRepresentable(milliseconds: time) else {
          state.counts.refused += 1
          continue
        }
        var spike = Spike(time: Time(milliseconds: time) + latency, id: id)
        if spike.time <= state.horizon {
          state.counts.late += 1
          if lateness == .drop { continue }
          spike.time = state.horizon + step
        }
        state.waiting.append(spike)
        state.isSorted = false
      }
      let isSensible = watermark >= 0 && Time.isRepresentable(milliseconds: watermark)
      if isSensible { state.watermark = max(state.watermark, Time(milliseconds: watermark)) }
    }
  }

  /// What has come and has yet to be played; what the sender sends next is its own affair.
  public func pass(through transfer: StateTransfer) throws {
    var copy = state.withLock { $0 }
    try transfer.list(&copy.waiting)
    try transfer.value(&copy.horizon)
    try transfer.value(&copy.watermark)
    try transfer.value(&copy.counts.came)
    try transfer.value(&copy.counts.late)
    try transfer.value(&copy.counts.refused)
    try transfer.require(copy.waiting.allSatisfy { $0.id < sources && $0.time >= .zero }, "has a spike that can't be")
    copy.isSorted = false
    guard transfer.isRestoring else { return }
    state.withLock { [copy] in $0 = copy }
  }

  /// Says that nothing will follow at all.
  public func close() { state.withLock { $0.watermark = .never } }

  /// Takes the spikes that are to be played up to `end`, sorted.
  func take(until end: Time) -> [Spike] {
    state.withLock { state in
      state.horizon = end
      if !state.isSorted { state.waiting.sort() }
      state.isSorted = true
      let count = state.waiting.firstIndex { $0.time > end } ?? state.waiting.count
      defer { state.waiting.removeFirst(count) }
      return Array(state.waiting[..<count])
    }
  }
}
