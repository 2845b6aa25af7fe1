import SNNTraining

extension Matrix {
  /// Takes over the inputs of a batch, as many rows as it has; batches of fewer samples leave the last rows alone.
  func load(_ batch: Batch) {
    batch.inputs.withUnsafeBufferPointer { inputs in
      precondition(inputs.count <= count)
      if let floats = start as? UnsafeMutablePointer<Float> {
        if let from = inputs.baseAddress { floats.update(from: from, count: inputs.count) }
      } else {
        for i in 0..<inputs.count { start[i] = Scalar(inputs[i]) }
      }
    }
  }
}

/// Matrices of a network for batches of up to `rows` samples, made anew when a larger batch comes.
struct Workspace<Contents> {
  private var contents: Contents?
  private var rows = 0

  mutating func take(_ rows: Int, _ make: (Int) -> Contents) -> Contents {
    if let contents, rows <= self.rows { return contents }
    let made = make(rows)
    contents = made
    self.rows = rows
    return made
  }
}

extension Workspace: Sendable where Contents: Sendable {}
