import SNNSignals
import Testing

@Suite struct StreamEndpointTests {
  @Test(
    "The control channel is one port further",
    arguments: [
      ("tcp://127.0.0.1:5570", "tcp://127.0.0.1:5571"), ("tcp://*:1", "tcp://*:2"), ("tcp://[::1]:5570", "tcp://[::1]:5571"),
      ("ipc:///tmp/a", "ipc:///tmp/a.control"), ("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"),
    ])
  func control(_ endpoint: String, _ control: String) throws {
    #expect(try #require(StreamEndpoint(endpoint)).control.description == control)
  }

  @Test(
    "Text that is no endpoint is none",
    arguments: [
      "", "tcp://", "127.0.0.1:5570", "tcp://:5570", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:65535",
      "tcp://127.0.0.1:x", "tcp://127.0.0.1:99999", "udp://127.0.0.1:1", "tcp://a b:1", "tcp://eth0;127.0.0.1:1", "ipc://",
      "tcp://::1:5570", "tcp://127.0.0.1:+1",
    ])
  func refuses(_ text: String) { #expect(StreamEndpoint(text) == nil) }

  @Test(
    "Only loopback and sockets of files are local",
    arguments: [
      ("tcp://127.0.0.1:1", true), ("tcp://127.1.2.3:1", true), ("tcp://localhost:1", true), ("tcp://[::1]:1", true),
      ("ipc:///tmp/a", true), ("tcp://*:1", false), ("tcp://0.0.0.0:1", false), ("tcp://127.evil.example.1:1", false),
      ("tcp://192.168.0.1:1", false), ("tcp://eth0:1", false), ("tcp://[::]:1", false),
    ])
  func locality(_ endpoint: String, _ isLocal: Bool) throws {
    #expect(try #require(StreamEndpoint(endpoint)).isLocal == isLocal)
  }
}
