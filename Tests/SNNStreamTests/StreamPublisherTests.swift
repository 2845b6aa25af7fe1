import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNStream

@Suite(.serialized) struct StreamPublisherTests {
  @Test("A subscriber gets every spike once, in order, without a gap in any sequence") func lossless() throws {
    let trial = try StreamTrial(subscriptions: 1)
    let reading = try StreamReading(trial.endpoint)
    try trial.start()
    trial.publish(windows: 0..<400, count: 200)
    trial.publisher.finish("done")
    let messages = reading.wait()
    for (p, name) in ["E", "I"].enumerated() {
      let spikes = messages.filter { $0.topic == "spikes/\(name)/" }
      let expected = (0..<400).flatMap { StreamTrial.spikes(p, window: $0, count: 200) }
      #expect(spikes.flatMap(\.times) == expected.map(\.time.milliseconds))
      #expect(spikes.flatMap(\.ids) == expected.map(\.id))
    }
    for (topic, all) in Dictionary(grouping: messages, by: \.topic) {
      #expect(all.map(\.header.sequence) == Array(0..<UInt64(all.count)), "of \(topic)")
    }
    #expect(reading.losses.values.allSatisfy { $0 == .init() } && reading.losses.count >= 5)
    let end = try #require(messages.last)
    #expect(end.header["status"]?.text == "done")
    let totals = end.header["topics"]?.items?.first { $0["topic"]?.text == "spikes/E/" }
    #expect(totals?["sent"]?.unsigned == 80_000 && totals?["dropped"]?.unsigned == 0)
  }

  @Test("The stream of a run that goes on numbers its messages from where it was") func goesOn() throws {
    let first = try StreamTrial()
    try first.start()
    first.publish(windows: 0..<50, count: 20)
    let progress = first.publisher.progress(at: Time(milliseconds: 50))
    first.publisher.finish("failed")
    let spikes = try #require(progress.first { $0.topic == "spikes/E/" })
    #expect(spikes.sent == 1000 && spikes.sequence > 0)

    let second = try StreamTrial(subscriptions: 1)
    let reading = try StreamReading(second.endpoint)
    try second.start(at: Time(milliseconds: 50), progress)
    second.publish(windows: 50..<100, count: 20)
    second.publisher.finish("done")
    let messages = reading.wait().filter { $0.topic == "spikes/E/" }
    #expect(messages.first?.header.sequence == spikes.sequence && messages.first?.header.start == 50)
    #expect(messages.flatMap(\.times).allSatisfy { $0 > 50 } && messages.flatMap(\.times).count == 1000)
    let last = try #require(second.publisher.progress(at: .zero).first { $0.topic == "spikes/E/" })
    #expect(last.sent == 2000)
  }

  @Test("No spike comes at or before a watermark that was told before it, silent populations tell one too")
  func watermarks() throws {
    let trial = try StreamTrial(subscriptions: 1)
    let reading = try StreamReading(trial.endpoint)
    try trial.start()
    for part in 0..<25 {
      trial.publish(windows: part * 10..<part * 10 + 10, count: 20, of: [0])
      Thread.sleep(forTimeInterval: 0.01)
    }
    trial.publisher.finish("done")
    let messages = reading.wait()
    var told = 0.0
    for message in messages where message.topic == "spikes/E/" {
      #expect(message.times.allSatisfy { $0 > told && $0 <= message.header.watermark })
      #expect(message.header.start == told && message.header.end == message.header.watermark)
      told = message.header.watermark
    }
    #expect(told == 250)
    let silent = messages.filter { $0.topic == "spikes/I/" }
    #expect(silent.count >= 2 && silent.allSatisfy { $0.header.count == 0 } && silent.last?.header.watermark ?? 0 > 100)
    let clock = messages.filter { $0.header.kind == .clock }.map(\.header.watermark)
    #expect(clock == clock.sorted() && clock.last == 250)
  }

  @Test("Rates are the spikes of bins of 10 ms per neuron and second") func rates() throws {
    let trial = try StreamTrial(subscriptions: 1)
    let reading = try StreamReading(trial.endpoint)
    try trial.start()
    trial.publish(windows: 0..<10, count: 40)
    trial.publish(windows: 10..<30, count: 20)
    trial.publisher.finish("done")
    let rates = reading.wait().filter { $0.topic == "rate/I/" }
    #expect(rates.flatMap(\.times) == [10, 20, 30])
    // 40 spikes in each of 10 windows, 250 neurons, 0.01 s.
    #expect(rates.flatMap(\.values) == [160, 80, 80])
  }

  @Test("Samples come as rows of all columns, weights as the newest of each projection") func samples() throws {
    let trial = try StreamTrial(subscriptions: 1)
    let reading = try StreamReading(trial.endpoint)
    try trial.start()
    let window = Window(start: .zero, end: Time(milliseconds: 2))
    let (e, i): ([Double], [Double]) = ([-70, -60, -50, -40], [1, 2])
    e.withUnsafeBufferPointer { e in
      i.withUnsafeBufferPointer { i in
        trial.publisher.publish(record: 0, times: [Time(milliseconds: 1), window.end], parts: [e, i], in: window)
      }
    }
    trial.publisher.publish(weights: 0, [0.5, 1.5, -2][...], at: window.end)
    trial.publisher.advance(to: window.end)
    trial.publisher.finish("done")
    let messages = reading.wait()
    let state = try #require(messages.first { $0.topic == "state/vm/" })
    #expect(state.times == [1, 2] && state.values == [-70, -60, 1, -50, -40, 2])
    let weights = try #require(messages.first { $0.topic == "weights/p/" })
    #expect(weights.pre == [0, 1, 2] && weights.post == [5, 4, 3] && weights.values == [0.5, 1.5, -2])
  }

  @Test("What a sleeping subscriber missed is counted to the spike when it wakes") func accountsForLosses() throws {
    let trial = try StreamTrial(subscriptions: 1) {
      $0.linger = 20
      $0.sendQueue = 20
    }
    let sleeper = try StreamSubscriber(trial.endpoint, queue: 2)
    try trial.start()
    // Far more than both queues and the socket hold, in however few messages it goes.
    for part in 0..<200 {
      trial.publish(windows: part * 2..<part * 2 + 2, count: 5000)
      Thread.sleep(forTimeInterval: 0.0055)
    }
    let publisher = trial.publisher
    Thread { publisher.finish("done") }.start()
    var received: [String: UInt64] = [:]
    var status: String?
    let limit = Date(timeIntervalSinceNow: 15)
    while status == nil, Date() < limit {
      guard let message = try sleeper.next(timeout: 100) else { continue }
      if message.header.kind == .spikes { received[message.topic, default: 0] += UInt64(message.header.count) }
      if message.header.kind == .end { status = message.header["status"]?.text }
    }
    publisher.controls.requestStop()
    #expect(status == "done")
    for topic in ["spikes/E/", "spikes/I/"] {
      let lost = try #require(sleeper.losses[topic])
      #expect(lost.messages > 0)
      #expect(received[topic, default: 0] + lost.spikes + lost.dropped == 2_000_000)
    }
  }

  @Test("With the policy block nothing is lost, however slow the subscriber") func blocks() throws {
    let trial = try StreamTrial(subscriptions: 1) {
      $0.policy = .block
      $0.sendQueue = 5
    }
    let reading = try StreamReading(trial.endpoint, queue: 5, pause: 0.005)
    try trial.start()
    // 64 MB, twice what the ring holds, for a reader that takes its time.
    trial.publish(windows: 0..<400, count: 5000)
    trial.publisher.finish("done")
    let messages = reading.wait()
    for topic in ["spikes/E/", "spikes/I/"] {
      #expect(messages.filter { $0.topic == topic }.reduce(0) { $0 + $1.header.count } == 2_000_000)
    }
    #expect(reading.losses.values.allSatisfy { $0 == .init() })
  }

  @Test("Spikes that find no room in the ring are dropped, counted, and the simulation goes on") func drops() throws {
    let trial = try StreamTrial(subscriptions: 1)
    let reading = try StreamReading(trial.endpoint)
    try trial.start()
    // One window that is larger than the ring, between two small ones.
    trial.publish(windows: 0..<1, count: 100, of: [0])
    trial.publish(windows: 1..<2, count: StreamSettings.ringBytes / MemoryLayout<Spike>.stride, of: [0])
    trial.publish(windows: 2..<3, count: 100, of: [0])
    trial.publisher.finish("done")
    let messages = reading.wait()
    let lost = UInt64(StreamSettings.ringBytes / MemoryLayout<Spike>.stride)
    let spikes = messages.filter { $0.topic == "spikes/E/" }
    #expect(spikes.reduce(0) { $0 + $1.header.count } == 200)
    #expect(spikes.last?.header.dropped == lost && reading.losses["spikes/E/"]?.dropped == lost)
    #expect(reading.losses["spikes/E/"]?.messages == 0)
  }

  @Test("A late subscriber learns what the run is about at once") func lateJoiner() throws {
    let trial = try StreamTrial()
    try trial.start()
    trial.publish(windows: 0..<50, count: 10)
    Thread.sleep(forTimeInterval: 0.1)
    let subscriber = try StreamSubscriber(trial.endpoint, topics: ["meta/"])
    let meta = try #require(try subscriber.next(timeout: 5000))
    #expect(meta.header["name"]?.text == "trial" && meta.header["seed"]?.unsigned == 3)
    #expect(meta.header["populations"]?.items?.map { $0["size"]?.unsigned } == [1000, 250])
    trial.publisher.finish("done")
  }
}
