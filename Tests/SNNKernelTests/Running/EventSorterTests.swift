import SNNDynamics
import SNNSignals
import Testing

@testable import SNNKernel

@Suite struct EventSorterTests {
  /// Few events are inserted, more are counted by one digit, many for many neurons by two, many for few neurons by time first;
  /// the library's sort by (neuron, time, place) is the reference.
  @Test(
    "Events come out by neuron, time and order of arrival, as the library's sort puts them", arguments: [1, 4, 4096, 65_536],
    [1, 2, 37, 500, 9000])
  func sortsStably(neurons: Int, count: Int) {
    let (span, different) = (Int64(1_500_000_000), Int64(5))
    let stream = RandomStream(seed: 9, purpose: .connectivity, entity: UInt64(neurons))
    let events = (0..<count).map { i in
      let words = stream.words(index: UInt64(i), draw: UInt64(count))
      // Few different times, so that many events are equal but for their value, which tells them apart.
      let time = Time(picoseconds: 71 + Int64(words.x) % different * (span / different))
      return NeuronEvent(time: time, value: Double(i), index: words.y % UInt32(neurons), kind: .excitatory)
    }
    var list = GrowingList<NeuronEvent>()
    for event in events { list.append(event) }
    let start = Time(picoseconds: 70)
    EventSorter(neurons: neurons, windowLength: Time(picoseconds: span)).sort(&list, after: start)
    let expected = events.sorted { ($0.index, $0.time, $0.value) < ($1.index, $1.time, $1.value) }
    #expect(list.values.map(\.value) == expected.map(\.value))
  }
}
