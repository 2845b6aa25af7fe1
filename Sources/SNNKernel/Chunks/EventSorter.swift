import SNNDynamics

/// Puts events into the order (neuron, time, order of arrival), by counting digits of the neuron's number.
final class EventSorter: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let neurons: Int
  private var scratch = GrowingList<NeuronEvent>()
  private let counters: UnsafeMutablePointer<UInt32>

  /// Bits of the widest digit: its counters take 8 KiB and stay in a core's first cache.
  private static let widestDigit = 11
  /// Up to so many events are put in order by insertion alone.
  private static let fewEvents = 16

  init(neurons: Int) {
    self.neurons = neurons
    counters = .allocate(capacity: 1 << Self.widestDigit)
  }
  deinit { counters.deallocate() }

  func sort(_ events: inout GrowingList<NeuronEvent>) {
    let count = events.count
    guard count > 1 else { return }
    if count > Self.fewEvents {
      let bits = Int.bitWidth - (neurons - 1).leadingZeroBitCount
      // One pass over the leading digit leaves half an event to a counter or less, unless there are many.
      let digit = min(bits, Self.widestDigit, Int.bitWidth - count.leadingZeroBitCount + 1)
      if bits > digit && count > 1 << Self.widestDigit { distribute(&events, from: 0, bits: bits - digit) }
      distribute(&events, from: bits - digit, bits: digit)
    }
    // Nearly in order by now, unless few: a stable insertion sort.
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
  private func distribute(_ events: inout GrowingList<NeuronEvent>, from low: Int, bits: Int) {
    let count = events.count
    let (low, places, mask) = (UInt32(low), counters, UInt32(1) << UInt32(bits) - 1)
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
