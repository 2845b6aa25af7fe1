import Foundation
import SNNTraining

/// Learned delays of a layer's connections in discrete time: each weight acts at several lags, about one delay.
///
///     W z[t] becomes Σ_n W g_n z[t − n],  n = 0 … taps − 1;   g_n = e^(−(n − d)²/(2 s²))/Σ,  s = σ + 0.27 steps
///     σ from taps/2 down to 0.23 over the first quarter of the training, by the same factor each step; in tests σ → 0: d rounded
///
/// Dilated convolution with learnable spacings: Hammouamri, Khalfaoui-Hassani & Masquelier (2024), arXiv:2306.17670.
struct DelayTaps<Scalar: DenseScalar> {
  /// d in steps: outputs × inputs.
  var delay: Trainable<Scalar>
  let count: Int
  /// s of the last ``spread(_:at:on:)``.
  private(set) var width = Scalar(1)
  /// g, W g and the derivatives with respect to it: one matrix like the weights for each lag, one below the other.
  private let shares, weights, derivatives: Matrix<Scalar>

  /// Delays are drawn uniformly from 0 to taps − 1.
  init(outputs: Int, inputs: Int, taps: Int, seed: UInt64, name: String) {
    let middle = Double(taps - 1) / 2
    let delays = Matrix<Scalar>.uniform(outputs, inputs, bound: middle, seed: seed, name: name, purpose: .delay)
    for i in 0..<delays.count { delays.start[i] += Scalar(middle) }
    delay = Trainable(delays)
    count = taps
    (shares, weights) = (Matrix(taps * outputs, inputs), Matrix(taps * outputs, inputs))
    derivatives = Matrix(taps * outputs, inputs)
  }

  /// σ + 0.27 at a part of the training.
  static func width(_ progress: Double, taps: Int) -> Double {
    let (first, last) = (max(Double(taps / 2), 0.23), 0.23)
    return first * pow(last / first, min(1, 4 * progress)) + 0.27
  }

  /// Spreads weights over the lags as at this moment of training, or without one puts each at its rounded delay.
  mutating func spread(_ weight: Matrix<Scalar>, at moment: Moment?, on parallel: Parallel) {
    if let moment { width = Scalar(Self.width(moment.progress, taps: count)) }
    let (delay, shares, weights, lags, width) = (delay.value, shares, weights, count, width)
    let isRounded = moment == nil
    elementwise(delay.count, on: parallel) { piece in
      let (from, size, stride) = (piece.lowerBound, piece.count, delay.count)
      if isRounded {
        Scalar.pick(delay.start + from, into: shares.start + from, size, lags: lags, stride: stride)
      } else {
        Scalar.spread(delay.start + from, into: shares.start + from, size, lags: lags, stride: stride, width: width)
      }
      Scalar.multiply(shares.start + from, weight.start + from, into: weights.start + from, size, lags: lags, stride: stride)
    }
  }

  /// W g_n.
  func weight(_ lag: Int) -> MatrixPart<Scalar> { weights.rows(lag * delay.value.rows..<(lag + 1) * delay.value.rows) }

  /// y[t] ← Σ_n W g_n x[t − n] for the `count` rows of each of `steps` steps.
  func forward(_ x: MatrixPart<Scalar>, into y: Matrix<Scalar>, _ count: Int, _ steps: Int, on parallel: Parallel) {
    for lag in 0..<min(self.count, steps) {
      multiply(
        x.rows(0..<(steps - lag) * count), weight(lag).transposed, into: y.rows(lag * count..<steps * count), adding: lag > 0,
        on: parallel)
    }
  }

  /// x[t] ← Σ_n (W g_n)ᵀ y[t + n]: derivatives with respect to the inputs from those with respect to the outputs.
  func back(_ y: Matrix<Scalar>, into x: Matrix<Scalar>, _ count: Int, _ steps: Int, on parallel: Parallel) {
    for lag in 0..<min(self.count, steps) {
      multiply(
        y.rows(lag * count..<steps * count), weight(lag), into: x.rows(0..<(steps - lag) * count), adding: lag > 0, on: parallel)
    }
  }

  /// The gradients with respect to weights and delays: scale · Σ over rows and steps.
  func differentiate(
    _ weight: Trainable<Scalar>, _ y: MatrixPart<Scalar>, _ x: MatrixPart<Scalar>, scale: Scalar, _ count: Int, _ steps: Int,
    on parallel: Parallel
  ) {
    let outputs = delay.value.rows
    for lag in 0..<min(self.count, steps) {
      multiply(
        y.rows(lag * count..<steps * count).transposed, x.rows(0..<(steps - lag) * count),
        into: derivatives.rows(lag * outputs..<(lag + 1) * outputs), scale: scale, on: parallel)
    }
    let (delay, shares, derivatives, lags, width) = (delay, shares, derivatives, min(self.count, steps), width)
    elementwise(delay.value.count, on: parallel) { piece in
      let from = piece.lowerBound
      Scalar.gather(
        derivatives.start + from, shares.start + from, weight.value.start + from, delay.value.start + from,
        intoWeights: weight.gradient.start + from, intoDelays: delay.gradient.start + from, piece.count, lags: lags,
        stride: delay.value.count, width: width)
    }
  }

  mutating func step(_ optimiser: OptimiserParameters, at moment: Moment, on parallel: Parallel) {
    delay.step(optimiser, at: moment, decays: false, on: parallel)
    delay.hold(within: 0...Scalar(count - 1))
  }

  mutating func archive(_ archive: inout Archive, _ name: String, _ optimiser: OptimiserParameters?) throws {
    if let optimiser { try delay.archive(&archive, name, optimiser) } else { try archive.matrix(name, delay.value) }
  }
}
