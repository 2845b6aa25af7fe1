import SNNSignals
import SNNTraining

/// The network of ``SpikingEquilibriumPropagation``.
public struct SpikingEquilibriumNetwork<Scalar: DenseScalar>: DenseRule {
  private let p: SpikingEquilibriumPropagation.Parameters
  private let setup: LearnerSetup
  var stack: LayerStack<Scalar>
  /// Where each neuron's v begins: neurons of one current would fire in one step otherwise.
  private let starts: [Matrix<Scalar>]
  private var work = Workspace<Phases>()

  /// What a batch needs.
  private struct Phases {
    let input: Matrix<Scalar>
    /// Currents into the first layer: the input is clamped.
    let drive: Matrix<Scalar>
    let target: Matrix<Scalar>
    let outputs: Matrix<Scalar>
    let free: [Layer]
    /// Nudged towards the target, and away from it.
    let nudged: [[Layer]]
  }
  /// The state of a layer, a row for each sample.
  private struct Layer {
    let current: Matrix<Scalar>
    let v: Matrix<Scalar>
    let z: Matrix<Scalar>
    let trace: Matrix<Scalar>
    /// What comes in within a step, then f(I).
    let incoming: Matrix<Scalar>

    init(_ rows: Int, _ size: Int) {
      (current, v, z) = (Matrix(rows, size), Matrix(rows, size), Matrix(rows, size))
      (trace, incoming) = (Matrix(rows, size), Matrix(rows, size))
    }
    var state: [Matrix<Scalar>] { [current, v, z, trace] }
  }

  public init(_ p: SpikingEquilibriumPropagation.Parameters, _ setup: LearnerSetup) throws {
    try setup.requireStatic(SpikingEquilibriumPropagation.name)
    guard [.sigmoid, .steepSigmoid, .hardSigmoid].contains(p.activation) else {
      throw TrainingError(
        "\(p.activation.rawValue) is not within 0 and 1 spikes per step", hint: "use sigmoid, steep_sigmoid or hard_sigmoid",
        parameter: "activation")
    }
    for (name, rate) in [("current_rate", p.currentRate), ("trace_rate", p.traceRate)] where rate == 0 {
      throw TrainingError("a rate of 0 takes no spikes in", parameter: name)
    }
    (self.p, self.setup) = (p, setup)
    stack = try LayerStack(sizes: [setup.features] + p.layers + [setup.classes], gain: p.gain, p.optimiser, p.projection, setup)
    let stream = RandomStream(seed: setup.seed, purpose: .learning, entity: entityHash("potentials"))
    starts = (p.layers + [setup.classes]).enumerated().map { place, size in
      let row = Matrix<Scalar>(1, size)
      for i in 0..<size { row.start[i] = Scalar(stream.uniform(index: UInt64(place), draw: UInt64(i))) }
      return row
    }
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let (count, phases) = (batch.count, takePhases(batch.count))
    settle(phases, batch)
    let top = phases.free.last!.trace
    phases.outputs.start.update(from: top.start, count: count * top.columns)
    let result = takeDerivative(of: .squaredError, phases.outputs, batch.labels)
    phases.target.fill(0)
    for (row, label) in batch.labels.enumerated() { phases.target[row, label] = 1 }
    nudge(phases, count)
    for place in stack.layers.indices {
      contrast(place, phases, count)
      let presynaptic = place == 0 ? phases.input : phases.free[place - 1].trace
      stack.learn(place, presynaptic: presynaptic.rows(0..<count), at: moment)
    }
    var measures = Measures()
    measures.add("loss", sum: result.loss, count: count)
    measures.add("accuracy", sum: Double(result.correct), count: count)
    for layer in phases.free {
      let rates = Matrix<Scalar>(1, layer.trace.columns)
      sumRows(layer.trace.rows(0..<count), scale: 1, into: rates)
      measures.add("spike_rate", sum: rates.values.reduce(0) { $0 + Double($1) }, count: count * rates.columns)
    }
    return measures
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    let phases = takePhases(batch.count)
    settle(phases, batch)
    return largest(phases.free.last!.trace, batch.count)
  }

  /// The gradient of a layer's weights and biases.
  private func contrast(_ place: Int, _ phases: Phases, _ count: Int) {
    let (layer, rows) = (stack.layers[place], 0..<count)
    for (phase, sign) in zip(phases.nudged, [1.0, -1]) {
      let below = place == 0 ? phases.input : phase[place - 1].trace
      layer.differentiate(
        phase[place].trace.rows(rows), below.rows(rows), scale: Scalar(-sign / (2 * p.beta * Double(count))), adding: sign < 0,
        on: setup.parallel)
    }
  }

  /// The free phase of a batch, from rest.
  private func settle(_ phases: Phases, _ batch: Batch) {
    phases.input.load(batch)
    stack.layers[0].forward(phases.input.rows(0..<batch.count), into: phases.drive, on: setup.parallel)
    for (layer, start) in zip(phases.free, starts) {
      for matrix in [layer.current, layer.z, layer.trace] { matrix.fill(0) }
      for row in 0..<batch.count { layer.v.row(row).update(from: start.start, count: start.count) }
    }
    let blocks = rowBlocks(batch.count)
    setup.parallel.forEach(blocks.count) { run(phases.free, phases, blocks[$0], steps: p.freeSteps, beta: 0) }
  }

  /// Both nudged phases, from the free state.
  private func nudge(_ phases: Phases, _ count: Int) {
    let blocks = rowBlocks(count)
    setup.parallel.forEach(2 * blocks.count) { task in
      let (phase, block) = (phases.nudged[task % 2], blocks[task / 2])
      for (layer, free) in zip(phase, phases.free) {
        for (to, from) in zip(layer.state, free.state) {
          to.row(block.lowerBound).update(from: from.row(block.lowerBound), count: block.count * to.columns)
        }
      }
      run(phase, phases, block, steps: p.nudgedSteps, beta: task % 2 == 0 ? p.beta : -p.beta)
    }
  }

  /// Steps of the rows `block`: all currents take in the spikes of the step before, then all neurons fire.
  private func run(_ layers: [Layer], _ phases: Phases, _ block: Range<Int>, steps: Int, beta: Double) {
    let (first, rate, beta) = (block.lowerBound, Scalar(p.currentRate), Scalar(beta))
    for _ in 0..<steps {
      for (place, layer) in layers.enumerated() {
        let (incoming, size) = (layer.incoming.row(first), block.count * layer.z.columns)
        if place == 0 {
          incoming.update(from: phases.drive.row(first), count: size)
        } else {
          let from = stack.layers[place]
          multiply(layers[place - 1].z.rows(block), from.weight.value.transposed, into: layer.incoming.rows(block))
          if let bias = from.bias { Scalar.addBias(block.count, layer.z.columns, bias.value.start, to: incoming) }
        }
        if place + 1 < layers.count {
          let weights = stack.layers[place + 1].weight.value
          multiply(layers[place + 1].z.rows(block), weights.whole, into: layer.incoming.rows(block), adding: true)
        } else if beta != 0 {
          Scalar.add(size, beta, phases.target.row(first), to: incoming)
          Scalar.add(size, -beta, layer.z.row(first), to: incoming)
        }
      }
      for layer in layers {
        let (incoming, size) = (layer.incoming.row(first), block.count * layer.z.columns)
        let current = layer.current.row(first)
        Scalar.combine(1 - rate, current, rate, incoming, into: current, size)
        incoming.update(from: current, count: size)
        Scalar.activate(p.activation, incoming, size)
        Scalar.fire(
          incoming, layer.v.row(first), into: layer.z.row(first), trace: layer.trace.row(first), size,
          traceRate: Scalar(p.traceRate))
      }
    }
  }

  private mutating func takePhases(_ count: Int) -> Phases {
    work.take(count) { [features = setup.features, classes = setup.classes, sizes = stack.sizes.dropFirst()] rows in
      let layers = { sizes.map { Layer(rows, $0) } }
      return Phases(
        input: Matrix(rows, features), drive: Matrix(rows, sizes.first!), target: Matrix(rows, classes),
        outputs: Matrix(rows, classes), free: layers(), nudged: [layers(), layers()])
    }
  }

  public mutating func archive(_ archive: inout Archive) throws { try stack.archive(&archive) }
  public mutating func beginTask(_ task: Int) { stack.beginTask(task) }
  public mutating func endTask(_ task: Int) { stack.endTask(task) }
}
