import SNNSignals

/// Initial weights. A weight's number depends on the seed, the name of its matrix and its place there only.
extension Matrix {
  /// Normal numbers of mean 0.
  static func normal(_ rows: Int, _ columns: Int, deviation: Double, seed: UInt64, name: String) -> Matrix {
    let matrix = Matrix(rows, columns)
    let stream = RandomStream(seed: seed, purpose: .weight, entity: entityHash(name))
    for i in 0..<matrix.count { matrix.start[i] = Scalar(deviation * stream.normal(index: UInt64(i), draw: 0)) }
    return matrix
  }

  /// Uniform numbers between −bound and bound.
  static func uniform(
    _ rows: Int, _ columns: Int, bound: Double, seed: UInt64, name: String, purpose: RandomPurpose = .weight
  ) -> Matrix {
    let matrix = Matrix(rows, columns)
    let stream = RandomStream(seed: seed, purpose: purpose, entity: entityHash(name))
    for i in 0..<matrix.count {
      matrix.start[i] = Scalar(bound * (2 * stream.uniform(index: UInt64(i), draw: 0) - 1))
    }
    return matrix
  }
}
