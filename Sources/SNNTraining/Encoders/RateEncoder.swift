import SNNSignals

/// Spikes at random, the more the larger the value.
public struct RateEncoder: Encoder {
  public static let name = "rate"
  public static let summary = "Spikes at random: each step has one with a probability proportional to the value."
  public static let equations = """
    P(spike in a step) = maximum*x, held in 0 ... 1
    static samples have that in `steps` steps; those with steps of their own, in each of them
    """
  public static let source = "Diehl & Cook (2015), doi:10.3389/fncom.2015.00099"

  public var steps = 25
  public var maximum = 1.0
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = [
    LearnerParameter("steps", \.steps, "steps of a static sample", .range(1...1e6)),
    LearnerParameter("maximum", \.maximum, "probability of a spike where the value is 1", .fraction),
  ]

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .frames(let own, let features) = input else { throw misfit(input, hint: "it takes numbers") }
    return .frames(steps: own == 1 ? steps : own, features: features)
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .frames(let frames) = sample else { return sample }
    let steps = frames.steps == 1 ? self.steps : frames.steps
    let features = frames.features
    let scale = Float(maximum) * 0x1p32
    // 2³² stands for certainty, which a word below 2³² always is.
    let bounds = frames.values.map { UInt64(min(max($0 * scale, 0), 0x1p32)) }
    var spikes = [Float](repeating: 0, count: steps * features)
    for quad in stride(from: 0, to: spikes.count, by: 4) {
      let words = draws.words(quad / 4)
      for lane in 0..<min(4, spikes.count - quad) {
        let place = frames.steps == 1 ? (quad + lane) % features : quad + lane
        if UInt64(words[lane]) < bounds[place] { spikes[quad + lane] = 1 }
      }
    }
    return .frames(Frames(spikes, steps: steps, features: features))
  }
}
