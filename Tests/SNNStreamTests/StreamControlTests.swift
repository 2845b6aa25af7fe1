import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNStream

@Suite(.serialized) struct StreamControlTests {
  @Test("Requests are answered: what the run is, how far it is, pause, resume, stop, a new pace") func commands() throws {
    let trial = try StreamTrial()
    try trial.start()
    trial.publish(windows: 0..<20, count: 10)
    let remote = try StreamRemote(trial.endpoint)
    let controls = trial.publisher.controls
    #expect(try remote.request("meta")["meta"]?["name"]?.text == "trial")
    let status = try remote.status(at: 20)
    #expect(status["state"]?.text == "running" && status["t"]?.number == 20)
    #expect(status["topics"]?.items?.first { $0["topic"]?.text == "spikes/E/" }?["sent"]?.unsigned == 200)
    #expect(try remote.request("pause")["ok"] != nil && controls.isPaused)
    #expect(try remote.request("status")["state"]?.text == "paused")
    #expect(try remote.request("resume")["ok"] != nil && !controls.isPaused)
    _ = try remote.request("set", [("path", "realtime"), ("value", 0.5)])
    #expect(controls.realtime == 0.5)
    _ = try remote.request("set", [("path", "realtime"), ("value", .null)])
    #expect(controls.realtime == nil && !controls.isStopRequested)
    _ = try remote.request("stop")
    #expect(controls.isStopRequested)
    trial.publisher.finish("interrupted")
  }

  @Test(
    "A request that can't be carried out is refused with a code and changes nothing",
    arguments: [
      ("{", "bad-json"), ("", "bad-json"), ("[]", "bad-request"), ("{}", "bad-request"), ("{\"cmd\": 1}", "bad-request"),
      ("{\"cmd\": \"fly\"}", "unknown-command"), ("{\"cmd\": \"set\"}", "bad-request"),
      ("{\"cmd\": \"checkpoint\"}", "unsupported"),
      ("{\"cmd\": \"set\", \"path\": \"populations.E.size\", \"value\": 1}", "not-live"),
      ("{\"cmd\": \"set\", \"path\": \"realtime\", \"value\": -1}", "bad-value"),
      ("{\"cmd\": \"set\", \"path\": \"realtime\", \"value\": \"fast\"}", "bad-value"),
    ])
  func refuses(_ request: String, _ code: String) throws {
    let controls = StreamControls(realtime: 2)
    let reply = StreamRequest.reply(to: Array(request.utf8), controls: controls) { _ in [] }
    #expect(reply["code"]?.text == code && reply["error"]?.text?.isEmpty == false)
    #expect(controls.realtime == 2 && !controls.isPaused && !controls.isStopRequested)
    if case .boolean(false)? = reply["ok"] {} else { Issue.record("not refused: \(reply.line)") }
  }

  @Test("A checkpoint is asked for where there is a place for one") func checkpoint() {
    let controls = StreamControls()
    controls.canCheckpoint = true
    let reply = StreamRequest.reply(to: Array("{\"cmd\": \"checkpoint\"}".utf8), controls: controls) { _ in [] }
    if case .boolean(true)? = reply["ok"] {} else { Issue.record("refused: \(reply.line)") }
    #expect(controls.isCheckpointRequested)
    controls.takeCheckpointRequest()
    #expect(!controls.isCheckpointRequested)
  }

  @Test("10,000 broken requests stop nothing: the stream stays whole and the next request is answered") func fuzz() throws {
    let trial = try StreamTrial(subscriptions: 1)
    let reading = try StreamReading(trial.endpoint)
    try trial.start()
    let stream = RandomStream(seed: 12, purpose: .pause, entity: 1)
    var draw: UInt64 = 0
    func next(below n: Int) -> Int {
      draw += 1
      return Int(stream.uniform(index: 0, draw: draw) * Double(n))
    }
    let valid = [
      "{\"cmd\": \"status\"}", "{\"cmd\": \"meta\", \"id\": [1, {}]}",
      "{\"cmd\": \"set\", \"path\": \"realtime\", \"value\": 1}",
    ]
    let sender = try ZMQSocket(.dealer, ZMQContext())
    try sender.set(.sendQueue, 0)
    try sender.set(.receiveQueue, 0)
    try sender.connect(trial.endpoint + ".control")
    for i in 0..<10_000 {
      var frames: [[UInt8]] = []
      for _ in 0..<next(below: 5) {
        var bytes = Array(valid[next(below: valid.count)].utf8)
        for _ in 0..<next(below: 4) where !bytes.isEmpty {
          let place = next(below: bytes.count)
          if next(below: 2) == 0 { bytes[place] = UInt8(next(below: 256)) } else { bytes.removeSubrange(place...) }
        }
        frames.append(next(below: 4) == 0 ? (0..<next(below: 300)).map { _ in UInt8(next(below: 256)) } : bytes)
      }
      // A request that happens to be whole may set the pace, but none of these says stop.
      if !frames.isEmpty { try sender.send(frames) }
      if i % 100 == 0 { trial.publish(windows: i / 100..<i / 100 + 1, count: 100) }
    }
    let remote = try StreamRemote(trial.endpoint)
    #expect(try remote.request("meta", timeout: 20_000)["ok"] != nil)
    #expect(try remote.status(at: 100)["t"]?.number == 100)
    #expect(!trial.publisher.controls.isStopRequested)
    trial.publisher.finish("done")
    #expect(reading.wait().filter { $0.topic == "spikes/E/" }.reduce(0) { $0 + $1.header.count } == 10_000)
    #expect(reading.losses.values.allSatisfy { $0 == .init() })
  }

  @Test("Garbage instead of ZeroMQ, on either port, stops nothing") func garbage() throws {
    let trial = try StreamTrial(subscriptions: 1) { $0.endpoint = StreamEndpoint("tcp://127.0.0.1:*")! }
    let reading = try StreamReading(trial.endpoint)
    try trial.start()
    let stream = RandomStream(seed: 13, purpose: .pause, entity: 1)
    for i in 0..<60 {
      let endpoint = i % 2 == 0 ? trial.endpoint : trial.publisher.control
      var bytes = (0..<600).map { UInt8(stream.uniform(index: UInt64(i), draw: UInt64($0)) * 256) }
      // Half of them begin as ZMTP 3.0 does, so that they get further.
      if i % 4 < 2 { bytes.replaceSubrange(0..<11, with: [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3]) }
      try connectAndSend(bytes, toPort: try #require(UInt16(endpoint.split(separator: ":").last ?? "")))
      trial.publish(windows: i..<i + 1, count: 100)
    }
    let remote = try StreamRemote(trial.endpoint)
    _ = try remote.request("status", timeout: 10_000)
    trial.publisher.finish("done")
    #expect(reading.wait().filter { $0.topic == "spikes/E/" }.reduce(0) { $0 + $1.header.count } == 6000)
  }

  /// By a plain socket on loopback.
  private func connectAndSend(_ bytes: [UInt8], toPort port: UInt16) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    try #require(connected == 0)
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }
}
