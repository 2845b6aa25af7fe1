import SNNTraining

/// What a neuron sends in a step.
enum SpikeForm: Sendable {
  case binary
  /// The surrogate's primitive: smooth neurons whose derivative is exact.
  case gradual
  /// relu(u), without a threshold: in one step, a unit of the rate networks.
  case rectified
}

/// Leaky integrate-and-fire neurons over the steps of a presentation, which finds them at rest, and how their spike counts depend
/// on weights:
///
///     u[t] = λ u[t−1] − θ z[t−1] + I[t]  (reset to zero: λ u[t−1] (1 − z[t−1]) + I[t]),   z[t] = 1 if u[t] ≥ θ,   n = Σ z[t]
///     I = W a:   ∂n_i/∂W_ij = Σ_t ψ(u_i[t]) ā_j[t],   ā[t] = λ ā[t−1] + a[t]   (surrogate × presynaptic trace, resets detached)
///
/// For a batch the same sum is taken backwards: with e = ∂loss/∂n, g[t] = e ψ(u[t]) + λ g[t+1], ∂loss/∂W = Σ_t g[t] a[t]ᵀ.
/// The rows of a matrix over time are the samples of the first step, then those of the second, and so on.
struct SpikingUnits<Scalar: DenseScalar>: Sendable {
  var steps: Int
  var leak: Scalar
  var threshold: Scalar
  var reset: SpikeReset
  var surrogate: Surrogate
  var scale: Scalar
  var form = SpikeForm.binary
  var isDetached = true

  /// One layer in one presentation of `rows` samples, or fewer.
  struct Course {
    /// Currents; of inputs that are held, those of one step.
    let drive: Matrix<Scalar>
    let u: Matrix<Scalar>
    let z: Matrix<Scalar>
    /// n.
    let counts: Matrix<Scalar>
    /// ∂loss/∂n.
    let push: Matrix<Scalar>
    /// ∂loss/∂I, of held inputs summed over the steps.
    let error: Matrix<Scalar>
    /// What the next layer gets; empty for the last.
    let passed: Matrix<Scalar>

    init(_ rows: Int, _ size: Int, steps: Int, isHeld: Bool, isLast: Bool) {
      drive = Matrix(isHeld ? rows : rows * steps, size)
      u = Matrix(rows * steps, size)
      z = Matrix(rows * steps, size)
      counts = Matrix(rows, size)
      push = Matrix(rows, size)
      error = Matrix(isHeld ? rows : rows * steps, size)
      passed = isLast ? Matrix(0, 0) : Matrix(rows * steps, size)
    }
  }

  /// Potentials, spikes and their counts from the currents.
  func run(_ course: Course, _ rows: Int, isHeld: Bool, on parallel: Parallel) {
    let units = rows * course.u.columns
    elementwise(units, on: parallel) { piece in
      let (from, size) = (piece.lowerBound, piece.count)
      let rest = Matrix<Scalar>(1, size)
      let counts = course.counts.start + from
      counts.update(repeating: 0, count: size)
      for t in 0..<steps {
        let (u, z) = (course.u.start + t * units + from, course.z.start + t * units + from)
        let drive = course.drive.start + (isHeld ? 0 : t * units) + from
        Scalar.charge(
          t > 0 ? u - units : rest.start, t > 0 ? z - units : rest.start, drive, into: u, size, leak: leak,
          threshold: threshold, reset)
        send(u, into: z, size)
        Scalar.decay(counts, by: 1, adding: z, size)
      }
    }
  }

  /// The derivatives at the currents from those at the counts.
  func back(_ course: Course, _ rows: Int, isHeld: Bool, on parallel: Parallel) {
    let units = rows * course.u.columns
    elementwise(units, on: parallel) { piece in
      let (from, size) = (piece.lowerBound, piece.count)
      let slope = Matrix<Scalar>(1, size)
      // g[t + 1], then g[t]: zero after the last step.
      let error = Matrix<Scalar>(1, size)
      for t in stride(from: steps - 1, through: 0, by: -1) {
        let (u, z) = (course.u.start + t * units + from, course.z.start + t * units + from)
        differentiate(u, z, into: slope.start, size)
        Scalar.back(
          course.push.start + from, slope.start, error.start, u, z, into: error.start, size, leak: leak, threshold: threshold,
          reset, isDetached: isDetached)
        let place = course.error.start + (isHeld ? 0 : t * units) + from
        Scalar.decay(place, by: isHeld && t < steps - 1 ? 1 : 0, adding: error.start, size)
      }
    }
  }

  /// Spikes times steps/√mean(n²): currents whose mean over time is the direction of n and hides its length.
  func pass(_ course: Course, _ rows: Int, on parallel: Parallel) {
    let size = course.counts.columns
    forRows(rows, size * steps, on: parallel) { range in
      for row in range {
        let n = course.counts.row(row)
        let factor = Scalar(steps) / ((Scalar.dot(size, n, n) / Scalar(size)).squareRoot() + Scalar(1e-8))
        for t in 0..<steps {
          let z = course.z.row(t * rows + row)
          Scalar.combine(factor, z, 0, z, into: course.passed.row(t * rows + row), size)
        }
      }
    }
  }

  private func send(_ u: UnsafePointer<Scalar>, into z: UnsafeMutablePointer<Scalar>, _ count: Int) {
    switch form {
    case .binary: Scalar.spike(u, into: z, count, threshold: threshold)
    case .gradual: Scalar.spikeGradually(u, into: z, count, threshold: threshold, surrogate, scale: scale)
    case .rectified:
      z.update(from: u, count: count)
      Scalar.activate(.relu, z, count)
    }
  }

  private func differentiate(
    _ u: UnsafePointer<Scalar>, _ z: UnsafePointer<Scalar>, into slope: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    switch form {
    case .binary, .gradual: Scalar.surrogate(surrogate, u, into: slope, count, threshold: threshold, scale: scale)
    case .rectified:
      slope.update(repeating: 1, count: count)
      Scalar.multiplyBySlope(.relu, of: z, slope, count)
    }
  }
}
