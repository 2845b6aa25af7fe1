import SNNDynamics

/// Puts events into the order (neuron, time, order of arrival), by counting digits of the neuron's number.
final class EventSorter: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let neurons: Int
  private var scratch = GrowingList<NeuronEvent>()
  private let counters: UnsafeMutablePointer<UInt32>

  /// Bits of a digit for few and for many events: clearing and adding up 2048 counters takes as long as moving 1000 events.
  private static let (narrowDigit, wideDigit, manyEvents) = (8, 11, 1000)
  /// Up to so many events are put in order by insertion alone.
  private static let fewEvents = 16

  init(neurons: Int) {
    self.neurons = neurons
    counters = .allocate(capacity: 1 << Self.wideDigit)
  }
  deinit { counters.deallocate() }

  func sort(_ events: inout GrowingList<NeuronEvent>) {
    let count = events.count
    guard count > 1 else { return }
    if count > Self.fewEvents {
      let bits = Int.bitWidth - (neurons - 1).leadingZeroBitCount
      let widest = count >= Self.manyEvents ? Self.wideDigit : Self.narrowDigit
      let passes = (bits + widest - 1) / widest
      let digit = passes == 0 ? 0 : (bits + passes - 1) / passes
      for pass in 0..<passes { distribute(&events, from: UInt32(pass * digit), bits: digit) }
    }
    // By now in order of neuron unless few: a stable insertion sort, quick on the few events a neuron gets in a window.
    let storage = events.storage
    for i in 1..<count {
      guard Self.precedes(storage[i], storage[i - 1]) else { continue }
      let event = storage[i]
      var j = i
      repeat {
        storage[j] = storage[j - 1]
        j -= 1
      } while j > 0 && Self.precedes(event, storage[j - 1])
      storage[j] = event
    }
  }

  /// A stable pass over the `bits` of the neuron's number from bit `low` on.
  private func distribute(_ events: inout GrowingList<NeuronEvent>, from low: UInt32, bits: Int) {
    let count = events.count
    let (places, mask) = (counters, UInt32(1) << UInt32(bits) - 1)
    places.update(repeating: 0, count: 1 << bits)
    let source = events.storage
    scratch.removeAll()
    let target = scratch.extend(by: count)
    for i in 0..<count { places[Int(source[i].index &>> low & mask)] &+= 1 }
    var next: UInt32 = 0
    for d in 0..<(1 << bits) {
      let number = places[d]
      places[d] = next
      next &+= number
    }
    for i in 0..<count {
      let d = Int(source[i].index &>> low & mask)
      target[Int(places[d])] = source[i]
      places[d] &+= 1
    }
    swap(&events, &scratch)
  }

  @inline(__always)
  private static func precedes(_ x: NeuronEvent, _ y: NeuronEvent) -> Bool {
    x.index == y.index ? x.time < y.time : x.index < y.index
  }
}
