import SNNDynamics
import SNNSignals

/// Neurons stepped on the time grid, all of one model.
final class GridChunk<Model: ClockedNeuron>: Chunk, @unchecked Sendable {
  // @unchecked: its own task is the only one that touches it during a window; the barrier orders windows.
  let neurons: Range<Int>
  private let step: Time
  private let states: AlignedBuffer<Model.State>
  private let propagators: AlignedBuffer<Model.Propagator>
  private let propagatorStride: Int
  private let lastHeldSteps: AlignedBuffer<Lanes>
  private let heldFlags: AlignedBuffer<UInt8>
  private let heldPeriods: AlignedBuffer<Lanes>
  private let inbox: GridInbox
  private let poisson: [GridPoisson]
  private let currents: GridCurrents?
  private let probes: [(probe: StateProbe, part: ProbePart, offset: Int)]
  private let signals: [(signal: Signal, offset: Int)]
  /// Rewritten in every window. Behind a pointer, whose memory is not checked for exclusive access at each use.
  private let output: UnsafeMutablePointer<Output>

  private struct Output: ~Copyable {
    var buffer: SpikeBuffer
    var packet = SpikePacket()
  }

  init(_ plan: ChunkPlan, models: ModelValues<Model>, initial: [InitialValues], step: Time) {
    neurons = plan.neurons
    self.step = step
    let blocks = (plan.neurons.count + 7) / 8
    let stepMs = step.milliseconds
    states = AlignedBuffer(count: blocks)
    lastHeldSteps = AlignedBuffer(count: blocks)
    heldFlags = AlignedBuffer(count: blocks)
    switch models {
    case .shared(let model):
      propagators = AlignedBuffer(count: 1)
      propagators[0] = model.propagator(step: stepMs)
      heldPeriods = AlignedBuffer(count: 1)
      heldPeriods[0] = Lanes(repeating: refractorySteps(model.refractoryPeriod, step: stepMs))
      propagatorStride = 0
      for block in 0..<blocks { states[block] = model.initialState() }
    case .each(let all):
      propagators = AlignedBuffer(count: blocks)
      heldPeriods = AlignedBuffer(count: blocks)
      propagatorStride = 1
      for block in 0..<blocks {
        for lane in 0..<8 {
          // Padding lanes repeat the last neuron.
          let model = all[min(plan.neurons.lowerBound + block * 8 + lane, plan.neurons.upperBound - 1)]
          copyLane(lane, of: model.propagator(step: stepMs), to: propagators.pointer + block)
          copyLane(lane, of: model.initialState(), to: states.pointer + block)
          heldPeriods[block][lane] = refractorySteps(model.refractoryPeriod, step: stepMs)
        }
      }
    }
    inbox = GridInbox(
      blocks: blocks, receptors: Model.weightKind.receptors,
      windowSteps: plan.windowLength.stepsFloor(step), step: step, inlets: plan.inlets,
      plastic: plan.plastic)
    poisson = plan.poisson.map { GridPoisson($0, neurons: plan.neurons, step: step) }
    currents = GridCurrents(plan, blocks: blocks, step: step)
    signals = plan.signals.map { ($0, Self.offset(of: $0.variable)) }
    probes = plan.probes.map { ($0.probe, $0.part, Self.offset(of: $0.probe.variable)) }
    output = .allocate(capacity: 1)
    output.initialize(to: Output(buffer: SpikeBuffer(neurons: plan.neurons.count)))
    for values in initial {
      let offset = Self.offset(of: values.variable)
      for i in 0..<plan.neurons.count { doubles(offset)[laneIndex(i)] = values.value(plan.neurons.lowerBound + i) }
    }
    // Before the first window stands the state at t = 0.
    if let (signal, _) = signals.first { show(at: signal.steps - 1) }
  }

  deinit {
    output.pointee.buffer.deallocate()
    output.deinitialize(count: 1)
    output.deallocate()
  }

  /// Byte offset of a state variable within `Model.State`.
  private static func offset(of variable: String) -> Int {
    guard let row = Model.stateVariables.first(where: { $0.name == variable }),
      let offset = MemoryLayout<Model.State>.offset(of: row.keyPath)
    else { preconditionFailure("\(Model.name) has no stored state variable \(variable)") }
    return offset
  }
  private func doubles(_ offset: Int) -> UnsafeMutablePointer<Double> {
    (UnsafeMutableRawPointer(states.pointer) + offset).assumingMemoryBound(to: Double.self)
  }
  /// Index, in doubles from a variable's first, of neuron `i` of the chunk.
  @inline(__always)
  private func laneIndex(_ i: Int) -> Int { i / 8 * (MemoryLayout<Model.State>.stride / 8) + i % 8 }

  func advance(through window: Window, number: Int, board: SpikeBoard, bench: inout Workbench) {
    let first = window.start.stepsFloor(step) + 1
    let end = window.end.stepsFloor(step) + 1
    let rows = inbox.rows(on: &bench)
    // All input of a ring of one row arrives in the task that takes it: in that part of the window which holds the step, if a
    // call has cut it.
    if rows.mask == 0 ? first < end : board.isFresh {
      inbox.deliver(board, to: rows, start: first - 1)
    }
    inbox.takeDue(steps: first, end, to: rows)
    for drive in poisson { drive.add(steps: first, end, to: rows) }
    if board.isFresh { currents?.receive(number) }
    currents?.fill(steps: first, end)
    output.pointee.buffer.removeAll()
    var now = first
    while now < end {
      let pause = nextSample(from: now, end: end)
      advance(from: now, to: pause, windowFirst: first, rows)
      now = pause
      record(stepEnded: now - 1)
      show(stepEnded: now - 1)
    }
    assert(inbox.isEmpty(steps: first, end, rows), "inputs are left of window \(number)")
    sortSpikes(first: first, count: end - first)
    inbox.note(output.pointee.packet)
    inbox.observe()
  }

  private func advance(from now: Int, to pause: Int, windowFirst: Int, _ rows: InputRows) {
    let run = GridRun(
      blocks: states.count, steps: pause - now, firstStep: now - windowFirst, stepNumber: now, firstRow: now & rows.mask,
      rowMask: rows.mask, excitatory: rows.excitatory, inhibitory: rows.inhibitory,
      currents: currents.map { UnsafePointer($0.rows(from: now - windowFirst)) },
      hold: RefractoryHold(
        lastSteps: lastHeldSteps.pointer, flags: heldFlags.pointer, periods: UnsafePointer(heldPeriods.pointer),
        stride: propagatorStride))
    Model.advance(states.pointer, propagators.pointer, propagatorStride, run, &output.pointee.buffer)
  }

  /// The first step after which a signal or a probe wants a sample, or `end`.
  private func nextSample(from now: Int, end: Int) -> Int {
    var pause = signals.isEmpty ? end : now + 1
    for (probe, _, _) in probes {
      for time in probe.times {
        let after = time.stepsFloor(step) + 1
        if after > now && after < pause { pause = after }
      }
    }
    return pause
  }

  private func record(stepEnded: Int) {
    let time = step * stepEnded
    for (probe, part, offset) in probes {
      guard let row = probe.times.firstIndex(of: time) else { continue }
      let values = doubles(offset)
      for (i, index) in part.indices.enumerated() {
        probe.write(values[laneIndex(index)], row: row, column: part.firstColumn + i)
      }
    }
  }

  private func show(stepEnded: Int) {
    if let (signal, _) = signals.first { show(at: (stepEnded - 1) % signal.steps) }
  }

  /// Writes all signals as the values of the window's step number `place`.
  private func show(at place: Int) {
    for (signal, offset) in signals {
      let values = doubles(offset)
      for i in 0..<neurons.count { signal.write(values[laneIndex(i)], neuron: neurons.lowerBound + i, step: place) }
    }
  }

  /// The window's spikes, which come by block, into the order (step, neuron): a counting sort over steps.
  private func sortSpikes(first: Int, count steps: Int) {
    output.pointee.packet.removeAll()
    let spikes = UnsafeBufferPointer(start: output.pointee.buffer.storage, count: output.pointee.buffer.count)
    guard spikes.count > 0 else { return }
    let base = UInt32(neurons.lowerBound)
    if steps == 1 {
      for spike in spikes { emit(base + spike.index, first) }
      return
    }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: steps + 1) { places in
      places.initialize(repeating: 0)
      for spike in spikes { places[Int(spike.step) + 1] += 1 }
      for s in 0..<steps { places[s + 1] += places[s] }
      withUnsafeTemporaryAllocation(of: StepSpike.self, capacity: spikes.count) { sorted in
        for spike in spikes {
          sorted[Int(places[Int(spike.step)])] = spike
          places[Int(spike.step)] += 1
        }
        for spike in sorted {
          emit(base + spike.index, first + Int(spike.step))
        }
      }
    }
  }

  @inline(__always)
  private func emit(_ id: UInt32, _ number: Int) {
    output.pointee.packet.append(Spike(time: step * number, id: id), step: UInt32(number))
  }

  func takeSpikes(into other: inout SpikePacket) { swap(&output.pointee.packet, &other) }

  func pass(through state: StateTransfer) throws {
    try states.pass(through: state)
    try lastHeldSteps.pass(through: state)
    try heldFlags.pass(through: state)
    try inbox.pass(through: state)
    try currents?.pass(through: state)
  }

  func firstNonFinite() -> (neuron: Int, variable: String, value: Double)? {
    guard !isFinite else { return nil }
    for row in Model.stateVariables {
      let values = doubles(Self.offset(of: row.name))
      for i in 0..<neurons.count where !values[laneIndex(i)].isFinite {
        return (neurons.lowerBound + i, row.name, values[laneIndex(i)])
      }
    }
    return nil
  }

  /// Whether all numbers of all states are, padding included: x − x is 0 just for those.
  private var isFinite: Bool {
    let lanes = UnsafeMutableRawPointer(states.pointer).assumingMemoryBound(to: Lanes.self)
    var differences = Lanes()
    for i in 0..<states.count * (MemoryLayout<Model.State>.stride / MemoryLayout<Lanes>.stride) {
      differences += lanes[i] - lanes[i]
    }
    return differences == Lanes()
  }

  var byteCount: Int {
    states.byteCount + propagators.byteCount + lastHeldSteps.byteCount + heldFlags.byteCount + heldPeriods.byteCount
      + inbox.byteCount + (currents?.byteCount ?? 0)
  }
}

/// Copies one lane of a struct of ``Lanes``.
private func copyLane<Block: BitwiseCopyable>(_ lane: Int, of source: Block, to target: UnsafeMutablePointer<Block>) {
  let fields = MemoryLayout<Block>.stride / MemoryLayout<Lanes>.stride
  let to = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self)
  withUnsafeBytes(of: source) { bytes in
    let from = bytes.assumingMemoryBound(to: Double.self)
    for field in 0..<fields { to[field * 8 + lane] = from[field * 8 + lane] }
  }
}
