import Foundation
import SNNDynamics
import SNNSignals

/// The drives of one exact chunk, turned into events: Poisson trains in continuous time and changes of injected current.
final class EventSources: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let trains: [PoissonTrains]
  private let currents: [CurrentDrive]
  private let neurons: Range<Int>
  private let step: Time
  /// The last value sent, per current drive and neuron.
  private var sent: [[Double]]
  private let slow: SlowCurrents?
  /// The same of the slow currents.
  private var sentSlow: [Double]

  init(_ plan: ChunkPlan, step: Time) {
    neurons = plan.neurons
    self.step = step
    currents = plan.currents
    trains = plan.poisson.map { PoissonTrains($0, trains: plan.neurons) }
    sent = plan.currents.map { _ in [Double](repeating: 0, count: plan.neurons.count) }
    slow = SlowCurrents(plan.slowCurrents, neurons: plan.neurons.count, windowLength: plan.windowLength, step: step)
    sentSlow = [Double](repeating: 0, count: slow == nil ? 0 : plan.neurons.count)
  }

  var byteCount: Int { slow?.byteCount ?? 0 }

  func pass(through state: StateTransfer) throws {
    for train in trains { try train.pass(through: state) }
    for d in sent.indices { try state.values(&sent[d]) }
    try slow?.pass(through: state)
    try state.values(&sentSlow)
  }

  /// Appends what the drives and signals do inside `window`, which has the number `number`.
  func emit(through window: Window, number: Int, into inbox: EventInbox) {
    for train in trains {
      let drive = train.drive
      let kind: NeuronEvent.Kind = drive.receptor == .excitatory ? .excitatory : .inhibitory
      let first = neurons.lowerBound
      train.emit(until: window.end - drive.delay) { train, time in
        inbox.append(
          NeuronEvent(time: time + drive.delay, value: drive.weight(train), index: UInt32(train - first), kind: kind))
      }
    }
    for (d, drive) in currents.enumerated() { emit(drive, d, window, inbox) }
    slow?.receive(number)
    // What a step begins with is an event at the end of the step before.
    slow?.take(steps: window.start.stepsFloor(step) + 2, window.end.stepsFloor(step) + 2) { neuron, next, current in
      guard current != sentSlow[neuron] else { return }
      let change = current - sentSlow[neuron]
      inbox.append(NeuronEvent(time: step * (next - 1), value: change, index: UInt32(neuron), kind: .current))
      sentSlow[neuron] = current
    }
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
///
/// A train waits in the queue for the millisecond of its next spike, so silence costs nothing.
final class PoissonTrains: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  let drive: PoissonDrive
  private let range: Range<Int>
  /// Time of each train's next spike in ms, or infinity.
  private let next: AlignedBuffer<Double>
  private let count: AlignedBuffer<UInt64>
  private let queue: ActionQueue
  /// The millisecond that has been looked at last, perhaps not to its end.
  private var present = 0

  init(_ drive: PoissonDrive, trains range: Range<Int>) {
    self.drive = drive
    self.range = range
    next = AlignedBuffer(count: range.count)
    count = AlignedBuffer(count: range.count)
    queue = ActionQueue(members: range.count)
    for i in range.indices where drive.drives(i) {
      draw(i - range.lowerBound, after: drive.start.milliseconds)
      wait(i - range.lowerBound)
    }
  }

  func pass(through state: StateTransfer) throws {
    try next.pass(through: state)
    try count.pass(through: state)
    try queue.pass(through: state)
    try state.value(&present)
    let times = UnsafeBufferPointer(start: next.pointer, count: next.count)
    try state.require(present >= 0 && times.allSatisfy { $0 >= 0 }, "has a spike before the run")
  }

  private func draw(_ i: Int, after time: Double) {
    let train = range.lowerBound + i
    // Bit 62 keeps these keys apart from those of the grid's drive.
    let exposure = -log(drive.stream.uniform(index: 1 << 62 | UInt64(train), draw: count[i]))
    count[i] += 1
    next[i] = drive.rate.next(train, after: time, exposure: exposure) ?? .infinity
  }

  private func wait(_ i: Int) {
    // No run reaches 10⁹ ms, which is as good as never.
    guard next[i] < 1e9 else { return }
    queue.add(UInt32(i), window: max(Int(next[i]), present), now: present)
  }

  /// Calls `body` with each spike up to and including `end` that has not been emitted yet: those of one train in order, the
  /// trains in any order.
  func emit(until end: Time, _ body: (Int, Time) -> Void) {
    let limit = min(end, drive.stop)
    // Compared as whole picoseconds, as the caller's windows are: a spike that rounds onto a boundary belongs before it.
    let last = Int(limit.milliseconds + 1e-9)
    while true {
      queue.take(present) { i in emit(Int(i), until: limit, body) }
      guard present < last else { return }
      present += 1
    }
  }

  private func emit(_ i: Int, until limit: Time, _ body: (Int, Time) -> Void) {
    while next[i] <= limit.milliseconds + 1 {
      let time = next[i]
      let spike = max(Time(milliseconds: time), drive.start + Time(picoseconds: 1))
      guard spike <= limit else { break }
      body(range.lowerBound + i, spike)
      draw(i, after: time)
    }
    wait(i)
  }
}
