import SNNSignals

/// Encoders one behind the other.
public struct Encoding: Sendable {
  public private(set) var encoders: [any Encoder]

  /// Numbers of the largest sample: a batch of a hundred is 27 GB of them.
  static let mostValues = 1 << 26

  public init(_ encoders: [any Encoder] = []) { self.encoders = encoders }

  /// The shapes that come to each encoder, and behind them the one that comes out.
  /// - Throws: `TrainingError` when an encoder can't take what comes to it, or one that runs once stands behind one that doesn't.
  func shapes(of shape: SampleShape) throws -> [SampleShape] {
    if let first = encoders.firstIndex(where: { !type(of: $0).runsOnce }),
      let late = encoders[first...].first(where: { type(of: $0).runsOnce })
    {
      throw TrainingError(
        "the encoder \"\(type(of: late).name)\" must stand before those that run at each batch", parameter: "encoder")
    }
    var shapes = [shape]
    for encoder in encoders {
      let next = try encoder.shape(of: shapes[shapes.count - 1])
      if case .frames(let steps, let features) = next, Double(steps) * Double(features) > Double(Self.mostValues) {
        throw TrainingError("\(next) are more than \(Self.mostValues) values", parameter: "encoder")
      }
      shapes.append(next)
    }
    return shapes
  }

  /// What a learner gets when samples of this shape go in: frames, or events where it takes them.
  /// - Throws: `TrainingError` when an encoder can't take what comes to it, or the learner can't take what comes out.
  public func output(of shape: SampleShape, toEvents takesEvents: Bool) throws -> SampleShape {
    let last = try shapes(of: shape)[encoders.count]
    let hint: String
    switch last {
    case .frames where !takesEvents: return last
    case .events where takesEvents: return last
    case .frames: hint = "{\"type\": \"times\"} turns the spikes of steps into events"
    case .events: hint = "{\"type\": \"bins\", \"steps\": …} counts events in steps"
    case .wave: hint = "{\"type\": \"filter_bank\"} turns sound into frames"
    }
    throw TrainingError("the learner can't take \(last)", hint: hint, parameter: "encoder")
  }

  /// Fits the encoders that run once to the samples of the first set's file and applies them to all sets, before any permutation;
  /// they stand first. Returns what is left to be done at each batch.
  public func prepared(_ sets: [Dataset], _ parallel: Parallel) throws -> (encoding: Encoding, sets: [Dataset]) {
    // Sets of one file, such as tasks, share what comes out.
    var files: [String: Dataset] = [:]
    for (name, parts) in Dictionary(grouping: sets, by: \.name) {
      files[name] = Dataset(name: name, parts[0].samples, ids: Set(parts.flatMap(\.ids)).sorted())
    }
    var rest = encoders[...]
    while var encoder = rest.first, type(of: encoder).runsOnce, let training = files[sets[0].name] {
      encoder.fit(training)
      files = try files.mapValues { try $0.encoded(by: encoder, parallel) }
      rest.removeFirst()
    }
    return (Encoding(Array(rest)), sets.map { $0.replacing(files[$0.name]?.samples ?? $0.samples) })
  }

  /// The draws of a data set in one round, for each encoder; those of sample 0.
  func draws(seed: UInt64, of data: String, round: Int) -> [SampleDraws] {
    encoders.indices.map { place in
      SampleDraws(
        stream: RandomStream(seed: seed, purpose: .encoding, entity: entityHash("\(data)/\(place)")), id: 0, round: UInt64(round))
    }
  }

  /// Encodes the sample at place `id` of its file.
  func encode(_ sample: Sample, id: Int, _ draws: [SampleDraws], of shapes: [SampleShape]) -> Sample {
    var sample = sample
    for (place, encoder) in encoders.enumerated() {
      let draw = SampleDraws(stream: draws[place].stream, id: UInt64(id), round: draws[place].round)
      sample = encoder.encode(sample, of: shapes[place], draw)
    }
    return sample
  }
}

extension Dataset {
  /// All its samples encoded, as numbers; those of the file that don't belong to it are left out.
  func encoded(by encoder: any Encoder, _ parallel: Parallel) throws -> Dataset {
    let input = shape
    guard case .frames(let steps, let features) = try encoder.shape(of: input) else {
      preconditionFailure("an encoder that runs once makes frames")
    }
    let none = SampleDraws(stream: RandomStream(seed: 0, purpose: .encoding, entity: 0), id: 0, round: 0)
    var values = [Float](repeating: 0, count: samples.count * steps * features)
    values.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let places = buffer
      parallel.forEach(ids.count) { i in
        guard case .frames(let frames) = encoder.encode(sample(ids[i]), of: input, none) else { return }
        let start = ids[i] * steps * features
        for (k, value) in frames.values.enumerated() { places[start + k] = value }
      }
    }
    let encoded = LabelledSamples(
      .values(values), steps: steps, features: features, labels: samples.labels, classNames: samples.classNames)
    return Dataset(name: name, encoded, ids: ids)
  }
}
