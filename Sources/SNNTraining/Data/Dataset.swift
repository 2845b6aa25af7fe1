import SNNSignals

/// Labelled samples under the name they have in the network file, or a part of them.
public struct Dataset: Sendable {
  public let name: String
  public private(set) var samples: LabelledSamples
  /// Which samples belong to it, by their places in the file: the entities of random draws.
  public private(set) var ids: [Int]
  /// Where each value of a step is taken from; nil for their own places.
  public private(set) var permutation: [Int]?
  private var order: (number: Int, seed: UInt64)?

  public init(name: String, _ samples: LabelledSamples, ids: [Int]? = nil) {
    self.name = name
    self.samples = samples
    self.ids = ids ?? Array(0..<samples.count)
  }

  public var count: Int { ids.count }
  public var classes: Int { samples.classes }

  /// Its samples of these classes only.
  public func keeping(classes: [Int]) -> Dataset {
    var part = self
    part.ids = ids.filter { classes.contains(samples.labels[$0]) }
    return part
  }

  /// Its first samples.
  public func first(_ count: Int) -> Dataset {
    var part = self
    part.ids = Array(ids.prefix(count))
    return part
  }

  /// With the values of each step, or the channels of its events, in an order drawn by Philox; 0 is their own.
  public func permuted(_ number: Int, seed: UInt64) -> Dataset {
    guard number > 0 else { return self }
    var copy = self
    copy.order = (number, seed)
    // Of the number alone, not of the set's name: training and test samples are permuted alike.
    copy.permutation = randomOrder(of: samples.features, seed: seed, purpose: .taskOrder, entity: 0, draw: UInt64(number))
    return copy
  }

  /// The same samples in another form, permuted like these.
  func replacing(_ samples: LabelledSamples) -> Dataset {
    var copy = self
    copy.samples = samples
    return order.map { copy.permuted($0.number, seed: $0.seed) } ?? copy
  }

  /// The shape that all its samples have.
  public var shape: SampleShape {
    switch samples.content {
    case .bytes, .values: .frames(steps: samples.steps, features: samples.features)
    case .events: .events(channels: samples.features)
    case .waves(_, let rate): .wave(rate: rate)
    }
  }

  /// The sample at a place of the file.
  public func sample(_ id: Int) -> Sample {
    switch samples.content {
    case .bytes(let bytes, let scale): frames(id) { Float(bytes[$0]) * scale }
    case .values(let values): frames(id) { values[$0] }
    case .events(let lists): .events(permuted(lists[id]))
    case .waves(let waves, _): .wave(waves[id])
    }
  }

  private func frames(_ id: Int, _ value: (Int) -> Float) -> Sample {
    let (steps, features) = (samples.steps, samples.features)
    let start = id * steps * features
    guard let permutation else {
      return .frames(Frames((start..<start + steps * features).map(value), steps: steps, features: features))
    }
    let values = (0..<steps).flatMap { step in permutation.map { value(start + step * features + $0) } }
    return .frames(Frames(values, steps: steps, features: features))
  }

  private func permuted(_ events: [SampleEvent]) -> [SampleEvent] {
    guard let permutation else { return events }
    var place = [UInt32](repeating: 0, count: permutation.count)
    for (new, old) in permutation.enumerated() { place[old] = UInt32(new) }
    return events.map { SampleEvent(time: $0.time, channel: place[Int($0.channel)]) }
  }
}

/// 0 … count − 1 in an order that depends on the keys alone.
func randomOrder(of count: Int, seed: UInt64, purpose: RandomPurpose, entity: UInt64, draw: UInt64) -> [Int] {
  let stream = RandomStream(seed: seed, purpose: purpose, entity: entity)
  let keys = (0..<count).map { i in
    let words = stream.words(index: UInt64(i), draw: draw)
    return (UInt64(words.x) << 32 | UInt64(words.y), i)
  }
  return keys.sorted { $0 < $1 }.map(\.1)
}
