import SNNSignals

/// A state variable of one population as other cells read it while it changes: its value at the end of every step.
///
/// It has two pages: in window k the chunks of the population write one, and everybody reads in the other what it was in
/// window k − 1. After a whole window the two change places, as those of ``SpikeBoard`` do.
public final class Signal: Checkpointed, @unchecked Sendable {
  // @unchecked: during a window each chunk writes its own neurons' part of one page and all read the other; between windows
  // one thread turns them.
  /// Index among the network's populations, whose engine is the grid.
  public let population: Int
  public let variable: String
  /// Steps of a window.
  let steps: Int
  private let pages: UnsafeMutablePointer<Pages>

  /// Per neuron one value for each step, and whether one of them is not 0.
  private struct Pages: ~Copyable {
    /// The step at whose end the first shown value stands, counted from t = 0. State 0 is that at t = 0.
    var firstStep: Int
    /// How many steps have been written of a window that the end of a call has cut.
    var written = 0
    var shown: AlignedBuffer<Double>
    var arriving: AlignedBuffer<Double>
    var isShownActive: AlignedBuffer<Bool>
    var isArrivingActive: AlignedBuffer<Bool>
  }

  public init(population: Int, variable: String, neurons: Int, steps: Int) {
    self.population = population
    self.variable = variable
    self.steps = steps
    pages = .allocate(capacity: 1)
    pages.initialize(
      to: Pages(
        firstStep: 1 - 2 * steps, shown: AlignedBuffer(count: neurons * steps), arriving: AlignedBuffer(count: neurons * steps),
        isShownActive: AlignedBuffer(count: neurons), isArrivingActive: AlignedBuffer(count: neurons)))
  }
  deinit {
    pages.deinitialize(count: 1)
    pages.deallocate()
  }

  /// Sets the value of `neuron` at the end of the window's step number `step`, 0 for the first.
  @inline(__always)
  func write(_ value: Double, neuron: Int, step: Int) {
    pages.pointee.arriving[neuron * steps + step] = value
    if value != 0 { pages.pointee.isArrivingActive[neuron] = true }
  }

  /// The values of `neuron` in the window before, or nil if all are 0.
  @inline(__always)
  func values(of neuron: Int) -> UnsafePointer<Double>? {
    guard pages.pointee.isShownActive[neuron] else { return nil }
    return UnsafePointer(pages.pointee.shown.pointer + neuron * steps)
  }

  /// The step at whose end the first shown value stands, and the first step that has not been written.
  var firstStep: Int { pages.pointee.firstStep }
  var writtenUntil: Int { firstStep + steps + pages.pointee.written }

  /// The value of `neuron` at the end of a shown step.
  func value(of neuron: Int, atEndOf step: Int) -> Double { pages.pointee.shown[neuron * steps + step - firstStep] }
  /// The value at the end of a step that has been written since.
  func writtenValue(of neuron: Int, atEndOf step: Int) -> Double {
    pages.pointee.arriving[neuron * steps + step - firstStep - steps]
  }

  /// Notes that a window has been cut at the end of `step`.
  func cut(after step: Int) { pages.pointee.written = step + 1 - firstStep - steps }

  /// Shows what has been written.
  func turn() {
    pages.pointee.firstStep += steps
    pages.pointee.written = 0
    swap(&pages.pointee.shown, &pages.pointee.arriving)
    swap(&pages.pointee.isShownActive, &pages.pointee.isArrivingActive)
    let flags = pages.pointee.isArrivingActive
    for neuron in 0..<flags.count { flags[neuron] = false }
  }

  public func pass(through state: StateTransfer) throws {
    try state.value(&pages.pointee.firstStep)
    try state.value(&pages.pointee.written)
    try state.require((0...steps).contains(pages.pointee.written), "has a window of \(pages.pointee.written) steps")
    try pages.pointee.shown.pass(through: state)
    try pages.pointee.arriving.pass(through: state)
    for flags in [pages.pointee.isShownActive, pages.pointee.isArrivingActive] {
      try flags.pass(through: state)
      let bytes = UnsafeRawBufferPointer(start: flags.pointer, count: flags.count)
      try state.require(bytes.allSatisfy { $0 <= 1 }, "has a flag that is none")
    }
  }

  var byteCount: Int { 2 * pages.pointee.shown.byteCount }
}
