import NIOHTTP1
import Testing

@testable import SNNView

@Suite struct LoopbackRequestTests {
  @Test(
    "A server on loopback is addressed by its names only, on any port for tunnels",
    arguments: ["127.0.0.1:5580", "localhost:9000", "LOCALHOST", "[::1]:1", "localhost:"])
  func names(host: String) {
    #expect(LoopbackRequest.isAddressedHere(["Host": host]))
  }

  @Test(
    "A name that only leads to loopback is none of its names",
    arguments: [
      "evil.example:5580", "localhost.evil.example", "127.0.0.1.evil.example:80", "127.0.0.1:80@evil.example", "",
      "127.0.0.1:5580:1", "0.0.0.0:5580", "127.0.0.2",
    ])
  func foreignNames(host: String) {
    #expect(!LoopbackRequest.isAddressedHere(["Host": host]))
  }

  @Test("Only the page of the same address may open the WebSocket") func origins() {
    func accepts(_ host: String, _ origins: String...) -> Bool {
      LoopbackRequest.isFromOwnPage(HTTPHeaders([("Host", host)] + origins.map { ("Origin", $0) }))
    }
    #expect(accepts("127.0.0.1:5580", "http://127.0.0.1:5580"))
    #expect(accepts("localhost:9000", "http://localhost:9000"))
    #expect(!accepts("127.0.0.1:5580", "http://localhost:5580"))
    #expect(!accepts("127.0.0.1:5580", "http://127.0.0.1:8000"))
    #expect(!accepts("127.0.0.1:5580", "https://127.0.0.1:5580"))
    #expect(!accepts("127.0.0.1:5580", "null"))
    #expect(!accepts("127.0.0.1:5580"))
    #expect(!accepts("127.0.0.1:5580", "http://127.0.0.1:5580", "http://evil.example"))
    #expect(!accepts("evil.example:5580", "http://evil.example:5580"))
  }
}
