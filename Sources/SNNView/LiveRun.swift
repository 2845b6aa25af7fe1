import SNNSignals
import SNNStream

/// What the messages of a stream say about its present run, collected between two batches.
struct LiveRun {
  private static let silence = Duration.seconds(3)
  /// Spikes kept for a run that has not been described yet.
  private static let pendingLimit = 4_000_000

  private var id: String?
  private var described: ViewedRun?
  private var positions: [String: Int] = [:]
  private var status: ViewStatus
  /// As the simulation last said, or agreed to.
  var isPaused = false
  private var hasEnded = false
  private var pace = Pace()
  private var heard: ContinuousClock.Instant?
  private var spoken: (status: ViewStatus, at: ContinuousClock.Instant)?
  private var hasNews = false
  private var pending: [String: (times: [Double], ids: [UInt32])] = [:]
  private var weights: [String: StreamMessage] = [:]
  private var updates: [ViewUpdate] = []
  /// By topic: what was lost, and up to when it was whole.
  private var whole: [String: (lost: UInt64, dropped: UInt64, to: Double)] = [:]

  init(source: String) { status = ViewStatus(.waiting, source: source) }

  // MARK: - Messages

  mutating func take(_ message: StreamMessage, losses: [String: StreamSubscriber.Losses]) {
    let header = message.header
    if header.run != id { begin(header.run) }
    hasNews = true
    switch header.kind {
    case .spikes:
      account(message, losses[message.topic])
      if pending.values.reduce(0, { $0 + $1.times.count }) > Self.pendingLimit { pending = [:] }
      pending[message.name, default: ([], [])].times += message.times
      pending[message.name]!.ids += message.ids
    case .rate: addRates(message)
    case .weights: weights[message.name] = message
    case .clock:
      status.time = max(status.time, header.end)
      isPaused = header["state"]?.text == "paused"
      pace.add(wall: header.wall, time: header.end)
    case .meta: describe(header)
    case .end:
      hasEnded = true
      status.time = max(status.time, header.end)
      status.detail = header["status"]?.text.flatMap { $0 == "done" ? nil : $0 }
      // The last messages before it may be missing as well.
      for (topic, before) in whole {
        whole[topic] = (losses[topic]?.spikes ?? before.lost, losses[topic]?.dropped ?? before.dropped, before.to)
      }
      sumLosses()
    case .state: break
    }
  }

  private mutating func begin(_ run: String) {
    self = LiveRun(source: status.source)
    id = run
  }

  private mutating func describe(_ header: StreamHeader) {
    let populations = (header["populations"]?.items ?? []).compactMap { item -> ViewedRun.Population? in
      // Sources are streamed only when they are asked for.
      if case .boolean(true)? = item["is_input"], item["topic"]?.text == nil { return nil }
      guard let name = item["name"]?.text, let size = item["size"]?.unsigned.flatMap({ Int(exactly: $0) }) else { return nil }
      return ViewedRun.Population(name: name, size: size, model: item["model"]?.text)
    }
    status.duration = header["duration_ms"]?.number
    if let state = header["state"]?.text { isPaused = state == "paused" }
    guard described?.populations.count != populations.count else { return }
    let run = ViewedRun(
      id: header.run, name: header["name"]?.text ?? "", mode: .live, populations: populations)
    described = run
    positions = Dictionary(populations.enumerated().map { ($1.name, $0) }) { first, _ in first }
    updates.append(.run(run))
  }

  private mutating func addRates(_ message: StreamMessage) {
    // A population whose spikes come has its rates counted from them.
    guard whole["spikes/\(message.name)/"] == nil, let position = positions[message.name], let first = message.times.first else {
      return
    }
    let bin = message.times.count > 1 ? message.times[1] - first : message.header.end - message.header.start
    updates.append(.rates(population: position, bin: bin, times: message.times, values: message.values.map(Double.init)))
  }

  // MARK: - Losses

  private mutating func account(_ message: StreamMessage, _ losses: StreamSubscriber.Losses?) {
    let now = (lost: losses?.spikes ?? 0, dropped: message.header.dropped, to: message.header.end)
    if let before = whole[message.topic], now.lost > before.lost || now.dropped > before.dropped {
      updates.append(.gap(from: before.to, to: message.header.start))
    }
    whole[message.topic] = now
    sumLosses()
  }

  private mutating func sumLosses() {
    status.lost = whole.values.reduce(0) { $0 &+ $1.lost }
    status.dropped = whole.values.reduce(0) { $0 &+ $1.dropped }
  }

  // MARK: - Browsers

  /// Hands over what has come since the last time.
  mutating func flush(at now: ContinuousClock.Instant, _ post: (ViewUpdate) -> Void) {
    if hasNews { heard = now }
    for update in updates { post(update) }
    updates = []
    if described != nil && hasNews {
      var batch = SpikeBatch(edge: status.time)
      for (name, spikes) in pending {
        if let position = positions[name] { batch.add(population: position, times: spikes.times, ids: spikes.ids) }
      }
      pending = [:]
      post(.spikes(batch))
      for (name, message) in weights {
        post(.weights(WeightHistogram(projection: name, time: message.header.end, values: message.values.lazy.map(Double.init))))
      }
      weights = [:]
    }
    hasNews = false
    postStatus(at: now, post)
  }

  private mutating func postStatus(at now: ContinuousClock.Instant, _ post: (ViewUpdate) -> Void) {
    let isSilent = heard.map { now - $0 > Self.silence } ?? true
    status.state = described == nil ? .waiting : hasEnded ? .ended : isSilent ? .waiting : isPaused ? .paused : .running
    if isPaused { pace = Pace() }
    status.factor = status.state == .running ? pace.factor : nil
    // At once when the state changes, else a few times a second.
    if let spoken, spoken.status == status || (spoken.status.state == status.state && now - spoken.at < .milliseconds(250)) {
      return
    }
    spoken = (status, now)
    post(.status(status))
  }
}

/// Wall time for simulated time over the last two seconds.
private struct Pace {
  private var samples: [(wall: UInt64, time: Double)] = []

  mutating func add(wall: UInt64, time: Double) {
    if let last = samples.last, wall < last.wall || time < last.time { samples = [] }
    samples.append((wall, time))
    let old = samples.prefix { wall - $0.wall > 2_000_000_000 }.count
    samples.removeFirst(old)
  }

  var factor: Double? {
    guard let first = samples.first, let last = samples.last, last.time > first.time else { return nil }
    return Double(last.wall - first.wall) / 1e6 / (last.time - first.time)
  }
}
