import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNStream

@Suite(.serialized) struct StreamRecordingTests {
  @Test("A recorded stream, replayed, is recorded again byte for byte") func roundTrip() throws {
    let directory = try TemporaryDirectory()
    let (first, second) = (directory.file("a.stream"), directory.file("b.stream"))
    let trial = try StreamTrial(subscriptions: 2)
    let done = DispatchSemaphore(value: 0)
    let endpoint = trial.endpoint
    Thread {
      _ = try? StreamRecording.record(endpoint, to: first)
      done.signal()
    }.start()
    try trial.start()
    for i in 0..<10 {
      trial.publish(windows: i * 10..<i * 10 + 10, count: 50)
      Thread.sleep(forTimeInterval: 0.01)
    }
    trial.publisher.finish("done")
    done.wait()

    var settings = StreamSettings(endpoint: StreamEndpoint("ipc://" + directory.file("replay"))!)
    settings.awaitedSubscriptions = 2
    let replay = try StreamReplay(path: first, settings)
    let again = replay.endpoint
    Thread {
      _ = try? StreamRecording.record(again, to: second)
      done.signal()
    }.start()
    let messages = try replay.run()
    done.wait()
    let (a, b) = (try StreamFile.Reader(path: first), try StreamFile.Reader(path: second))
    var count = 0
    while let expected = try a.next() {
      #expect(try b.next()?.frames == expected.frames)
      count += 1
    }
    #expect(try b.next() == nil)
    // At least one message of each topic: meta, clock, spikes and rates of two populations, end.
    #expect(count == messages && count >= 7)
  }

  @Test("A file that is cut anywhere is read up to the cut or refused, never more") func cuts() throws {
    let directory = try TemporaryDirectory()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: fixturePath("native.stream")))
    let whole = try fixture("native.stream")
    for length in 0..<bytes.count {
      let path = directory.file("cut.stream")
      try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
      var messages: [[[UInt8]]] = []
      do {
        let reader = try StreamFile.Reader(path: path)
        while let message = try reader.next() { messages.append(message.frames) }
      } catch {}
      #expect(messages.count < whole.count && messages == Array(whole.prefix(messages.count)))
    }
  }
}
