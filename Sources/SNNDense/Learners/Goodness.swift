import Foundation

/// What a layer's goodness G says of a sample, and what that costs: p = σ(excess) is its belief that the data are positive.
struct GoodnessVerdict<Scalar: DenseScalar> {
  /// ∂loss/∂excess = p − t, with t = 1 for positive and 0 for negative data.
  let slope: Scalar
  /// −ln p for positive, −ln(1 − p) for negative data.
  let loss: Scalar
  let isRight: Bool

  /// - Parameter excess: of the goodness over its threshold, G − θ.
  init(excess: Scalar, isPositive: Bool) {
    let probability = 1 / (1 + Scalar.exponential(-excess))
    slope = probability - (isPositive ? 1 : 0)
    // ln(1 + e^x), x = −excess for positive, excess for negative data.
    let x = Double(isPositive ? -excess : excess)
    loss = Scalar(max(x, 0) + log1p(exp(-abs(x))))
    isRight = (excess > 0) == isPositive
  }
}
