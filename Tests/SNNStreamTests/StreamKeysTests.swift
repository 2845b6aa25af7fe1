import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNStream

@Suite(.serialized) struct StreamKeysTests {
  @Test("A client whose key is known reads and controls; with a strange key, another server's or none it gets nothing")
  func lockout() throws {
    let keys = try TemporaryDirectory()
    let strange = try TemporaryDirectory()
    _ = try StreamKeys.make(in: keys.path)
    // A client of its own that knows the server's key, but is not among those let in.
    _ = try StreamKeys.make(in: strange.path)
    try FileManager.default.removeItem(atPath: strange.file("server.key_secret"))
    try FileManager.default.removeItem(atPath: strange.file("server.key"))
    try FileManager.default.copyItem(atPath: keys.file("server.key"), toPath: strange.file("server.key"))
    let other = try TemporaryDirectory()
    _ = try StreamKeys.make(in: other.path)

    let known = try StreamKeys(directory: keys.path)
    let trial = try StreamTrial(subscriptions: 1) {
      $0.endpoint = StreamEndpoint("tcp://127.0.0.1:*")!
      $0.keys = known
    }
    let strangers: [StreamKeys?] = try [nil, StreamKeys(directory: strange.path), StreamKeys(directory: other.path)]
    let locked = try strangers.map { try StreamReading(trial.endpoint, keys: $0, seconds: 2) }
    let reading = try StreamReading(trial.endpoint, keys: known)
    try trial.start()
    for i in 0..<20 {
      trial.publish(windows: i..<i + 1, count: 100)
      Thread.sleep(forTimeInterval: 0.05)
    }
    for keys in strangers {
      let remote = try StreamRemote(trial.endpoint, keys: keys)
      #expect(throws: StreamError.self) { try remote.request("stop", timeout: 200) }
    }
    #expect(!trial.publisher.controls.isStopRequested)
    #expect(try StreamRemote(trial.endpoint, keys: known).status(at: 20)["t"]?.number == 20)
    trial.publisher.finish("done")
    #expect(reading.wait().filter { $0.topic == "spikes/E/" }.reduce(0) { $0 + $1.header.count } == 2000)
    for reading in locked { #expect(reading.wait().isEmpty) }
  }

  @Test("Secret keys are for their owner alone, and are not overwritten") func files() throws {
    let keys = try TemporaryDirectory()
    #expect(try StreamKeys.make(in: keys.path).count == 4)
    for name in ["server.key_secret", "client.key_secret"] {
      let rights = try FileManager.default.attributesOfItem(atPath: keys.file(name))[.posixPermissions] as? Int
      #expect(rights == 0o600)
    }
    let before = try String(contentsOfFile: keys.file("server.key_secret"), encoding: .utf8)
    #expect(throws: StreamError.self) { try StreamKeys.make(in: keys.path) }
    // Another client keeps the server's.
    let more = try StreamKeys.make(in: keys.path, client: "laptop").map { $0.split(separator: "/").last }
    #expect(more == ["laptop.key", "laptop.key_secret"])
    #expect(try String(contentsOfFile: keys.file("server.key_secret"), encoding: .utf8) == before)
    #expect(try StreamKeys(directory: keys.path).clients.count == 2)
  }

  @Test("Without keys an endpoint that others reach is refused, unless that is allowed in so many words") func publicBind() throws
  {
    for endpoint in ["tcp://*:*", "tcp://0.0.0.0:*"] {
      var settings = StreamSettings(endpoint: StreamEndpoint(endpoint)!)
      #expect { try StreamPublisher(settings) } throws: { ($0 as? StreamError)?.hint?.contains("snnsim keys") ?? false }
      settings.isInsecureAllowed = true
      #expect(throws: Never.self) { try StreamPublisher(settings) }
    }
    var settings = StreamSettings(endpoint: StreamEndpoint("tcp://127.0.0.1:*")!)
    settings.openEphys = StreamEndpoint("tcp://*:*")
    #expect(throws: StreamError.self) { try StreamPublisher(settings) }
  }
}
