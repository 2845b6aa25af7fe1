import Foundation
import Synchronization
import Testing

@testable import SNNView

@Suite struct ReplayTests {
  @Test("A replay sends every spike once, in order, and plays again when asked") func replays() throws {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    let times = (0..<500).map { Double($0) / 5 }
    let replay = Replay(
      name: "r", source: "dir", duration: 100,
      populations: [.init(name: "E", size: 500, times: times + [100], ids: (0...500).map { $0 })])
    let browser = try PlainBrowser(port: port)
    try browser.open(port: port)
    let isOver = Atomic(false)
    let thread = Thread { replay.run(into: server) { isOver.load(ordering: .relaxed) } }
    thread.start()
    defer { isOver.store(true, ordering: .relaxed) }
    for _ in 0..<2 {
      var ids: [UInt32] = []
      var hasEnded = false
      while !hasEnded {
        switch try browser.next() {
        case .binary(let bytes): ids += Self.ids(bytes)
        case .text(let text): hasEnded = text.contains(#""state": "ended""#)
        case .closed: throw PlainBrowser.Failure(what: "closed")
        }
      }
      #expect(ids == Array(0...500))
      browser.send(text: #"{"request": "restart"}"#)
    }
  }

  /// The ids of a batch with at most one section.
  static func ids(_ bytes: [UInt8]) -> [UInt32] {
    guard bytes.count > 16 else { return [] }
    return bytes.withUnsafeBytes { raw in
      let n = Int(raw.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
      return (0..<n).map { raw.loadUnaligned(fromByteOffset: 32 + 4 * n + 4 * $0, as: UInt32.self) }
    }
  }
}
