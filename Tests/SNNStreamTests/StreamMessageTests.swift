import Foundation
import SNNSignals
import Testing

@testable import SNNStream

func fixturePath(_ name: String) -> String { Bundle.module.bundlePath + "/Fixtures/" + name }

/// The fixtures were written by tools/fixtures/stream_messages.py, from the description of the formats alone.
func fixture(_ name: String) throws -> [[[UInt8]]] {
  let reader = try StreamFile.Reader(path: fixturePath(name))
  var messages: [[[UInt8]]] = []
  while let message = try reader.next() { messages.append(message.frames) }
  return messages
}

/// Names, for failures.
func lines(_ frames: [[UInt8]]) -> [String] { frames.map { String(decoding: $0, as: UTF8.self) } }

@Suite struct StreamMessageTests {
  private let run = "0f0e0d0c-0b0a-4908-8706-050403020100"
  private let wall: UInt64 = 1_790_000_000_123_456_789

  private func header(
    _ kind: StreamKind, _ sequence: UInt64, _ count: Int, _ start: Double, _ end: Double, dropped: UInt64 = 0,
    first: UInt64 = 0, more: [JSONText.Member] = []
  ) -> StreamHeader {
    StreamHeader(
      kind: kind, run: run, sequence: sequence, count: count, start: start, end: end, watermark: end, wall: wall,
      dropped: dropped, first: first, more: more)
  }

  private var messages: [StreamMessage] {
    let bytes = (
      doubles: { StreamMessage.bytes($0 as [Double]) }, floats: { StreamMessage.bytes($0 as [Float]) },
      ids: { StreamMessage.bytes($0 as [UInt32]) }
    )
    return [
      StreamMessage(
        topic: "spikes/E/", header: header(.spikes, 7, 3, 10, 10.5, dropped: 2, first: 41),
        arrays: [bytes.doubles([10.1, 10.2, 10.5]), bytes.ids([4, 0, .max])]),
      StreamMessage(topic: "spikes/größe µ/", header: header(.spikes, 0, 0, 0, 100), arrays: [[], []]),
      StreamMessage(
        topic: "state/vm/", header: header(.state, 1, 2, 0, 1),
        arrays: [bytes.doubles([0.5, 1]), bytes.floats([-70, -69.5, -55, 0.1, 1e-3, 3])]),
      StreamMessage(
        topic: "weights/E->/", header: header(.weights, 0, 2, 0, 20),
        arrays: [bytes.ids([0, 1]), bytes.ids([9, 8]), bytes.floats([0.25, -1.5])]),
      StreamMessage(
        topic: "rate/E/", header: header(.rate, 3, 1, 0, 10), arrays: [bytes.doubles([10]), bytes.floats([38.4])]),
      StreamMessage(
        topic: "clock/", header: header(.clock, 99, 0, 9.9, 10, more: [("state", "running"), ("realtime", .null)])),
      StreamMessage(
        topic: "meta/",
        header: header(
          .meta, 0, 0, 0, 0,
          more: [
            ("name", "größe"), ("seed", .unsigned(.max)),
            ("populations", .array([.object([("name", "E"), ("size", 10), ("offset", 0)])])),
          ])),
      StreamMessage(
        topic: "end/",
        header: header(
          .end, 0, 0, 0, 100,
          more: [
            ("status", "done"),
            ("topics", .array([.object([("topic", "spikes/E/"), ("seq", 8), ("sent", 44), ("dropped", 2)])])),
          ])),
    ]
  }

  @Test("Every kind of message has the bytes that an independent script gives it") func encodes() throws {
    let expected = try fixture("native.stream")
    #expect(messages.count == expected.count && StreamKind.allCases.count == Set(messages.map(\.header.kind)).count)
    for (message, frames) in zip(messages, expected) {
      #expect(message.frames == frames, "\(lines(message.frames)) is not \(lines(frames))")
    }
  }

  @Test("What an independent script wrote is read, and written again as it was") func decodes() throws {
    for frames in try fixture("native.stream") { #expect(try StreamMessage(frames).frames == frames) }
    let spikes = try StreamMessage(fixture("native.stream")[0])
    #expect(spikes.times == [10.1, 10.2, 10.5] && spikes.ids == [4, 0, .max] && spikes.name == "E")
    #expect(spikes.header.first == 41 && spikes.header.wall == wall && spikes.header.dropped == 2)
    let state = try StreamMessage(fixture("native.stream")[2])
    #expect(state.times == [0.5, 1] && state.values == [-70, -69.5, -55, 0.1, 1e-3, 3])
    let weights = try StreamMessage(fixture("native.stream")[3])
    #expect(weights.pre == [0, 1] && weights.post == [9, 8] && weights.values == [0.25, -1.5] && weights.name == "E->")
    let meta = try StreamMessage(fixture("native.stream")[6])
    #expect(meta.header["seed"]?.unsigned == .max && meta.header["populations"]?.items?[0]["name"]?.text == "E")
  }

  @Test("A message whose header lies about its arrays is refused", arguments: 0..<8) func refuses(_ which: Int) throws {
    let good = try fixture("native.stream")[0]
    let header = String(decoding: good[1], as: UTF8.self)
    let bad: [[[UInt8]]] = [
      [], [good[0]], [good[0], good[1]], [good[0], good[1], good[2]], [good[0], good[1], good[2], good[3].dropLast()],
      [good[0], Array(header.replacingOccurrences(of: "\"n\": 3", with: "\"n\": 9223372036854775807").utf8), good[2], good[3]],
      [good[0], Array(header.replacingOccurrences(of: "\"v\": 1", with: "\"v\": 2").utf8), good[2], good[3]],
      [good[0], good[1].dropLast(), good[2], good[3]],
    ]
    #expect(throws: StreamError.self) { try StreamMessage(bad[which]) }
  }

  @Test("No mutation of a message crashes its reader") func survivesMutations() throws {
    let stream = RandomStream(seed: 11, purpose: .pause, entity: 0)
    var draw: UInt64 = 0
    func next(below n: Int) -> Int {
      draw += 1
      return Int(stream.uniform(index: 0, draw: draw) * Double(n))
    }
    let messages = try fixture("native.stream")
    var accepted = 0
    for _ in 0..<5000 {
      var frames = messages[next(below: messages.count)]
      for _ in 0..<1 + next(below: 4) {
        let f = next(below: frames.count)
        guard !frames[f].isEmpty else { continue }
        let i = next(below: frames[f].count)
        switch next(below: 3) {
        case 0: frames[f][i] = UInt8(next(below: 256))
        case 1: frames[f].removeSubrange(i...)
        default: frames[f].insert(contentsOf: frames[f][i...].prefix(next(below: 20)), at: i)
        }
      }
      guard let message = try? StreamMessage(frames) else { continue }
      accepted += 1
      _ = (message.times, message.ids, message.values, message.pre, message.post, message.name)
    }
    #expect(accepted > 0)
  }
}
