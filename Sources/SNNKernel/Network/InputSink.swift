/// Where a delivery loop puts the synaptic inputs of a chunk; one loop is compiled for each.
protocol InputSink {
  associatedtype Place
  /// Where the inputs of a step go.
  func place(_ step: Int) -> Place
  func add(_ weight: Double, target: Int, at place: Place)
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
    if _slowPath(place.pointee.next == place.pointee.end) { calendar.takeUnretainedValue().grow() }
    place.pointee.append(Entry(weight, target: target))
  }

  /// Adds the inputs of `step` to `sums`, one per neuron, and forgets them.
  func take(_ step: Int, into sums: UnsafeMutablePointer<Double>) {
    let list = place(step)
    var entry = list.pointee.first
    let end = list.pointee.next
    while entry < end {
      sums[entry.pointee.target] += entry.pointee.weight
      entry += 1
    }
    list.pointee.next = list.pointee.first
  }
}
