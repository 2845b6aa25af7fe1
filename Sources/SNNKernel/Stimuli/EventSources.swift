import Foundation
import SNNDynamics
import SNNSignals

/// The drives of one exact chunk, turned into events: Poisson trains in continuous time and changes of injected current.
final class EventSources: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private var trains: [PoissonTrains]
  private let currents: [CurrentDrive]
  private let neurons: Range<Int>
  private let step: Time
  /// The last value sent, per current drive and neuron.
  private var sent: [[Double]]

  init(_ plan: ChunkPlan, step: Time) {
    neurons = plan.neurons
    self.step = step
    currents = plan.currents
    trains = plan.poisson.map { PoissonTrains($0, trains: plan.neurons) }
    sent = plan.currents.map { _ in [Double](repeating: 0, count: plan.neurons.count) }
  }

  /// Appends what the drives do inside `window`.
  func emit(through window: Window, into inbox: EventInbox) {
    for t in trains.indices {
      let drive = trains[t].drive
      let kind: NeuronEvent.Kind = drive.receptor == .excitatory ? .excitatory : .inhibitory
      let first = neurons.lowerBound
      trains[t].emit(until: window.end - drive.delay) { train, time in
        inbox.append(
          NeuronEvent(time: time + drive.delay, value: drive.weight(train), index: UInt32(train - first), kind: kind))
      }
    }
    for (d, drive) in currents.enumerated() { emit(drive, d, window, inbox) }
  }

  /// A current changes only at step boundaries s·h; one at the window's start belongs to the window before, which has sent it
  /// (at 0 the first window does, 1 ps late, because (0, end] does not hold 0).
  private func emit(_ drive: CurrentDrive, _ d: Int, _ window: Window, _ inbox: EventInbox) {
    var s = window.start == .zero ? 0 : window.start.stepsFloor(step) + 1
    while step * s <= window.end {
      let time = step * s
      if s == 0 || drive.mayChange(at: time) {
        let shared = drive.isPrivate ? 0 : drive.value(time, neuron: 0)
        for i in 0..<neurons.count where drive.drives(neurons.lowerBound + i) {
          let neuron = neurons.lowerBound + i
          let value = drive.factor(neuron) * (drive.isPrivate ? drive.value(time, neuron: neuron) : shared)
          if value != sent[d][i] {
            inbox.append(
              NeuronEvent(
                time: max(time, Time(picoseconds: 1)), value: value - sent[d][i], index: UInt32(i), kind: .current))
            sent[d][i] = value
          }
        }
      }
      s += 1
    }
  }
}

/// Poisson trains in continuous time, a range of them: gaps are exponential numbers keyed by (train, number of the spike).
struct PoissonTrains: Sendable {
  let drive: PoissonDrive
  private let range: Range<Int>
  /// Time of each train's next spike in ms, or infinity.
  private var next: [Double]
  private var count: [UInt64]

  init(_ drive: PoissonDrive, trains range: Range<Int>) {
    self.drive = drive
    self.range = range
    next = [Double](repeating: .infinity, count: range.count)
    count = [UInt64](repeating: 0, count: range.count)
    for i in range.indices where drive.drives(i) { draw(i - range.lowerBound, after: drive.start.milliseconds) }
  }

  private mutating func draw(_ i: Int, after time: Double) {
    let train = range.lowerBound + i
    // Bit 62 keeps these keys apart from those of the grid's drive.
    let exposure = -log(drive.stream.uniform(index: 1 << 62 | UInt64(train), draw: count[i]))
    count[i] += 1
    next[i] = drive.rate.next(train, after: time, exposure: exposure) ?? .infinity
  }

  /// Calls `body` with each spike up to and including `end` that has not been emitted yet, train by train.
  mutating func emit(until end: Time, _ body: (Int, Time) -> Void) {
    let limit = min(end, drive.stop).milliseconds
    for i in next.indices {
      while next[i] <= limit {
        let time = next[i]
        body(range.lowerBound + i, max(Time(milliseconds: time), drive.start + Time(picoseconds: 1)))
        draw(i, after: time)
      }
    }
  }
}
