import SNNSignals

/// Gives the values themselves, at every step: what a current proportional to the value does.
public struct DirectEncoder: Encoder {
  public static let name = "direct"
  public static let summary = "The values themselves, the same at every step; a gain makes them currents."
  public static let equations = "input at each step = gain*x"
  public static let source = "Wu et al. (2018), doi:10.3389/fnins.2018.00331"

  public var steps = 1
  public var gain = 1.0
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = [
    LearnerParameter("steps", \.steps, "how often a static sample is given", .range(1...1e6)),
    LearnerParameter("gain", \.gain, "factor of all values"),
  ]

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .frames(let own, let features) = input else { throw misfit(input, hint: "it takes numbers") }
    guard own == 1 || steps == 1 else { throw misfit(input, hint: "\"steps\" repeats static samples only") }
    return .frames(steps: max(own, steps), features: features)
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .frames(let frames) = sample else { return sample }
    let gain = Float(gain)
    let values = frames.values.map { $0 * gain }
    guard steps > 1 else { return .frames(Frames(values, steps: frames.steps, features: frames.features)) }
    return .frames(
      Frames((0..<steps).flatMap { _ in values }, steps: steps, features: frames.features))
  }
}
