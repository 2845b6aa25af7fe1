import SNNSignals
import SNNStream
import Testing

@testable import SNNView

@Suite struct LiveRunTests {
  private let begin = ContinuousClock().now

  private func meta(_ run: String, state: String = "running") -> StreamMessage {
    let populations: JSONText = [
      ["name": "E", "size": 4, "model": "m", "topic": "spikes/E/", "is_input": false],
      ["name": "noise", "size": 9, "model": "poisson", "topic": nil, "is_input": true],
    ]
    let more: [JSONText.Member] = [
      ("name", "net"), ("duration_ms", 100), ("populations", populations), ("state", .text(state)),
    ]
    return StreamMessage(topic: "meta/", header: StreamHeader(kind: .meta, run: run, more: more))
  }

  private func spikes(_ run: String, _ times: [Double], from: Double, to: Double) -> StreamMessage {
    let header = StreamHeader(kind: .spikes, run: run, count: times.count, start: from, end: to, watermark: to)
    let ids = times.map { _ in UInt32(1) }
    return StreamMessage(
      topic: "spikes/E/", header: header, arrays: [times.withUnsafeBytes { Array($0) }, ids.withUnsafeBytes { Array($0) }])
  }

  private func clock(_ run: String, _ time: Double, wall: UInt64 = 0, state: String = "running") -> StreamMessage {
    StreamMessage(
      topic: "clock/",
      header: StreamHeader(kind: .clock, run: run, end: time, watermark: time, wall: wall, more: [("state", .text(state))]))
  }

  /// What browsers are told at so many seconds.
  private func flush(_ run: inout LiveRun, at seconds: Double) -> [ViewUpdate] {
    var updates: [ViewUpdate] = []
    run.flush(at: begin + .milliseconds(Int(1000 * seconds))) { updates.append($0) }
    return updates
  }

  private func states(_ updates: [ViewUpdate]) -> [ViewStatus.State] {
    updates.compactMap { if case .status(let status) = $0 { status.state } else { nil } }
  }

  private func batches(_ updates: [ViewUpdate]) -> [SpikeBatch] {
    updates.compactMap { if case .spikes(let batch) = $0 { batch } else { nil } }
  }

  @Test("Spikes that come before the description of their run are shown with it") func description() {
    var run = LiveRun(source: "tcp://x")
    run.take(spikes("a", [1, 2], from: 0, to: 5), losses: [:])
    let before = flush(&run, at: 0)
    #expect(states(before) == [.waiting] && batches(before).isEmpty)
    run.take(meta("a"), losses: [:])
    let after = flush(&run, at: 0.02)
    #expect(batches(after).map(\.spikes) == [2])
    #expect(states(after) == [.running])
    guard case .run(let described) = after.first else {
      Issue.record("the description does not come first")
      return
    }
    // The input is not streamed and has no place in the raster.
    #expect(described.populations.map(\.name) == ["E"] && described.name == "net")
  }

  @Test("Silence is waiting, until something comes; an ended run stays ended") func silence() {
    var run = LiveRun(source: "tcp://x")
    run.take(meta("a"), losses: [:])
    #expect(states(flush(&run, at: 0)) == [.running])
    #expect(states(flush(&run, at: 3.5)) == [.waiting])
    run.take(clock("a", 5), losses: [:])
    #expect(states(flush(&run, at: 4)) == [.running])
    run.take(clock("a", 5, state: "paused"), losses: [:])
    #expect(states(flush(&run, at: 4.1)) == [.paused])
    run.take(
      StreamMessage(topic: "end/", header: StreamHeader(kind: .end, run: "a", end: 9, more: [("status", "stopped")])), losses: [:]
    )
    guard case .status(let status) = flush(&run, at: 4.2).last else {
      Issue.record("nothing is said of the end")
      return
    }
    #expect(status.state == .ended && status.detail == "stopped" && status.time == 9)
    #expect(states(flush(&run, at: 60)).allSatisfy { $0 == .ended })
    run.take(meta("b", state: "paused"), losses: [:])
    #expect(states(flush(&run, at: 61)) == [.paused])
  }

  @Test("What is missing between two messages is a gap from where the topic was whole") func gaps() {
    var run = LiveRun(source: "tcp://x")
    run.take(meta("a"), losses: [:])
    run.take(spikes("a", [1], from: 0, to: 5), losses: ["spikes/E/": .init()])
    var losses = StreamSubscriber.Losses()
    losses.spikes = 7
    losses.messages = 1
    run.take(spikes("a", [12], from: 10, to: 15), losses: ["spikes/E/": losses])
    let updates = flush(&run, at: 0)
    let gaps = updates.compactMap { if case .gap(let from, let to) = $0 { [from, to] } else { nil } }
    #expect(gaps == [[5, 10]])
    guard case .status(let status) = updates.last else {
      Issue.record("no status")
      return
    }
    #expect(status.lost == 7 && status.dropped == 0)
  }

  @Test("The real-time factor is wall time over simulated time") func factor() {
    var run = LiveRun(source: "tcp://x")
    run.take(meta("a"), losses: [:])
    for k in 0...10 as ClosedRange<UInt64> { run.take(clock("a", Double(k) * 5, wall: k * 20_000_000), losses: [:]) }
    guard case .status(let status) = flush(&run, at: 0).last else {
      Issue.record("no status")
      return
    }
    #expect(status.factor == 4)
    #expect(status.duration == 100 && status.time == 50)
  }
}
