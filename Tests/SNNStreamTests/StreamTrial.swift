import Foundation
import SNNSignals
import SNNTestSupport

@testable import SNNStream

/// A stream of two populations on a socket in a directory of its own.
final class StreamTrial {
  let directory: TemporaryDirectory
  let publisher: StreamPublisher
  var endpoint: String { publisher.endpoint }

  /// - Parameter subscriptions: what ``start()`` waits for.
  init(subscriptions: Int = 0, _ change: (inout StreamSettings) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory()
    var settings = StreamSettings(endpoint: StreamEndpoint("ipc://" + directory.file("s"))!)
    settings.awaitedSubscriptions = subscriptions
    change(&settings)
    publisher = try StreamPublisher(settings)
  }

  static let plan: StreamPlan = {
    let populations = [("E", 1000), ("I", 250)].map {
      StreamPlan.Population(name: $0.0, size: $0.1, model: "iaf_psc_delta", isInput: false, spikes: true, rate: true)
    }
    var plan = StreamPlan(
      name: "trial", seed: 3, version: "0", duration: Time(milliseconds: 1000), resolution: Time(milliseconds: 0.1), threads: 1,
      populations: populations)
    plan.records = [
      .init(name: "vm", variable: "V_m", unit: "mV", every: 1, columns: [("E", [1, 2], 2), ("I", nil, 1)])
    ]
    plan.weights = [.init(projection: "p", every: 10, pre: [0, 1, 2], post: [5, 4, 3])]
    return plan
  }()

  func start() throws { try publisher.start(Self.plan, run: "run") }

  /// Starts where another stream ended.
  func start(at begin: Time, _ progress: [StreamProgress]) throws {
    var plan = Self.plan
    plan.begin = begin
    plan.progress = progress
    try publisher.start(plan, run: "run")
  }

  /// The spikes of a population in one window of 1 ms.
  static func spikes(_ population: Int, window: Int, count: Int) -> [Spike] {
    (0..<count).map { i in
      Spike(
        time: Time(picoseconds: Int64(window) * 1_000_000_000 + Int64(i + 1) * 1_000_000_000 / Int64(count)),
        id: UInt32((i * 7 + window + population) % 250))
    }
  }

  /// Publishes windows of 1 ms with `count` spikes in each of the populations.
  func publish(windows: Range<Int>, count: Int, of populations: [Int] = [0, 1]) {
    for window in windows {
      let time = Window(start: Time(milliseconds: Double(window)), end: Time(milliseconds: Double(window + 1)))
      for p in populations { publisher.publish(Self.spikes(p, window: window, count: count), of: p, in: time) }
      publisher.advance(to: time.end)
    }
  }
}

extension StreamRemote {
  /// What `status` says when the network thread has come to `time` (ms), or after 20 s.
  func status(at time: Double) throws -> JSONText {
    let limit = Date(timeIntervalSinceNow: 20)
    while true {
      let reply = try request("status", timeout: 20_000)
      if reply["t"]?.number == time || Date() > limit { return reply }
    }
  }
}

/// Reads a stream on a thread of its own until its end, or for at most a minute.
final class StreamReading: @unchecked Sendable {
  // @unchecked: written by its thread, and read after that has ended.
  private(set) var messages: [StreamMessage] = []
  private(set) var losses: [String: StreamSubscriber.Losses] = [:]
  private let done = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - queue: messages that may wait for the reader; 0 for no bound.
  ///   - pause: s that it takes for each message.
  init(
    _ endpoint: String, topics: [String] = [""], keys: StreamKeys? = nil, seconds: Double = 60, queue: Int = 0,
    pause: Double = 0
  ) throws {
    let make: @Sendable () throws -> StreamSubscriber = {
      try StreamSubscriber(endpoint, topics: topics, keys: keys, queue: queue)
    }
    let thread = Thread { [self] in
      defer { done.signal() }
      guard let subscriber = try? make() else { return }
      let end = Date(timeIntervalSinceNow: seconds)
      while Date() < end {
        guard let message = try? subscriber.next(timeout: 20) else { continue }
        messages.append(message)
        if pause > 0 { Thread.sleep(forTimeInterval: pause) }
        if message.header.kind == .end { break }
      }
      losses = subscriber.losses
    }
    thread.start()
  }

  /// The messages, when all have come.
  func wait() -> [StreamMessage] {
    done.wait()
    return messages
  }
}
