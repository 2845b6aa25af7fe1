import SNNSignals

/// The spikes of steps as events, for learners that work with times of spikes.
public struct TimesEncoder: Encoder {
  public static let name = "times"
  public static let summary = "The spikes of steps as events at their times, for learners that take events."
  public static let equations = """
    a value above 0 in step k is an event of its channel at k*step
    """
  public static let source = "Wunderlich & Pehle (2021), doi:10.1038/s41598-021-91786-z"

  public var step = 1.0
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = [
    LearnerParameter("step", \.step, "length of a step", .positive, unit: .ms)
  ]

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .frames(_, let features) = input else { throw misfit(input, hint: "it takes steps, such as those of latency") }
    return .events(channels: features)
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .frames(let frames) = sample else { return sample }
    let spikes = frames.values.indices.filter { frames.values[$0] > 0 }
    return .events(
      spikes.map { place in
        SampleEvent(time: Float(Double(place / frames.features) * step), channel: UInt32(place % frames.features))
      })
  }
}
