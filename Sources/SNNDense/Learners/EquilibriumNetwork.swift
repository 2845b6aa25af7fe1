import Foundation
import SNNTraining

/// The network of ``EquilibriumPropagation``.
public struct EquilibriumNetwork<Scalar: DenseScalar>: DenseRule {
  let p: EquilibriumPropagation.Parameters
  let setup: LearnerSetup
  /// Into each layer from below.
  var layers: [DenseLayer<Scalar>]
  /// Into each layer but the last from above, upper × lower like the forward weights; empty when tied.
  var backward: [Trainable<Scalar>]
  /// The softmax readout of the last layer, for cross entropy.
  var readout: DenseLayer<Scalar>?
  var work = Workspace<Phases>()

  /// States of the layers, and what a batch needs besides.
  struct Phases {
    let input: Matrix<Scalar>
    /// Currents of the first layer: the input is clamped.
    let drive: Matrix<Scalar>
    let target: Matrix<Scalar>
    /// ∂loss/∂s_L at the free state (cross entropy).
    let push: Matrix<Scalar>
    let outputs: Matrix<Scalar>
    let free: Equilibrium
    let nudged: [Equilibrium]
    /// d s/dβ.
    let slopes: [Matrix<Scalar>]
  }
  /// The states of all layers under one nudge, and room for the next ones. Imaginary parts, if any, stand below the real ones.
  struct Equilibrium {
    let beta: (real: Double, imaginary: Double)
    /// The part that this nudge has in the derivative by β.
    let weight: (real: Double, imaginary: Double)
    let states: [Matrix<Scalar>]
    let next: [Matrix<Scalar>]
    var isComplex: Bool { beta.imaginary != 0 }
  }

  public init(_ p: EquilibriumPropagation.Parameters, _ setup: LearnerSetup) throws {
    try setup.requireStatic(EquilibriumPropagation.name)
    guard p.points == 1 || p.points % 2 == 0 else {
      throw TrainingError("\(p.points) nudges; the circle is cut into 1 or an even number", parameter: "points")
    }
    if p.points > 2, p.activation.logistic == nil {
      throw TrainingError(
        "\(p.activation.rawValue) has no complex derivative", hint: "use sigmoid, steep_sigmoid or tanh", parameter: "activation")
    }
    if p.sign == .random, p.points != 1 {
      throw TrainingError("a random sign is for one nudge", hint: "use \"points\": 1", parameter: "sign")
    }
    if p.isTied, p.angle != 0 || p.homeostasis != 0 {
      throw TrainingError(
        "tied weights are symmetric", hint: "use \"tied\": false", parameter: p.angle != 0 ? "angle" : "homeostasis")
    }
    let isClassified = p.loss == .crossEntropy
    guard !p.layers.isEmpty || !isClassified else {
      throw TrainingError("equilibrium_propagation needs a hidden layer", parameter: "layers")
    }
    (self.p, self.setup) = (p, setup)
    let sizes = [setup.features] + p.layers + (isClassified ? [] : [setup.classes])
    func weights(_ rows: Int, _ columns: Int, _ name: String) -> Matrix<Scalar> {
      .normal(rows, columns, deviation: p.gain / Double(columns).squareRoot(), seed: setup.seed, name: name)
    }
    layers = zip(sizes, sizes.dropFirst()).enumerated().map { place, size in
      DenseLayer(weight: weights(size.1, size.0, "layer\(place + 1)"))
    }
    backward = []
    if !p.isTied {
      // The forward weights turned by the angle, towards others of the same size.
      let (along, across) = (cos(p.angle * .pi / 180), sin(p.angle * .pi / 180))
      for place in layers.indices.dropFirst() {
        let forward = layers[place].weight.value
        let other = weights(forward.rows, forward.columns, "backward\(place)")
        Scalar.combine(Scalar(along), forward.start, Scalar(across), other.start, into: other.start, other.count)
        backward.append(Trainable(other))
      }
    }
    readout = isClassified ? DenseLayer(weight: weights(setup.classes, p.layers.last!, "readout")) : nil
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let phases = phases(batch.count)
    let count = batch.count
    let residual = relaxFreely(phases, batch)
    phases.outputs.start.update(from: outputs(phases, count).start, count: count * setup.classes)
    let result = takeDerivative(of: p.loss, phases.outputs, batch.labels)
    phases.target.fill(0)
    for (row, label) in batch.labels.enumerated() { phases.target[row, label] = 1 }
    if let readout {
      multiply(phases.outputs.rows(0..<count), readout.weight.value.whole, into: phases.push.rows(0..<count), on: setup.parallel)
      self.readout?.differentiate(
        phases.outputs.rows(0..<count), phases.free.states.last!.rows(0..<count), scale: 1 / Scalar(count), on: setup.parallel)
    }
    let sign = sign(moment)
    relaxNudged(phases, count, sign)
    differentiate(phases, count, sign)
    var measures = Measures()
    if p.homeostasis > 0 {
      measures.add("asymmetry", sum: keepSymmetric(moment), count: 1)
    }
    for place in layers.indices { layers[place].step(p.optimiser, at: moment, on: setup.parallel) }
    for place in backward.indices { backward[place].step(p.optimiser, at: moment, on: setup.parallel) }
    readout?.step(p.optimiser, at: moment, on: setup.parallel)
    measures.add("loss", sum: result.loss, count: count)
    measures.add("accuracy", sum: Double(result.correct), count: count)
    measures.add("residual", sum: residual, count: 1)
    return measures
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    let phases = phases(batch.count)
    _ = relaxFreely(phases, batch)
    return largest(outputs(phases, batch.count), batch.count)
  }

  /// What is compared with the labels at the free state.
  private func outputs(_ phases: Phases, _ count: Int) -> Matrix<Scalar> {
    guard let readout else { return phases.free.states.last! }
    readout.forward(phases.free.states.last!.rows(0..<count), into: phases.outputs, on: setup.parallel)
    return phases.outputs
  }

  /// The gradients of all layers, −d/dβ of the products of states.
  private mutating func differentiate(_ phases: Phases, _ count: Int, _ sign: Double) {
    let parallel = setup.parallel
    let terms = terms(phases, sign)
    for place in layers.indices {
      // d s/dβ of this layer.
      let slope = phases.slopes[place]
      let size = count * slope.columns
      elementwise(size, on: parallel) { piece in
        let from = piece.lowerBound
        (slope.start + from).update(repeating: 0, count: piece.count)
        for (states, weight, isComplex) in terms {
          let state = states[place].start
          Scalar.add(piece.count, Scalar(weight.real), state + from, to: slope.start + from)
          if isComplex { Scalar.add(piece.count, -Scalar(weight.imaginary), state + size + from, to: slope.start + from) }
        }
      }
    }
    let scale = -1 / Scalar(count)
    let rows = 0..<count
    layers[0].differentiate(phases.slopes[0].rows(rows), phases.input.rows(rows), scale: scale, on: parallel)
    for place in layers.indices.dropFirst() {
      let free = phases.free.states
      if p.isTied {
        contrast(place, terms, phases, count)
        if let bias = layers[place].bias { sumRows(phases.slopes[place].rows(rows), scale: scale, into: bias.gradient) }
      } else {
        layers[place].differentiate(phases.slopes[place].rows(rows), free[place - 1].rows(rows), scale: scale, on: parallel)
        multiply(
          free[place].rows(rows).transposed, phases.slopes[place - 1].rows(rows), into: backward[place - 1].gradient.whole,
          scale: scale, on: parallel)
      }
    }
  }

  /// The states that make up the derivative by β, each with its weight.
  private func terms(
    _ phases: Phases, _ sign: Double
  ) -> [(states: [Matrix<Scalar>], weight: (real: Double, imaginary: Double), isComplex: Bool)] {
    let nudged = phases.nudged.map { ($0.states, (sign * $0.weight.real, $0.weight.imaginary), $0.isComplex) }
    return p.points == 1 ? nudged + [(phases.free.states, (-sign / p.beta, 0), false)] : nudged
  }

  /// −Σ weight · s_l s_{l−1}ᵀ over the nudges, each from its own two states.
  private func contrast(
    _ place: Int, _ terms: [(states: [Matrix<Scalar>], weight: (real: Double, imaginary: Double), isComplex: Bool)],
    _ phases: Phases, _ count: Int
  ) {
    let gradient = layers[place].weight.gradient.whole
    let scale = -1 / Scalar(count)
    for (i, (states, weight, isComplex)) in terms.enumerated() {
      let (post, pre) = (states[place], states[place - 1])
      let real = Scalar(weight.real) * scale
      multiply(
        post.rows(0..<count).transposed, pre.rows(0..<count), into: gradient, scale: real, adding: i > 0, on: setup.parallel)
      guard isComplex else { continue }
      // Re (w (a + ib)(c + id)ᵀ) = Re w (acᵀ − bdᵀ) − Im w (adᵀ + bcᵀ)
      let below = count..<2 * count
      let imaginary = Scalar(weight.imaginary) * scale
      for (x, y, factor) in [
        (post.rows(below), pre.rows(below), -real), (post.rows(0..<count), pre.rows(below), -imaginary),
        (post.rows(below), pre.rows(0..<count), -imaginary),
      ] {
        multiply(x.transposed, y, into: gradient, scale: factor, adding: true, on: setup.parallel)
      }
    }
  }

  public mutating func archive(_ archive: inout Archive) throws {
    for place in layers.indices { try layers[place].archive(&archive, "layer\(place + 1)", p.optimiser) }
    for place in backward.indices { try backward[place].archive(&archive, "backward\(place + 1)", p.optimiser) }
    try readout?.archive(&archive, "readout", p.optimiser)
  }
}
