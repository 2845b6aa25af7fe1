import SNNTraining

/// A matrix that learns, its gradient and what the optimiser remembers of it.
struct Trainable<Scalar: DenseScalar> {
  let value: Matrix<Scalar>
  let gradient: Matrix<Scalar>
  /// The velocity (sgd) or the running mean (adam) of the gradient; empty as long as the optimiser needs none.
  private var first: Matrix<Scalar>
  /// The running mean of the squared gradient (adam).
  private var second: Matrix<Scalar>
  /// Steps of adam so far.
  private var steps = 0

  init(_ value: Matrix<Scalar>) {
    self.value = value
    gradient = Matrix(value.rows, value.columns)
    first = Matrix(0, 0)
    second = Matrix(0, 0)
  }

  /// One step against the gradient.
  mutating func step(_ optimiser: OptimiserParameters, at moment: Moment, decays: Bool = true, on parallel: Parallel) {
    let rate = optimiser.rate(moment.progress)
    let decay = decays ? optimiser.decay : 0
    remember(optimiser)
    let (value, gradient, first, second) = (value, gradient, first, second)
    switch optimiser.kind {
    case .sgd:
      let (rate, momentum, decay) = (Scalar(rate), Scalar(optimiser.momentum), Scalar(decay))
      elementwise(value.count, on: parallel) { piece in
        let (from, count) = (piece.lowerBound, piece.count)
        if momentum == 0 {
          Scalar.descend(value.start + from, gradient.start + from, count, rate: rate, decay: decay)
        } else {
          Scalar.descend(
            value.start + from, gradient.start + from, first.start + from, count, rate: rate, momentum: momentum, decay: decay)
        }
      }
    case .adam:
      steps += 1
      // η √(1 − β₂ᵗ)/(1 − β₁ᵗ) and ε √(1 − β₂ᵗ): the corrections of the two running means.
      let correction = (1 - power(0.999, steps)).squareRoot()
      let stepSize = Scalar(rate * correction / (1 - power(0.9, steps)))
      let epsilon = Scalar(1e-8 * correction)
      let shrink = Scalar(1 - rate * decay)
      elementwise(value.count, on: parallel) { piece in
        let (from, count) = (piece.lowerBound, piece.count)
        Scalar.adapt(
          value.start + from, gradient.start + from, first.start + from, second.start + from, count, beta1: 0.9, beta2: 0.999,
          rate: stepSize, shrink: shrink, epsilon: epsilon)
      }
    }
  }

  /// Holds all values within bounds. One that has left them loses its velocity, which would go on pushing.
  func hold(within bounds: ClosedRange<Scalar>) {
    for i in 0..<value.count where !bounds.contains(value.start[i]) {
      value.start[i] = min(max(value.start[i], bounds.lowerBound), bounds.upperBound)
      if first.count > 0 { first.start[i] = 0 }
    }
  }

  /// Forgets earlier gradients: what a new task begins with.
  mutating func forget() {
    first = Matrix(0, 0)
    second = Matrix(0, 0)
    steps = 0
  }

  private mutating func remember(_ optimiser: OptimiserParameters) {
    let needsFirst = optimiser.kind == .adam || optimiser.momentum != 0
    if needsFirst, first.count != value.count { first = Matrix(value.rows, value.columns) }
    if optimiser.kind == .adam, second.count != value.count { second = Matrix(value.rows, value.columns) }
  }

  mutating func archive(_ archive: inout Archive, _ name: String, _ optimiser: OptimiserParameters) throws {
    remember(optimiser)
    try archive.matrix(name, value)
    if first.count > 0 { try archive.matrix(name + "/first_moment", first) }
    if second.count > 0 {
      try archive.matrix(name + "/second_moment", second)
      try archive.number(name + "/steps", &steps)
    }
  }
}

/// xⁿ.
private func power(_ x: Double, _ n: Int) -> Double {
  var (result, base, n) = (1.0, x, n)
  while n > 0 {
    if n & 1 == 1 { result *= base }
    base *= base
    n >>= 1
  }
  return result
}
