import SNNDynamics
import SNNSignals

/// The releases of a modulator that some synapse of a table has yet to meet, with their trace.
final class ReleaseHistory: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  private var releases = GrowingList<ModulatorRelease>()
  private let decay: TraceDecay
  private var expected = 0
  private var limit = ReleaseHistory.leastLimit

  /// Fewer releases than these are no reason to bring all synapses up to date.
  private static let leastLimit = 64

  init(_ decay: TraceDecay) { self.decay = decay }

  var view: ModulatorReleases {
    ModulatorReleases(UnsafePointer(releases.storage), count: releases.count, decay: decay)
  }
  /// Whether releases have piled up since ``forget(until:)``.
  var isCrowded: Bool { releases.count >= limit }

  /// - Parameter times: ticks, in order, none before the last release.
  func append(_ times: [Int64]) {
    for time in times {
      let level = releases.values.last.map { $0.level * decay(time - $0.time).x } ?? 0
      releases.append(ModulatorRelease(time: time, level: level + 1))
    }
  }

  /// The same until ``forgetExpected()``.
  func expect(_ times: [Int64]) {
    append(times)
    expected = times.count
  }

  func forgetExpected() {
    releases.removeLast(expected)
    expected = 0
  }

  /// No synapse will ask for releases until `time` again, but for the trace that the last of them left.
  func forget(until time: Int64) {
    let past = releases.values.prefix { $0.time <= time }.count
    if past > 1 { releases.removeFirst(past - 1) }
    limit = max(Self.leastLimit, 2 * releases.count)
  }

  func pass(through state: StateTransfer) throws {
    try releases.pass(through: state)
    try state.value(&limit)
  }
}
