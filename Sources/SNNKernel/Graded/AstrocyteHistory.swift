import SNNDynamics
import SNNSignals

/// Which astrocytes the synapses of a projection read.
public struct AstrocyteSource: Sendable {
  /// Index among the network's populations.
  public var population: Int
  public var variable: String
  /// Between samples: a multiple of the grid's step.
  public var interval: Time
  /// Their number, and that of the target neurons, which is a multiple of it: neuron j has astrocyte ⌊j · cells / neurons⌋.
  public var cells: Int
  public var neurons: Int

  public init(population: Int, variable: String, interval: Time, cells: Int, neurons: Int) {
    self.population = population
    self.variable = variable
    self.interval = interval
    self.cells = cells
    self.neurons = neurons
  }
}

/// The samples of astrocytes that some plastic synapse of a chunk may still ask for, by target neuron.
final class AstrocyteHistory: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  private let signal: Signal
  /// The astrocyte of each target neuron.
  private let cells: [Int]
  private let stepTicks: Int64
  private let intervalSteps: Int
  private var levels = GrowingList<Double>()
  /// Samples in ``levels``, and the moment of the first.
  private var count = 0
  private var first: Int64 = 0

  /// Most values that wait before the rows that nothing has called for are brought up to date: 8 MB.
  private static let mostValues = 1 << 20

  /// - Parameter step: of the grid.
  init(_ source: AstrocyteSource, _ signal: Signal, targets: Range<Int>, _ clock: TickClock, step: Time) {
    self.signal = signal
    cells = targets.map { $0 * source.cells / source.neurons }
    stepTicks = clock.ticks(step)
    intervalSteps = source.interval.stepsFloor(step)
  }

  var byteCount: Int { levels.byteCount }
  var isCrowded: Bool { count > 64 && levels.count > Self.mostValues }

  var view: AstrocyteLevels {
    AstrocyteLevels(
      levels: UnsafePointer(levels.storage), width: cells.count, count: count, first: first,
      interval: Int64(intervalSteps) * stepTicks)
  }

  func pass(through state: StateTransfer) throws {
    try levels.pass(through: state)
    try state.value(&count)
    try state.value(&first)
    let most = levels.count
    try state.require((0...most).contains(count) && count * cells.count == most && first >= 0, "has samples that can't be")
    // What a sample is to be made of must still be shown.
    try state.require(nextStep >= signal.firstStep, "has samples that are too old")
  }

  private var nextStep: Int { Int(first / stepTicks) + count * intervalSteps }

  /// Takes the samples of the window before.
  func take() { take(until: signal.firstStep + signal.steps) { self.signal.value(of: $0, atEndOf: $1) } }

  /// Takes the samples that have yet to be shown too, for a look. Returns what ``restore(_:)`` needs.
  func lookAhead() -> Int {
    let before = count
    take()
    take(until: signal.writtenUntil) { self.signal.writtenValue(of: $0, atEndOf: $1) }
    return before
  }
  func restore(_ before: Int) {
    levels.removeLast((count - before) * cells.count)
    count = before
  }

  private func take(until end: Int, _ value: (Int, Int) -> Double) {
    while nextStep < end {
      let step = nextStep
      for cell in cells { levels.append(value(cell, step)) }
      count += 1
    }
  }

  /// No synapse will ask for times before `time` again.
  func forget(until time: Int64) {
    let old = max(0, min(count, view.number(until: time)) - 1)
    levels.removeFirst(old * cells.count)
    first += Int64(old * intervalSteps) * stepTicks
    count -= old
  }
}
