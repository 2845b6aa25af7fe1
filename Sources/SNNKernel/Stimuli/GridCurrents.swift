import SNNDynamics
import SNNSignals

/// The injected currents of one grid chunk, one row per step of the window.
final class GridCurrents: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let drives: [CurrentDrive]
  private let driven: [[Bool]?]
  private let slow: SlowCurrents?
  private let neurons: Range<Int>
  private let blocks: Int
  private let step: Time
  private var buffer: AlignedBuffer<Double>

  /// nil where no current is injected.
  init?(_ plan: ChunkPlan, blocks: Int, step: Time) {
    guard !plan.currents.isEmpty || !plan.slowCurrents.isEmpty else { return nil }
    drives = plan.currents
    neurons = plan.neurons
    slow = SlowCurrents(plan.slowCurrents, neurons: plan.neurons.count, windowLength: plan.windowLength, step: step)
    self.blocks = blocks
    self.step = step
    driven = plan.currents.map { drive in drive.members == nil ? nil : plan.neurons.map(drive.drives) }
    buffer = AlignedBuffer(count: 0)
  }

  func pass(through state: StateTransfer) throws { try slow?.pass(through: state) }

  /// Takes in the signals of the window before window `number`.
  func receive(_ number: Int) { slow?.receive(number) }

  /// Row of the window's step `offset` (0 for the first) and those after it.
  func rows(from offset: Int) -> UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(buffer.pointer + offset * blocks * 8).assumingMemoryBound(to: Lanes.self)
  }

  /// Computes the rows of steps `first ..< end`.
  func fill(steps first: Int, _ end: Int) {
    let length = blocks * 8
    if buffer.count < (end - first) * length { buffer = AlignedBuffer(count: (end - first) * length) }
    buffer.pointer.update(repeating: 0, count: (end - first) * length)
    for s in first..<end {
      let row = buffer.pointer + (s - first) * length
      let begins = step * (s - 1)
      for (drive, driven) in zip(drives, driven) { add(drive, driven, at: begins, to: row) }
    }
    slow?.take(steps: first, end) { neuron, step, current in buffer.pointer[(step - first) * length + neuron] += current }
  }

  var byteCount: Int { buffer.byteCount + (slow?.byteCount ?? 0) }

  private func add(_ drive: CurrentDrive, _ driven: [Bool]?, at time: Time, to row: UnsafeMutablePointer<Double>) {
    let shared = drive.isPrivate ? 0 : drive.value(time, neuron: 0)
    if !drive.isPrivate && shared == 0 { return }
    if !drive.isPrivate && drive.factors.count == 1 && driven == nil {
      let value = shared * drive.factors[0]
      for i in 0..<neurons.count { row[i] += value }
      return
    }
    for i in 0..<neurons.count where driven?[i] ?? true {
      let neuron = neurons.lowerBound + i
      row[i] += drive.factor(neuron) * (drive.isPrivate ? drive.value(time, neuron: neuron) : shared)
    }
  }
}
