import SNNSignals

/// Makes batches of encoded samples.
public struct BatchMaker: Sendable {
  public let encoding: Encoding
  public let seed: UInt64
  public let parallel: Parallel
  private let shapes: [SampleShape]

  /// - Throws: `TrainingError` when the encoders can't take samples of this shape.
  public init(_ encoding: Encoding, of shape: SampleShape, seed: UInt64, parallel: Parallel) throws {
    shapes = try encoding.shapes(of: shape)
    self.encoding = encoding
    self.seed = seed
    self.parallel = parallel
  }

  /// Samples that one task encodes.
  private static let piece = 8

  /// - Parameters:
  ///   - ids: Places of the samples in their file.
  ///   - round: The epoch while learning, so that each has draws of its own; 0 in tests, which are then comparable.
  public func batch(_ data: Dataset, ids: ArraySlice<Int>, round: Int) -> Batch {
    let ids = Array(ids)
    let labels = ids.map { data.samples.labels[$0] }
    switch shapes[shapes.count - 1] {
    case .frames(let steps, let features):
      let inputs = frames(data, ids, round, steps, features)
      return Batch(inputs: inputs, count: ids.count, steps: steps, features: features, labels: labels, ids: ids)
    case .events(let channels):
      var batch = Batch(inputs: [], count: ids.count, steps: 0, features: channels, labels: labels, ids: ids)
      batch.events = events(data, ids, round)
      return batch
    case .wave: preconditionFailure("no learner takes sound")
    }
  }

  private func frames(_ data: Dataset, _ ids: [Int], _ round: Int, _ steps: Int, _ features: Int) -> [Float] {
    let count = ids.count
    var inputs = [Float](repeating: 0, count: count * steps * features)
    inputs.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let places = buffer
      forEach(data, ids, round) { i, sample in
        guard case .frames(let frames) = sample else { return }
        frames.values.withUnsafeBufferPointer { values in
          for step in 0..<steps {
            let target = places.baseAddress! + (step * count + i) * features
            target.update(from: values.baseAddress! + step * features, count: features)
          }
        }
      }
    }
    return inputs
  }

  private func events(_ data: Dataset, _ ids: [Int], _ round: Int) -> [[SampleEvent]] {
    var lists = [[SampleEvent]](repeating: [], count: ids.count)
    lists.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let places = buffer
      forEach(data, ids, round) { i, sample in
        if case .events(let events) = sample { places[i] = events }
      }
    }
    return lists
  }

  /// Encodes samples and hands each over with its place in the batch.
  private func forEach(_ data: Dataset, _ ids: [Int], _ round: Int, _ body: @Sendable (Int, Sample) -> Void) {
    let draws = encoding.draws(seed: seed, of: data.name, round: round)
    parallel.forEach((ids.count + Self.piece - 1) / Self.piece) { piece in
      for i in piece * Self.piece..<min(ids.count, (piece + 1) * Self.piece) {
        body(i, encoding.encode(data.sample(ids[i]), id: ids[i], draws, of: shapes))
      }
    }
  }

  /// The places of a set's samples in the order of an epoch.
  public func order(of data: Dataset, epoch: Int) -> [Int] {
    randomOrder(
      of: data.count, seed: seed, purpose: .batchOrder, entity: entityHash(data.name), draw: UInt64(epoch)
    ).map { data.ids[$0] }
  }
}
