import SNNTraining

/// The connections of one layer to the next, all to all, and their learning: y = x Wᵀ + b for the rows x of a batch.
struct DenseLayer<Scalar: DenseScalar> {
  /// outputs × inputs.
  var weight: Trainable<Scalar>
  /// One row; nil for a layer without biases.
  var bias: Trainable<Scalar>?

  var inputs: Int { weight.value.columns }
  var outputs: Int { weight.value.rows }

  init(weight: Matrix<Scalar>, hasBias: Bool = true) {
    self.weight = Trainable(weight)
    bias = hasBias ? Trainable(Matrix(1, weight.rows)) : nil
  }

  /// y ← f(x Wᵀ + b), in as many rows as x has.
  func forward(_ x: MatrixPart<Scalar>, into y: Matrix<Scalar>, _ f: Activation = .identity, on parallel: Parallel) {
    multiply(x, weight.value.transposed, into: y.rows(0..<x.rows), on: parallel)
    let bias = bias?.value
    forRows(x.rows, y.columns, on: parallel) { rows in
      if let bias { Scalar.addBias(rows.count, y.columns, bias.start, to: y.row(rows.lowerBound)) }
      Scalar.activate(f, y.row(rows.lowerBound), rows.count * y.columns)
    }
  }

  /// The gradient of what `delta`, the derivative at the outputs, says of a batch: scale · deltaᵀ x, and scale · Σ delta of the
  /// biases (or `biasScale`, where their constant input of 1 is not what counts); or adds that to it.
  func differentiate(
    _ delta: MatrixPart<Scalar>, _ x: MatrixPart<Scalar>, scale: Scalar, biasScale: Scalar? = nil, adding: Bool = false,
    on parallel: Parallel
  ) {
    multiply(delta.transposed, x, into: weight.gradient.whole, scale: scale, adding: adding, on: parallel)
    guard let gradient = bias?.gradient else { return }
    sumRows(delta, scale: biasScale ?? scale, into: gradient, adding: adding)
  }

  mutating func step(
    _ optimiser: OptimiserParameters, at moment: Moment, includingBias: Bool = true, on parallel: Parallel
  ) {
    weight.step(optimiser, at: moment, on: parallel)
    if includingBias { bias?.step(optimiser, at: moment, decays: false, on: parallel) }
  }

  mutating func forget() {
    weight.forget()
    bias?.forget()
  }

  mutating func archive(_ archive: inout Archive, _ name: String, _ optimiser: OptimiserParameters) throws {
    try weight.archive(&archive, name + "/weight", optimiser)
    try bias?.archive(&archive, name + "/bias", optimiser)
  }
}

/// sum ← scale · Σ rows, in the order of the rows, or adds that to it.
func sumRows<Scalar>(_ part: MatrixPart<Scalar>, scale: Scalar, into sum: Matrix<Scalar>, adding: Bool = false) {
  if !adding { sum.fill(0) }
  for row in 0..<part.rows { Scalar.add(part.columns, scale, part.start + row * part.stride, to: sum.start) }
}

/// Runs `body` on pieces of a matrix's rows that have some 16,384 elements.
func forRows(_ rows: Int, _ columns: Int, on parallel: Parallel, _ body: @Sendable (Range<Int>) -> Void) {
  let pieces = cut(rows, into: (rows * columns + 16383) / 16384)
  guard pieces.count > 1 else { return body(0..<rows) }
  parallel.forEach(pieces.count) { body(pieces[$0]) }
}
