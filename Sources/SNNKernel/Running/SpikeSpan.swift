import SNNSignals

/// The spikes that observers have yet to see: those of one or more windows, by population, each in the order (time, id).
struct SpikeSpan {
  private(set) var spikes: [[Spike]]
  private(set) var isEmpty = true
  private let step: Time
  private var places: [Int] = []

  init(populations: Int, step: Time) {
    spikes = Array(repeating: [], count: populations)
    self.step = step
  }

  mutating func removeAll() {
    guard !isEmpty else { return }
    for p in spikes.indices where !spikes[p].isEmpty { spikes[p].removeAll(keepingCapacity: true) }
    isEmpty = true
  }

  /// Appends what lies in `window` of the packets of a population's chunks, which may hold other times too.
  mutating func append(part window: Window, of packets: UnsafeMutableBufferPointer<SpikePacket>, _ population: PopulationRange) {
    // A given spike at 0 belongs to the first window.
    let after = window.start == .zero ? Time(picoseconds: -1) : window.start
    var found: [Spike] = []
    for c in population.chunks {
      for spike in packets[c].spikes where spike.time > after && spike.time <= window.end { found.append(spike) }
    }
    guard !found.isEmpty else { return }
    isEmpty = false
    found.sort()
    spikes[population.number].append(contentsOf: found)
  }

  /// Appends the packets of a population's chunks, all of whose times lie in `window`.
  @inline(__always)
  mutating func append(_ window: Window, _ packets: UnsafeMutableBufferPointer<SpikePacket>, _ population: PopulationRange) {
    var filled = 0
    var last = 0
    for c in population.chunks where !packets[c].isEmpty {
      filled += 1
      last = c
    }
    if filled == 1 {
      isEmpty = false
      spikes[population.number].append(contentsOf: packets[last].spikes)
    } else if filled > 1 {
      isEmpty = false
      merge(window, packets, population)
    }
  }

  /// A counting sort over steps. Packets and chunks are in the order of ids, so spikes on the grid are then in place;
  /// those off the grid are nearly so.
  private mutating func merge(
    _ window: Window, _ packets: UnsafeMutableBufferPointer<SpikePacket>, _ population: PopulationRange
  ) {
    let first = max(0, window.start.stepsFloor(step))
    let count = window.end.stepsCeil(step) - first + 1
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: repeatElement(0, count: count + 1))
    var total = 0
    for c in population.chunks {
      for s in packets[c].steps { places[Int(s) - first + 1] += 1 }
      total += packets[c].count
    }
    for s in 0..<count { places[s + 1] += places[s] }
    let start = spikes[population.number].count
    spikes[population.number].append(contentsOf: repeatElement(Spike(time: .zero, id: 0), count: total))
    spikes[population.number].withUnsafeMutableBufferPointer { all in
      var merged = UnsafeMutableBufferPointer(rebasing: all[start...])
      for c in population.chunks {
        let (spikes, steps) = (packets[c].spikes, packets[c].steps)
        for i in 0..<spikes.count {
          let place = places[Int(steps[i]) - first]
          places[Int(steps[i]) - first] = place + 1
          merged[place] = spikes[i]
        }
      }
      if !zip(merged, merged.dropFirst()).allSatisfy({ $0 <= $1 }) { merged.sort() }
    }
  }
}

/// A population's number and chunks, for loops that must touch no names.
struct PopulationRange {
  var number: Int
  var chunks: Range<Int>
  var isSource: Bool
}
