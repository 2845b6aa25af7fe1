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

  /// A change at 0 is sent by the first window 1 ps late, because (0, end] does not hold 0.
  private func emit(_ drive: CurrentDrive, _ d: Int, _ window: Window, _ inbox: EventInbox) {
    let after = window.start == .zero ? Time(picoseconds: -1) : window.start
    for time in drive.changes(after: after, until: window.end, step: step) {
      let shared = drive.isPrivate ? 0 : drive.value(time, neuron: 0)
      for i in 0..<neurons.count where drive.drives(neurons.lowerBound + i) {
        let neuron = neurons.lowerBound + i
        let value = drive.factor(neuron) * (drive.isPrivate ? drive.value(time, neuron: neuron) : shared)
        guard value != sent[d][i] else { continue }
        inbox.append(
          NeuronEvent(
            time: max(time, Time(picoseconds: 1)), value: value - sent[d][i], index: UInt32(i), kind: .current))
        sent[d][i] = value
      }
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
    let limit = min(end, drive.stop)
    // Compared as whole picoseconds, as the caller's windows are: a spike that rounds onto a boundary belongs before it.
    let latest = limit.milliseconds + 1
    for i in next.indices {
      while next[i] <= latest {
        let time = next[i]
        let spike = max(Time(milliseconds: time), drive.start + Time(picoseconds: 1))
        guard spike <= limit else { break }
        body(range.lowerBound + i, spike)
        draw(i, after: time)
      }
    }
  }
}
