import Foundation
import SNNSignals
import SNNTraining

/// Relaxation: each block of samples, under each nudge, goes all its steps by itself.
extension EquilibriumNetwork {
  mutating func phases(_ count: Int) -> Phases {
    let sizes = layers.map(\.outputs)
    let (p, features, classes) = (p, setup.features, setup.classes)
    return work.take(count) { rows in
      func equilibrium(_ beta: (real: Double, imaginary: Double), _ weight: (real: Double, imaginary: Double)) -> Equilibrium {
        let height = beta.imaginary == 0 ? rows : 2 * rows
        return Equilibrium(
          beta: beta, weight: weight, states: sizes.map { Matrix(height, $0) }, next: sizes.map { Matrix(height, $0) })
      }
      // Of two conjugate nudges one is enough: it counts twice, by its real part.
      let nudges = p.points == 1 ? 0...0 : 0...p.points / 2
      let nudged = nudges.map { k in
        let angle = 2 * Double.pi * Double(k) / Double(p.points)
        let isReal = k == 0 || 2 * k == p.points
        let (c, s) = (isReal ? (k == 0 ? 1 : -1) : cos(angle), isReal ? 0 : sin(angle))
        let share = (isReal ? 1.0 : 2.0) / (Double(p.points) * p.beta)
        return equilibrium((p.beta * c, p.beta * s), (share * c, -share * s))
      }
      return Phases(
        input: Matrix(rows, features), drive: Matrix(rows, sizes[0]), target: Matrix(rows, classes),
        push: Matrix(rows, sizes.last!), outputs: Matrix(rows, classes), free: equilibrium((0, 0), (0, 0)), nudged: nudged,
        slopes: sizes.map { Matrix(rows, $0) })
    }
  }

  /// The free phase of a batch, from zero; returns the largest change in its last step.
  func relaxFreely(_ phases: Phases, _ batch: Batch) -> Double {
    phases.input.load(batch)
    layers[0].forward(phases.input.rows(0..<batch.count), into: phases.drive, on: setup.parallel)
    for state in phases.free.states { state.fill(0) }
    let blocks = rowBlocks(batch.count)
    let residuals = Matrix<Scalar>(1, blocks.count)
    setup.parallel.forEach(blocks.count) { block in
      residuals.start[block] = relax(phases.free, phases, blocks[block], batch.count, steps: p.freeSteps, sign: 1)
    }
    return residuals.values.reduce(0) { max($0, Double($1)) }
  }

  /// The nudged phases, from the free state.
  func relaxNudged(_ phases: Phases, _ count: Int, _ sign: Double) {
    let blocks = rowBlocks(count)
    setup.parallel.forEach(blocks.count * phases.nudged.count) { task in
      let nudged = phases.nudged[task / blocks.count]
      let block = blocks[task % blocks.count]
      for (state, free) in zip(nudged.states, phases.free.states) {
        let size = block.count * state.columns
        state.row(block.lowerBound).update(from: free.row(block.lowerBound), count: size)
        if nudged.isComplex { state.row(count + block.lowerBound).update(repeating: 0, count: size) }
      }
      _ = relax(nudged, phases, block, count, steps: p.nudgedSteps, sign: sign)
    }
  }

  /// The nudge's sign, which a random one has for a whole batch.
  func sign(_ moment: Moment) -> Double {
    guard p.sign == .random else { return 1 }
    let u = RandomStream(seed: setup.seed, purpose: .learning, entity: entityHash("nudges"))
      .uniform(index: UInt64(moment.step), draw: 0)
    return u < 0.5 ? -1 : 1
  }

  /// Steps of the rows `block` of a batch of `count` rows. The result stands in `states`, whatever the number of steps.
  private func relax(
    _ phase: Equilibrium, _ phases: Phases, _ block: Range<Int>, _ count: Int, steps: Int, sign: Double
  ) -> Scalar {
    var (now, next) = (phase.states, phase.next)
    let imaginary = count + block.lowerBound..<count + block.upperBound
    for _ in 0..<steps {
      for place in layers.indices {
        let (state, size) = (next[place], block.count * next[place].columns)
        let real = state.row(block.lowerBound)
        if place == 0 {
          real.update(from: phases.drive.row(block.lowerBound), count: size)
        } else {
          couple(now, place, block, into: state)
          if let bias = layers[place].bias { Scalar.addBias(block.count, state.columns, bias.value.start, to: real) }
        }
        feedBack(now, place, block, into: state)
        if phase.isComplex {
          if place == 0 { state.row(imaginary.lowerBound).update(repeating: 0, count: size) }
          couple(now, place, imaginary, into: state)
          feedBack(now, place, imaginary, into: state)
        }
        if place == layers.count - 1 { nudge(phase, phases, now[place], state, block, count, sign) }
        if phase.isComplex {
          Scalar.activate(p.activation, real: real, imaginary: state.row(imaginary.lowerBound), size)
        } else {
          Scalar.activate(p.activation, real, size)
        }
        if p.order == .sequential { (now[place], next[place]) = (next[place], now[place]) }
      }
      if p.order == .synchronous { swap(&now, &next) }
    }
    var residual = Scalar(0)
    for place in layers.indices {
      let (here, size) = (now[place].row(block.lowerBound), block.count * now[place].columns)
      residual = max(residual, Scalar.distance(here, next[place].row(block.lowerBound), size))
      guard now[place] !== phase.states[place] else { continue }
      phase.states[place].row(block.lowerBound).update(from: here, count: size)
      if phase.isComplex {
        phase.states[place].row(imaginary.lowerBound).update(from: now[place].row(imaginary.lowerBound), count: size)
      }
    }
    return residual
  }

  /// Currents from the layer below; those of the clamped input are the drive.
  private func couple(_ states: [Matrix<Scalar>], _ place: Int, _ rows: Range<Int>, into currents: Matrix<Scalar>) {
    guard place > 0 else { return }
    multiply(states[place - 1].rows(rows), layers[place].weight.value.transposed, into: currents.rows(rows))
  }

  /// Currents from the layer above.
  private func feedBack(_ states: [Matrix<Scalar>], _ place: Int, _ rows: Range<Int>, into currents: Matrix<Scalar>) {
    guard place + 1 < layers.count else { return }
    let weights = p.isTied ? layers[place + 1].weight.value : backward[place].value
    multiply(states[place + 1].rows(rows), weights.whole, into: currents.rows(rows), adding: true)
  }

  /// − β ∂loss/∂s of the last layer.
  private func nudge(
    _ phase: Equilibrium, _ phases: Phases, _ state: Matrix<Scalar>, _ currents: Matrix<Scalar>, _ block: Range<Int>,
    _ count: Int, _ sign: Double
  ) {
    let (a, b) = (Scalar(sign * phase.beta.real), Scalar(phase.beta.imaginary))
    guard a != 0 || b != 0 else { return }
    let (first, below, size) = (block.lowerBound, count + block.lowerBound, block.count * currents.columns)
    let pull = readout == nil ? phases.target.row(first) : phases.push.row(first)
    let factor: Scalar = readout == nil ? 1 : -1
    Scalar.add(size, factor * a, pull, to: currents.row(first))
    if phase.isComplex { Scalar.add(size, factor * b, pull, to: currents.row(below)) }
    guard readout == nil else { return }
    Scalar.add(size, -a, state.row(first), to: currents.row(first))
    guard phase.isComplex else { return }
    Scalar.add(size, b, state.row(below), to: currents.row(first))
    Scalar.add(size, -a, state.row(below), to: currents.row(below))
    Scalar.add(size, -b, state.row(first), to: currents.row(below))
  }
}
