import SNNDynamics
import SNNSignals

/// Where a rule finds the states of its target neurons: in probes of every step, which the chunk fills.
public struct ObservedProbes: Sendable {
  /// By observable; nil for those that the model lacks.
  var probes: [StateProbe?]
  /// Of the chunk's neurons in each probe.
  var firstColumn: Int

  /// Moments seen in the present window.
  var times: [Time] { probes[0]!.times }
  func states(_ observable: Int, row: Int) -> UnsafePointer<Double>? {
    guard observable < probes.count, let probe = probes[observable] else { return nil }
    return probe.values.baseAddress! + row * probe.columns + firstColumn
  }
}

/// What is kept of the neurons of a chunk for a rule that reads their states.
final class ObservedNeurons: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only; between windows by one thread.
  private let neurons: Int
  private let step: Time
  private let ticksPerStep: Int64
  private let delaySteps: Int
  private let mask: Int
  private let memory: AlignedBuffer<SIMD4<Double>>
  private let earlier: AlignedBuffer<SIMD4<Double>>
  private let levels: AlignedBuffer<Double>
  private let events: AlignedBuffer<Double>

  /// - Parameters:
  ///   - delay: how long ago the earlier states are to be, ms.
  ///   - reach: how long ago a level may be asked for, ticks.
  init(neurons: Int, step: Time, _ clock: TickClock, delay: Double, reach: Int64) {
    self.neurons = neurons
    self.step = step
    ticksPerStep = clock.ticks(step)
    delaySteps = Time(milliseconds: delay).stepsNearest(step)
    let rows = Self.rows(reach, ticksPerStep)
    mask = rows - 1
    memory = AlignedBuffer(count: neurons)
    earlier = AlignedBuffer(count: neurons * delaySteps)
    levels = AlignedBuffer(count: neurons * rows)
    events = AlignedBuffer(count: neurons)
  }

  /// How many levels of each neuron are kept, a power of two.
  private static func rows(_ reach: Int64, _ ticksPerStep: Int64) -> Int {
    var rows = 1
    while Int64(rows) * ticksPerStep <= reach + ticksPerStep { rows *= 2 }
    return rows
  }

  /// What ``byteCount`` will be.
  static func bytes(neurons: Int, step: Time, _ clock: TickClock, delay: Double, reach: Int64) -> Int {
    let states = MemoryLayout<SIMD4<Double>>.stride * (1 + Time(milliseconds: delay).stepsNearest(step))
    return neurons * (states + MemoryLayout<Double>.stride * (1 + rows(reach, clock.ticks(step))))
  }

  var byteCount: Int { memory.byteCount + earlier.byteCount + levels.byteCount + events.byteCount }
  var view: ObservedLevels {
    ObservedLevels(levels: UnsafePointer(levels.pointer), neurons: neurons, mask: mask, ticksPerStep: ticksPerStep)
  }

  func pass(through state: StateTransfer) throws {
    try memory.pass(through: state)
    try earlier.pass(through: state)
    try levels.pass(through: state)
  }

  /// Shows `rule` the steps of `probes`; what happens in them goes into `history`.
  func observe(_ probes: ObservedProbes, _ rule: some LearningRule, into history: PostsynapticHistory) {
    for (row, time) in probes.times.enumerated() {
      let number = time.stepsNearest(step)
      let isFirst = number == 1
      var run = ObservationRun(
        neurons: neurons, step: step.milliseconds, isFirst: isFirst,
        states: (probes.states(0, row: row), probes.states(1, row: row), probes.states(2, row: row), probes.states(3, row: row)),
        memory: memory.pointer, earlier: nil, events: events.pointer, levels: levels.pointer + (number & mask) * neurons)
      if delaySteps > 0 {
        // Before the first step all was as it is after it.
        if isFirst { for slot in 0..<delaySteps { remember(probes, slot) } }
        run.earlier = earlier.pointer + number % delaySteps * neurons
      }
      rule.observe(run)
      for neuron in 0..<neurons where events[neuron] != 0 {
        history.append(neuron, at: Int64(number) * ticksPerStep, SIMD2(events[neuron], 0))
      }
    }
  }

  private func remember(_ probes: ObservedProbes, _ slot: Int) {
    for neuron in 0..<neurons {
      for observable in 0..<4 {
        earlier[slot * neurons + neuron][observable] = probes.states(observable, row: 0)?[neuron] ?? .nan
      }
    }
  }
}
