import SNNSignals

/// One sample on its way to a learner.
public enum Sample: Sendable, Equatable {
  case frames(Frames)
  case events([SampleEvent])
  case wave([Float])
}

/// `steps` × `features` values, step after step.
public struct Frames: Sendable, Equatable {
  public var values: [Float]
  public var steps: Int
  public var features: Int

  public init(_ values: [Float], steps: Int, features: Int) {
    precondition(values.count == steps * features)
    self.values = values
    self.steps = steps
    self.features = features
  }
}

/// What the samples of a set have in common.
public enum SampleShape: Sendable, Equatable, CustomStringConvertible {
  case frames(steps: Int, features: Int)
  case events(channels: Int)
  /// Samples a second.
  case wave(rate: Double)

  public var description: String {
    switch self {
    case .frames(1, let features): "static samples of \(features) values"
    case .frames(let steps, let features): "samples of \(steps) steps of \(features) values"
    case .events(let channels): "events of \(channels) channels"
    case .wave(let rate): "sound at \(numberText(rate)) Hz"
    }
  }
}
