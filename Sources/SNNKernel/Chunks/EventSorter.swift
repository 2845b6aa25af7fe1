import SNNDynamics
import SNNSignals

/// Puts the events of one window into the order (neuron, time, order of arrival), by counting digits.
final class EventSorter: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let neurons: Int
  /// Makes a digit of the time within a window.
  private let timeShift: Int64
  private var scratch = GrowingList<NeuronEvent>()
  private let counters: UnsafeMutablePointer<UInt32>

  /// Bits of the widest digit: its counters take 8 KiB and stay in a core's first cache.
  private static let widestDigit = 11
  /// Up to so many events are put in order by insertion alone.
  private static let fewEvents = 16

  /// With more events than this per neuron, insertion alone takes most of the time of a chunk.
  private static let manyPerNeuron = 4

  init(neurons: Int, windowLength: Time) {
    self.neurons = neurons
    timeShift = max(0, Int64(Int64.bitWidth - windowLength.picoseconds.leadingZeroBitCount - Self.widestDigit))
    counters = .allocate(capacity: 1 << Self.widestDigit)
  }
  deinit { counters.deallocate() }

  /// - Parameter start: of the window; all `events` are later, by its length at most.
  func sort(_ events: inout GrowingList<NeuronEvent>, after start: Time) {
    let count = events.count
    guard count > 1 else { return }
    if count > Self.fewEvents {
      let bits = Int.bitWidth - (neurons - 1).leadingZeroBitCount
      // One pass over the leading digit leaves half an event to a counter or less, unless there are many.
      let digit = min(bits, Self.widestDigit, Int.bitWidth - count.leadingZeroBitCount + 1)
      if count > Self.manyPerNeuron * neurons {
        let (start, shift, mask) = (start.picoseconds, timeShift, 1 << Self.widestDigit - 1)
        distribute(&events, bits: Self.widestDigit) {
          Int(truncatingIfNeeded: ($0.time.picoseconds &- start &- 1) &>> shift) & mask
        }
      }
      let low = UInt32(bits - digit)
      if low > 0 && count > 1 << Self.widestDigit {
        let mask = UInt32(1) << low - 1
        distribute(&events, bits: bits - digit) { Int($0.index & mask) }
      }
      distribute(&events, bits: digit) { Int($0.index &>> low) }
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

  /// A stable pass over a digit of `bits` bits.
  @inline(__always)
  private func distribute(_ events: inout GrowingList<NeuronEvent>, bits: Int, by digit: (NeuronEvent) -> Int) {
    let count = events.count
    let places = counters
    places.update(repeating: 0, count: 1 << bits)
    let source = events.storage
    scratch.removeAll()
    let target = scratch.extend(by: count)
    for i in 0..<count { places[digit(source[i])] &+= 1 }
    var next: UInt32 = 0
    for d in 0..<(1 << bits) {
      let number = places[d]
      places[d] = next
      next &+= number
    }
    for i in 0..<count {
      let d = digit(source[i])
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
