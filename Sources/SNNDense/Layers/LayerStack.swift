import SNNTraining

/// The layers of a network that learn by gradients, one optimiser for all, and what protects earlier tasks.
struct LayerStack<Scalar: DenseScalar> {
  var layers: [DenseLayer<Scalar>]
  let optimiser: OptimiserParameters
  var projection: HebbianProjection<Scalar>?
  let parallel: Parallel

  /// Layers of these sizes, from the inputs to the outputs; weights are normal with variance gain²/inputs, biases 0.
  init(
    sizes: [Int], gain: Double, hasBias: Bool = true, _ optimiser: OptimiserParameters, _ projection: ProjectionParameters,
    _ setup: LearnerSetup
  ) throws {
    layers = zip(sizes, sizes.dropFirst()).enumerated().map { place, size in
      DenseLayer(
        weight: .normal(
          size.1, size.0, deviation: gain / Double(size.0).squareRoot(), seed: setup.seed, name: "layer\(place + 1)"),
        hasBias: hasBias)
    }
    self.optimiser = optimiser
    self.projection = try HebbianProjection(projection, inputs: Array(sizes.dropLast()), setup)
    parallel = setup.parallel
  }

  /// Units of each layer, inputs included.
  var sizes: [Int] { [layers[0].inputs] + layers.map(\.outputs) }

  /// Changes layer `place` along deltaᵀ x · scale, where `delta` is the derivative of the loss at its outputs and `x` its input;
  /// `presynaptic` is what its lateral neurons learn from, if not x.
  mutating func learn(
    _ place: Int, _ delta: MatrixPart<Scalar>, _ x: MatrixPart<Scalar>, scale: Scalar, at moment: Moment,
    presynaptic: MatrixPart<Scalar>? = nil
  ) {
    layers[place].differentiate(delta, x, scale: scale, on: parallel)
    learn(place, presynaptic: presynaptic ?? x, at: moment)
  }

  /// The same with the gradient already there.
  mutating func learn(_ place: Int, presynaptic: MatrixPart<Scalar>, at moment: Moment) {
    projection?.project(layers[place].weight.gradient, place)
    layers[place].step(optimiser, at: moment, includingBias: projection?.isProtecting != true, on: parallel)
    projection?.learn(place, presynaptic)
  }

  mutating func beginTask(_ task: Int) { projection?.beginTask(task) }
  /// A velocity that outlived its task would change weights in directions that the next one protects.
  mutating func endTask(_ task: Int) {
    guard projection != nil else { return }
    projection?.endTask()
    for place in layers.indices { layers[place].forget() }
  }

  mutating func archive(_ archive: inout Archive) throws {
    for place in layers.indices { try layers[place].archive(&archive, "layer\(place + 1)", optimiser) }
    try projection?.archive(&archive)
  }
}

/// Puts the derivative of a loss in the place of each row of `outputs`. `correct` counts the labels that had the largest output.
func takeDerivative<Scalar>(
  of loss: Loss, _ outputs: Matrix<Scalar>, _ labels: [Int]
) -> (loss: Double, correct: Int) {
  var sum = 0.0
  var correct = 0
  for (row, label) in labels.enumerated() {
    let x = outputs.row(row)
    if Scalar.largest(x, outputs.columns) == label { correct += 1 }
    sum += Scalar.differentiate(loss, x, outputs.columns, label: label)
  }
  return (sum, correct)
}

/// The place of the largest value in each of the first rows.
func largest<Scalar>(_ outputs: Matrix<Scalar>, _ rows: Int) -> [Int] {
  (0..<rows).map { Scalar.largest(outputs.row($0), outputs.columns) }
}
