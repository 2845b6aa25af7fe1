import SNNSignals
import SNNTraining

/// Forward in time: a step is over when its gradient has been added, so that memory does not depend on the number of steps.
extension SurrogateGradientNetwork {
  /// One layer at one step.
  struct Instant {
    /// Two potentials and two rows of spikes, of this step and the one before by turns.
    let u: [Matrix<Scalar>]
    let z: [Matrix<Scalar>]
    /// The current; of the first layer, it stays for static samples.
    let drive: Matrix<Scalar>
    /// Derivatives at the spikes, then at the potentials.
    let error: Matrix<Scalar>
    let slope: Matrix<Scalar>
    /// What the layer above learns with (ottt).
    let trace: Matrix<Scalar>
    /// Derivatives summed over steps (first layer, static samples).
    let sum: Matrix<Scalar>
    let synapse: Matrix<Scalar>
  }

  private mutating func takeInstants(_ batch: Batch) -> [Instant] {
    let (sizes, outputs) = (p.layers, setup.classes)
    let (hasTraces, sums) = (p.method == .ottt, batch.steps == 1)
    let synapses = p.synapticLeak > 0
    let instants = moments.take(batch.count) { rows in
      (sizes + [outputs]).enumerated().map { place, size in
        Instant(
          u: [Matrix(rows, size), Matrix(rows, size)], z: [Matrix(rows, size), Matrix(rows, size)], drive: Matrix(rows, size),
          error: Matrix(rows, size), slope: Matrix(rows, size), trace: hasTraces ? Matrix(rows, size) : Matrix(0, 0),
          sum: sums && place == 0 || place == sizes.count ? Matrix(rows, size) : Matrix(0, 0),
          synapse: synapses ? Matrix(rows, size) : Matrix(0, 0))
      }
    }
    for instant in instants {
      for matrix in instant.u + instant.z + [instant.trace, instant.sum, instant.synapse] { matrix.fill(0) }
    }
    return instants
  }

  /// One step of all hidden layers and the outputs; returns the number of spikes.
  private func advance(_ instants: [Instant], _ x: MatrixPart<Scalar>, _ t: Int, isStatic: Bool, countsSpikes: Bool) -> Double {
    var spikes = 0.0
    let count = x.rows
    var below = x
    for (place, layer) in stack.layers.enumerated() {
      let now = instants[place]
      if place > 0 || t == 0 || !isStatic { layer.forward(below, into: now.drive, on: setup.parallel) }
      guard place < p.layers.count else { break }
      let (u, z) = (now.u[t & 1], now.z[t & 1])
      elementwise(count * u.columns, on: setup.parallel) {
        let from = $0.lowerBound
        var input = now.drive.start + from
        if p.synapticLeak > 0 {
          Scalar.decay(now.synapse.start + from, by: Scalar(p.synapticLeak), adding: input, $0.count)
          input = now.synapse.start + from
        }
        Scalar.charge(
          now.u[1 - t & 1].start + from, now.z[1 - t & 1].start + from, input, into: u.start + from, $0.count,
          leak: Scalar(p.leak), threshold: Scalar(p.threshold), p.reset)
        spike(u.start + from, into: z.start + from, $0.count)
        if now.trace.count > 0 {
          Scalar.decay(now.trace.start + from, by: Scalar(p.leak), adding: z.start + from, $0.count)
        }
      }
      if countsSpikes { spikes += Double(Scalar.dot(count * z.columns, z.start, z.start)) }
      below = z.rows(0..<count)
    }
    return spikes
  }

  /// The sum of the outputs over all steps.
  mutating func outputs(_ batch: Batch) -> Matrix<Scalar> {
    let (instants, x) = (takeInstants(batch), input(batch))
    let sum = instants.last!.sum
    for t in 0..<steps(batch) {
      let from = batch.steps > 1 ? t * batch.count : 0
      _ = advance(instants, x.rows(from..<from + batch.count), t, isStatic: batch.steps == 1, countsSpikes: false)
      Scalar.add(batch.count * setup.classes, 1, instants.last!.drive.start, to: sum.start)
    }
    return sum
  }

  mutating func learnForwardInTime(_ batch: Batch, at moment: Moment) -> Measures {
    let (instants, x, steps) = (takeInstants(batch), input(batch), steps(batch))
    let (rows, last) = (0..<batch.count, p.layers.count)
    let scale = 1 / Scalar(batch.count * steps)
    let chosen = chosenSteps(steps, moment)
    var (loss, spikes, isFirst) = (0.0, 0.0, true)
    var traceOfInput = Scalar(0)
    let inputTrace = p.method == .ottt && batch.steps > 1 ? Matrix<Scalar>(batch.count, batch.features) : nil
    for t in 0..<steps {
      let now = x.rows(batch.steps > 1 ? t * batch.count..<(t + 1) * batch.count : rows)
      spikes += advance(instants, now, t, isStatic: batch.steps == 1, countsSpikes: true)
      traceOfInput = p.method == .ottt ? Scalar(p.leak) * traceOfInput + 1 : 1
      if let inputTrace {
        Scalar.decay(inputTrace.start, by: Scalar(p.leak), adding: now.start, inputTrace.count)
      }
      let output = instants[last].drive
      Scalar.add(batch.count * setup.classes, 1, output.start, to: instants[last].sum.start)
      let result = takeDerivative(of: p.loss, output, batch.labels)
      loss += result.loss
      guard chosen?.contains(t) != false else { continue }
      var above = output
      for place in stride(from: last, through: 0, by: -1) {
        let input: MatrixPart<Scalar>
        if place == 0 {
          input = inputTrace?.rows(rows) ?? now
        } else {
          let below = instants[place - 1]
          // The outputs have no memory, so their weights learn from spikes.
          input = (p.method == .ottt && place < last ? below.trace : below.z[t & 1]).rows(rows)
          multiply(above.rows(rows), stack.layers[place].weight.value.whole, into: below.error.rows(rows), on: setup.parallel)
          multiplyBySurrogate(below, t, batch.count)
        }
        if place == 0, batch.steps == 1 {
          Scalar.add(batch.count * above.columns, traceOfInput, above.start, to: instants[0].sum.start)
        } else {
          // A bias has the constant input 1, whose trace is that of a static input.
          stack.layers[place].differentiate(
            above.rows(rows), input, scale: scale, biasScale: place < last ? scale * traceOfInput : scale, adding: !isFirst,
            on: setup.parallel)
        }
        if place > 0 { above = instants[place - 1].error }
      }
      isFirst = false
    }
    if batch.steps == 1 {
      stack.layers[0].differentiate(instants[0].sum.rows(rows), x.rows(rows), scale: scale, on: setup.parallel)
    }
    for place in 0...last {
      // Lateral neurons see the last step, which the trace carries the others in.
      let presynaptic =
        place == 0
        ? x.rows((batch.steps - 1) * batch.count..<batch.steps * batch.count)
        : (p.method == .ottt ? instants[place - 1].trace : instants[place - 1].z[(steps - 1) & 1]).rows(rows)
      stack.learn(place, presynaptic: presynaptic, at: moment)
    }
    let answers = largest(instants[last].sum, batch.count)
    let correct = zip(answers, batch.labels).count { $0 == $1 }
    return measures(loss: loss / Double(steps), correct: correct, spikes: spikes, batch)
  }

  private func multiplyBySurrogate(_ layer: Instant, _ t: Int, _ count: Int) {
    elementwise(count * layer.error.columns, on: setup.parallel) {
      let from = $0.lowerBound
      Scalar.surrogate(
        p.surrogate, layer.u[t & 1].start + from, into: layer.slope.start + from, $0.count, threshold: Scalar(p.threshold),
        scale: Scalar(p.scale))
      Scalar.multiply(layer.slope.start + from, into: layer.error.start + from, $0.count)
    }
  }

  /// The steps that sltt goes back at, drawn without replacement; nil: all.
  private func chosenSteps(_ steps: Int, _ moment: Moment) -> Set<Int>? {
    guard p.gradientSteps > 0 else { return nil }
    let stream = RandomStream(seed: setup.seed, purpose: .learning, entity: entityHash("gradient steps"))
    var left = Array(0..<steps)
    var chosen: Set<Int> = []
    for draw in 0..<p.gradientSteps {
      let u = stream.uniform(index: UInt64(moment.step), draw: UInt64(draw))
      chosen.insert(left.remove(at: Int(u * Double(left.count))))
    }
    return chosen
  }
}
