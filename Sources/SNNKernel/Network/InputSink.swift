/// Where a delivery loop puts the synaptic inputs of a chunk; one loop is compiled for each.
protocol InputSink {
  associatedtype Place
  /// Where the inputs of a step go.
  func place(_ step: Int) -> Place
  func add(_ weight: Double, target: Int, at place: Place)
  /// Adds some synapses of one step. What lies up to ``CalendarEntry/atOnce`` beyond them may be read.
  func add(_ weights: UnsafePointer<Float>, targets: UnsafePointer<UInt16>, count: Int, at place: Place)
}

/// `rowMask + 1` rows of sums, one row per step.
struct RingSink: InputSink {
  let sums: UnsafeMutablePointer<Double>
  let rowMask: Int
  let rowLength: Int
  @inline(__always)
  func place(_ step: Int) -> UnsafeMutablePointer<Double> { sums + (step & rowMask) &* rowLength }
  @inline(__always)
  func add(_ weight: Double, target: Int, at place: UnsafeMutablePointer<Double>) { place[target] += weight }
  @inline(__always)
  func add(
    _ weights: UnsafePointer<Float>, targets: UnsafePointer<UInt16>, count: Int, at place: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { place[Int(targets[i])] += Double(weights[i]) }
  }
}

/// An ``InputCalendar`` as delivery writes it and a step reads it.
struct CalendarSink<Entry: CalendarEntry>: InputSink, BitwiseCopyable {
  /// Unmanaged, so that no synapse counts references.
  private let calendar: Unmanaged<InputCalendar<Entry>>
  let lists: UnsafeMutablePointer<InputCalendar<Entry>.List>
  let mask: Int
  init(_ calendar: InputCalendar<Entry>) {
    self.calendar = Unmanaged.passUnretained(calendar)
    lists = calendar.lists
    mask = calendar.mask
  }
  @inline(__always)
  func place(_ step: Int) -> UnsafeMutablePointer<InputCalendar<Entry>.List> { lists + (step & mask) }
  @inline(__always)
  func add(_ weight: Double, target: Int, at place: UnsafeMutablePointer<InputCalendar<Entry>.List>) {
    if _slowPath(place.pointee.next >= place.pointee.end) { calendar._withUnsafeGuaranteedRef { $0.extend(place) } }
    place.pointee.next.pointee = Entry(weight, target: target)
    place.pointee.next += 1
  }

  @inline(__always)
  func add(
    _ weights: UnsafePointer<Float>, targets: UnsafePointer<UInt16>, count: Int,
    at place: UnsafeMutablePointer<InputCalendar<Entry>.List>
  ) {
    var first = 0
    while first < count {
      if _slowPath(place.pointee.next >= place.pointee.end) { calendar._withUnsafeGuaranteedRef { $0.extend(place) } }
      Entry.write(weights + first, targets + first, to: place.pointee.next)
      place.pointee.next += min(Entry.atOnce, count &- first)
      first &+= Entry.atOnce
    }
  }

  /// Adds the inputs of `step` to `sums`, one per neuron, and forgets them.
  func take(_ step: Int, into sums: UnsafeMutablePointer<Double>) {
    calendar._withUnsafeGuaranteedRef { calendar in
      calendar.take(place(step)) { first, end in
        var entry = first
        while entry < end {
          sums[entry.pointee.target] += entry.pointee.weight
          entry += 1
        }
      }
    }
  }
}
