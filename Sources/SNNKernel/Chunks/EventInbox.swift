import SNNDynamics
import SNNSignals

/// What will happen to the neurons of one exact chunk, in one bucket per coming window.
final class EventInbox: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  let inlets: [Inlet]
  private let windowLength: Int64
  private var buckets: [EventBuffer]
  private let mask: Int

  init(longestDelay: Time, windowLength: Time, inlets: [Inlet]) {
    self.inlets = inlets
    self.windowLength = windowLength.picoseconds
    var count = 2
    while Int64(count) * windowLength.picoseconds <= longestDelay.picoseconds + 2 * windowLength.picoseconds { count *= 2 }
    mask = count - 1
    buckets = (0..<count).map { _ in EventBuffer() }
  }

  var byteCount: Int {
    inlets.reduce(0) { $0 + $1.table.byteCount }
      + buckets.reduce(0) { $0 + $1.capacity * MemoryLayout<NeuronEvent>.stride }
  }

  /// The number of the window (start, end] that `time` lies in.
  @inline(__always) private func windowNumber(_ time: Time) -> Int { Int((time.picoseconds - 1) / windowLength) }

  @inline(__always)
  func append(_ event: NeuronEvent) { buckets[windowNumber(event.time) & mask].append(event) }

  /// The events of window `number`; its bucket is empty afterwards when `removeAll` was called.
  func bucket(_ number: Int) -> EventBuffer { buckets[number & mask] }

  func deliver(_ board: SpikeBoard) {
    for inlet in inlets {
      let packet = board.gathered[inlet.source]
      if !packet.spikes.isEmpty { inlet.table.deliver(packet, into: self) }
    }
  }
}

/// A growing list of events in flat memory.
final class EventBuffer {
  private(set) var storage: UnsafeMutablePointer<NeuronEvent>
  private(set) var capacity = 16
  private(set) var count = 0

  init() { storage = .allocate(capacity: capacity) }
  deinit { storage.deallocate() }

  func removeAll() { count = 0 }

  /// Removes the events up to and including `time`; the others keep their order.
  func removeAll(until time: Time) {
    var kept = 0
    for i in 0..<count where storage[i].time > time {
      storage[kept] = storage[i]
      kept += 1
    }
    count = kept
  }

  @inline(__always)
  func append(_ event: NeuronEvent) {
    if _slowPath(count == capacity) { grow() }
    storage[count] = event
    count &+= 1
  }

  @inline(never)
  private func grow() {
    let larger = UnsafeMutablePointer<NeuronEvent>.allocate(capacity: capacity * 2)
    larger.update(from: storage, count: count)
    storage.deallocate()
    storage = larger
    capacity *= 2
  }

  /// Puts the events into the order (neuron, time, order of arrival in this list), by way of `scratch`.
  ///
  /// Counts per neuron when there are many events for the size of the chunk, else compares; both are stable, so equal.
  func sort(neurons: Int, scratch: EventBuffer) {
    guard count > 1 else { return }
    scratch.reserve(count)
    if count * 4 < neurons {
      mergeSort(scratch)
      return
    }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: neurons + 1) { places in
      places.initialize(repeating: 0)
      for i in 0..<count { places[Int(storage[i].index) + 1] += 1 }
      for n in 0..<neurons { places[n + 1] += places[n] }
      for i in 0..<count {
        let n = Int(storage[i].index)
        scratch.storage[Int(places[n])] = storage[i]
        places[n] += 1
      }
    }
    exchange(scratch)
    // Within a neuron: insertion sort by time, stable and quick on the few events a neuron gets in a window.
    for i in 1..<count {
      let event = storage[i]
      var j = i
      while j > 0, storage[j - 1].index == event.index, storage[j - 1].time > event.time {
        storage[j] = storage[j - 1]
        j -= 1
      }
      storage[j] = event
    }
  }

  /// Merges runs of 1, 2, 4, … events from one buffer into the other.
  private func mergeSort(_ scratch: EventBuffer) {
    var length = 1
    while length < count {
      var start = 0
      while start < count {
        merge(start, min(start + length, count), min(start + 2 * length, count), into: scratch.storage)
        start += 2 * length
      }
      exchange(scratch)
      length *= 2
    }
  }

  /// Merges the sorted runs `low ..< middle` and `middle ..< high`; of equal events those of the first come first.
  private func merge(_ low: Int, _ middle: Int, _ high: Int, into target: UnsafeMutablePointer<NeuronEvent>) {
    var (a, b) = (low, middle)
    for place in low..<high {
      if b == high || a < middle && !Self.precedes(storage[b], storage[a]) {
        target[place] = storage[a]
        a += 1
      } else {
        target[place] = storage[b]
        b += 1
      }
    }
  }

  @inline(__always)
  private static func precedes(_ x: NeuronEvent, _ y: NeuronEvent) -> Bool {
    x.index == y.index ? x.time < y.time : x.index < y.index
  }

  private func exchange(_ other: EventBuffer) {
    swap(&storage, &other.storage)
    swap(&capacity, &other.capacity)
  }

  private func reserve(_ needed: Int) {
    guard capacity < needed else { return }
    storage.deallocate()
    while capacity < needed { capacity *= 2 }
    storage = .allocate(capacity: capacity)
  }
}
