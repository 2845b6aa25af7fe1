import SNNTraining

/// What forward-forward learners see of a batch of `count` samples, each under its rows of one matrix: positive data, from row
/// `count` on negative and from row `2 count` on neutral data. Positive data carry the right label in their first features,
/// negative data a wrong one; hybrid data carry none, and their positive rows serve as neutral.
struct ContrastedSamples: Sendable {
  let negatives: ForwardForward.Negatives
  private let labels: LabelPixels
  private let seed: UInt64

  init(_ negatives: ForwardForward.Negatives, _ setup: LearnerSetup) throws {
    labels = try LabelPixels(setup)
    if negatives == .hybrid { try HybridImages.requireSquare(setup.features) }
    (self.negatives, seed) = (negatives, setup.seed)
  }

  /// The rows that a readout of the classes learns from.
  func neutral(_ count: Int) -> Range<Int> { negatives == .hybrid ? 0..<count : 2 * count..<3 * count }

  /// Fills all rows; wrong labels are uniform.
  func write<Scalar>(_ batch: Batch, at moment: Moment, into input: Matrix<Scalar>) {
    let count = batch.count
    input.load(batch)
    if negatives == .hybrid { return HybridImages.mix(input, count, batch.ids, moment, seed: seed) }
    for part in 1...2 { input.row(part * count).update(from: input.start, count: count * input.columns) }
    for row in 0..<count {
      labels.write(batch.labels[row], input.row(row))
      labels.write(nil, input.row(2 * count + row))
    }
    writeWrongLabels(batch, at: moment, into: input, nil)
  }

  /// Wrong labels for the negative rows, drawn by the probabilities of a row for each sample or, without them, uniformly.
  func writeWrongLabels<Scalar>(
    _ batch: Batch, at moment: Moment, into input: Matrix<Scalar>, _ probabilities: Matrix<Scalar>?
  ) {
    for (row, label) in batch.labels.enumerated() {
      let wrong = labels.wrong(label, batch.ids[row], moment, probabilities.map { UnsafePointer($0.row(row)) })
      labels.write(wrong, input.row(batch.count + row))
    }
  }

  /// The neutral form of samples whose class is asked for, in the first rows.
  func writeNeutral<Scalar>(_ batch: Batch, into input: Matrix<Scalar>) {
    input.load(batch)
    if negatives != .hybrid { for row in 0..<batch.count { labels.write(nil, input.row(row)) } }
  }

  /// The label under which each sample has most goodness. `present` takes the first rows through the network; it may change them.
  func labelOfMostGoodness<Scalar>(
    _ batch: Batch, in input: Matrix<Scalar>, present: () -> Void, goodness: (_ row: Int) -> Scalar
  ) -> [Int] {
    let sums = Matrix<Scalar>(batch.count, labels.classes)
    for label in 0..<labels.classes {
      input.load(batch)
      for row in 0..<batch.count { labels.write(label, input.row(row)) }
      present()
      for row in 0..<batch.count { sums[row, label] = goodness(row) }
    }
    return largest(sums, batch.count)
  }
}
