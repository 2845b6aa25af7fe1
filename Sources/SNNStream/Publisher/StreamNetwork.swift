import Foundation
import SNNSignals

/// The one thread that owns the sockets: takes from the ring, makes messages, sends them, and answers.
final class StreamNetwork: @unchecked Sendable {
  // @unchecked: made by one thread and then used by its own alone.
  let feed: StreamFeed
  let plan: StreamPlan
  let settings: StreamSettings
  let sockets: StreamSockets
  let run: String
  private let context: ZMQContext
  private let gate: KeyGate?
  private let bridges: [any StreamBridge]
  private let gauge = BytesInFlight()
  private var spikes: [StreamTopic]
  private var rates: [StreamTopic]
  private var bins: [RateBins]
  private var states: [StreamTopic]
  private var weights: [StreamTopic]
  private var clock: StreamTopic
  private var meta: StreamTopic
  private var ending: StreamTopic
  private let synapses: [(pre: [UInt8], post: [UInt8])]
  private var scratch: [UInt8] = []
  private var watermark = Time.zero
  private var shownState = ""
  private var isMetaWanted = true
  private var subscriptions = 0
  private let started = streamWall()
  private var endSeen: UInt64?

  init(
    _ feed: StreamFeed, _ plan: StreamPlan, _ settings: StreamSettings, _ sockets: StreamSockets, run: String,
    gate: KeyGate?, bridges: [any StreamBridge], context: ZMQContext
  ) {
    self.feed = feed
    self.plan = plan
    self.settings = settings
    self.sockets = sockets
    self.run = run
    self.gate = gate
    self.bridges = bridges
    self.context = context
    spikes = plan.populations.map { StreamTopic(.spikes, $0.name, plan) }
    rates = plan.populations.map { StreamTopic(.rate, $0.name, plan) }
    bins = plan.populations.map { RateBins(size: $0.size, begin: plan.begin) }
    states = plan.records.map { StreamTopic(.state, $0.name, plan) }
    weights = plan.weights.map { StreamTopic(.weights, $0.projection, plan) }
    clock = StreamTopic(.clock, "", plan)
    meta = StreamTopic(.meta, "", plan)
    ending = StreamTopic(.end, "", plan)
    watermark = plan.begin
    synapses = plan.weights.map { (StreamMessage.bytes($0.pre), StreamMessage.bytes($0.post)) }
  }

  // MARK: The loop

  func loop() {
    var lastFlush: UInt64 = 0
    var isEmptied = true
    let all = [sockets.data, sockets.control] + bridges.compactMap(\.socket) + (gate.map { [$0.socket] } ?? [])
    while true {
      _ = ZMQSocket.wait(for: all, timeout: isEmptied ? StreamSettings.tick : 0)
      serve()
      // Read before the ring, so that whatever comes after them is not promised.
      let end = feed.end
      if end != nil && endSeen == nil { endSeen = streamWall() }
      let reached = Time(picoseconds: feed.watermark.load(ordering: .acquiring))
      isEmptied = drain()
      let now = streamWall()
      // A request may have ended the wait early; a whole wait is sometimes a little short.
      if end == nil && now - lastFlush < UInt64(StreamSettings.tick - 1) * 1_000_000 { continue }
      lastFlush = now
      flush(through: isEmptied ? reached : watermark, now)
      feed.note((spikes + rates + states + weights + [clock, meta]).map(\.progress), through: watermark)
      if isEmptied, let end { return close(end) }
    }
  }

  /// Takes what is in the ring, but not for so long that requests would wait.
  /// - Returns: whether it was emptied.
  private func drain() -> Bool {
    for _ in 0..<10_000 {
      guard let record = feed.ring.next(into: &scratch) else { return true }
      var topic = Int(record.topic)
      scratch.withUnsafeBytes { bytes in
        let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<record.bytes])
        if spikes.indices.contains(topic) { return take(bytes, record, of: topic) }
        topic -= spikes.count
        if states.indices.contains(topic) { return states[topic].append(samples: bytes, record) }
        topic -= states.count
        weights[topic].replace(weights: bytes, record, pre: synapses[topic].pre, post: synapses[topic].post)
      }
    }
    return false
  }

  private func take(_ bytes: UnsafeRawBufferPointer, _ record: StreamRing.Record, of population: Int) {
    let plan = plan.populations[population]
    for bridge in bridges { bridge.take(bytes.bindMemory(to: Spike.self), of: plan, wall: record.wall) }
    if plan.spikes {
      spikes[population].append(spikes: bytes, record)
      if spikes[population].count >= StreamTopic.largestBatch {
        send(spikes[population].message(run: run, watermark: nil, now: streamWall()))
      }
    }
    if plan.rate {
      rates[population].dropped = record.dropped
      bins[population].append(bytes) { take(rate: $0, of: plan, at: $1, record.wall) }
    }
  }

  private func take(rate: Double, of population: StreamPlan.Population, at time: Time, _ wall: UInt64) {
    rates[population.number].append(rate: rate, at: time, wall: wall)
    for bridge in bridges { bridge.take(rate: rate, of: population, at: time, wall: wall) }
  }

  // MARK: Sending

  private func flush(through reached: Time, _ now: UInt64) {
    let hasAdvanced = reached > clock.end
    watermark = max(watermark, reached)
    for (p, population) in plan.populations.enumerated() {
      if population.rate { bins[p].finish(through: watermark) { take(rate: $0, of: population, at: $1, now) } }
      // An empty message tells silence from lateness.
      let isSilent = now - spikes[p].lastSend > 100_000_000 && watermark > spikes[p].end
      if population.spikes, spikes[p].count > 0 || isSilent { send(spikes[p].message(run: run, watermark: watermark, now: now)) }
      if rates[p].count > 0 { send(rates[p].message(run: run, watermark: nil, now: now)) }
    }
    // Samples and weights are many bytes: they are not sent while subscribers leave too much waiting.
    let isFull = gauge.count > StreamSettings.largestBacklog
    for s in states.indices where states[s].count > 0 {
      if isFull { states[s].drop() } else { send(states[s].message(run: run, watermark: nil, now: now)) }
    }
    for w in weights.indices where weights[w].count > 0 {
      let isDue = feed.end != nil || now - weights[w].lastSend > StreamSettings.weightsInterval * 1_000_000
      if isDue && !isFull { send(weights[w].message(run: run, watermark: nil, now: now)) }
    }
    let state = self.state
    if hasAdvanced || state != shownState {
      shownState = state
      let more: [JSONText.Member] = [("state", .text(state)), ("realtime", JSONText(feed.controls.realtime))]
      send(clock.message(run: run, watermark: watermark, now: now, more: more))
    }
    // A newcomer learns what the run is about, and so does one who came just before its end.
    let isMetaDue = isMetaWanted && (now - meta.lastSend > 20_000_000 || feed.end != nil)
    if isMetaDue || now - meta.lastSend > 1_000_000_000 {
      isMetaWanted = false
      send(meta.message(run: run, watermark: watermark, now: now, more: metaMembers))
    }
    let dropped = spikes.reduce(0) { $0 + $1.dropped }
    for bridge in bridges { bridge.flush(now, watermark, dropped: dropped) }
  }

  private func send(_ message: StreamMessage) {
    let frames = message.frames
    // An error of the socket loses the message; its sequence number tells.
    while (try? sockets.data.send(frames, counting: gauge)) == false {
      // Only with the policy `block`: a subscriber's queue is full.
      _ = ZMQSocket.wait(for: [sockets.data, sockets.control], timeout: StreamSettings.tick)
      serve()
      if let end = endSeen, streamWall() > end + UInt64(StreamSettings.closingTime(.block)) * 1_000_000 { return }
    }
  }

  private func close(_ end: (status: String, dropped: [UInt64])) {
    for (topic, dropped) in end.dropped.enumerated() { note(dropped, topic) }
    let more: [JSONText.Member] = [("status", .text(end.status)), ("topics", topics)] + bridgeMembers
    let deadline = streamWall() + UInt64(settings.linger * 1e9)
    var nextEnd: UInt64 = 0
    repeat {
      let now = streamWall()
      if now >= nextEnd {
        nextEnd = now + 250_000_000
        send(ending.message(run: run, watermark: watermark, now: now, more: more))
      }
      if now - meta.lastSend > 1_000_000_000 {
        send(meta.message(run: run, watermark: watermark, now: now, more: metaMembers))
      }
      guard now < deadline else { break }
      _ = ZMQSocket.wait(for: [sockets.data, sockets.control] + (gate.map { [$0.socket] } ?? []), timeout: StreamSettings.tick)
      serve()
    } while !feed.controls.isStopRequested
    sockets.close(settings.policy)
    for bridge in bridges { bridge.close() }
    gate?.socket.close()
    // Here, because the process may end as soon as this thread has.
    context.terminate()
  }

  /// The kernel's last word on what was lost.
  private func note(_ dropped: UInt64, _ topic: Int) {
    if spikes.indices.contains(topic) {
      spikes[topic].dropped = dropped
    } else if states.indices.contains(topic - spikes.count) {
      states[topic - spikes.count].dropped = max(states[topic - spikes.count].dropped, dropped)
    }
  }

  // MARK: Answering

  /// Handles what came from outside: subscriptions, requests, requests to let a key in.
  private func serve() {
    gate?.serve()
    for bridge in bridges { bridge.serve() }
    let change = sockets.subscriptionChange()
    subscriptions += change
    isMetaWanted = isMetaWanted || change > 0
    feed.subscriptions.store(subscriptions, ordering: .relaxed)
    sockets.answer(reply)
  }

  private var state: String { feed.end != nil ? "ended" : feed.controls.isPaused ? "paused" : "running" }

  private var topics: JSONText {
    .array((spikes + rates + states + weights).filter { $0.sequence > 0 || $0.dropped > 0 }.map(\.summary))
  }

  private var bridgeMembers: [JSONText.Member] { bridges.map { ($0.name, $0.summary) } }

  private var metaMembers: [JSONText.Member] {
    let members: [JSONText.Member] = [
      ("endpoint", .text(sockets.endpoint)), ("control", .text(sockets.controlEndpoint)), ("state", .text(state)),
      ("policy", .text(settings.policy.rawValue)), ("realtime", JSONText(feed.controls.realtime)),
    ]
    return plan.members + members
  }

  private var statusMembers: [JSONText.Member] {
    let members: [JSONText.Member] = [
      ("state", .text(state)), ("run", .text(run)), ("t", .number(watermark.milliseconds)),
      ("duration_ms", .number(plan.duration.milliseconds)), ("wall_s", .number(Double(streamWall() - started) / 1e9)),
      ("realtime", JSONText(feed.controls.realtime)), ("subscriptions", .integer(subscriptions)), ("topics", topics),
    ]
    return members + bridgeMembers
  }

  private func reply(to request: [UInt8]) -> JSONText {
    StreamRequest.reply(to: request, controls: feed.controls) { command in
      switch command {
      case .meta: [("meta", .object(metaMembers + [("run", .text(run))]))]
      case .status: statusMembers
      }
    }
  }
}

/// ns since 1970.
func streamWall() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
