import SNNDynamics
import SNNSignals
import Testing

@testable import SNNKernel

@Suite struct EventBufferTests {
  /// Many events for few neurons are counted, few events for many neurons merged; the library's sort by (neuron, time, place) is
  /// the reference.
  @Test(
    "Events come out by neuron, time and order of arrival, as the library's sort puts them", arguments: [4, 64, 4096],
    [1, 2, 37, 500])
  func sortsStably(neurons: Int, count: Int) {
    let stream = RandomStream(seed: 9, purpose: .connectivity, entity: UInt64(neurons))
    let events = (0..<count).map { i in
      let words = stream.words(index: UInt64(i), draw: UInt64(count))
      // Few different times, so that many events are equal but for their value, which tells them apart.
      return NeuronEvent(
        time: Time(picoseconds: Int64(words.x % 5)), value: Double(i), index: words.y % UInt32(neurons), kind: .excitatory)
    }
    let buffer = EventBuffer()
    for event in events { buffer.append(event) }
    buffer.sort(neurons: neurons, scratch: EventBuffer())
    let expected = events.sorted { ($0.index, $0.time, $0.value) < ($1.index, $1.time, $1.value) }
    #expect((0..<buffer.count).map { buffer.storage[$0].value } == expected.map(\.value))
  }
}
