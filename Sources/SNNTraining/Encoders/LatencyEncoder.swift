import Foundation
import SNNSignals

/// One spike a value, the sooner the larger the value.
public struct LatencyEncoder: Encoder {
  public static let name = "latency"
  public static let summary = "One spike for each value, the sooner the larger it is."
  public static let equations = """
    linear:       step = (1 - x)*(steps - 1), rounded
    logarithmic:  step = tau*ln(x/(x - threshold)), rounded: when a leaky cell that x drives reaches the threshold
    no spike where x <= threshold, or later than the last step
    """
  public static let source = "Thorpe, Delorme & Van Rullen (2001), doi:10.1016/S0893-6080(01)00083-1"

  public enum Code: String, CaseIterable, Sendable { case linear, logarithmic }
  public var steps = 25
  public var code = Code.linear
  public var threshold = 0.01
  public var tau = 5.0
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = [
    LearnerParameter("steps", \.steps, "steps of a sample", .range(1...1e6)),
    LearnerParameter("code", \.code, "how a value becomes a time"),
    LearnerParameter("threshold", \.threshold, "what a value must exceed to spike", .nonNegative),
    LearnerParameter("tau", \.tau, "time constant of the logarithmic code, in steps", .positive),
  ]

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .frames(1, let features) = input else { throw misfit(input, hint: "it takes static samples") }
    return .frames(steps: steps, features: features)
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .frames(let frames) = sample else { return sample }
    var spikes = [Float](repeating: 0, count: steps * frames.features)
    for (feature, value) in frames.values.enumerated() {
      if let step = step(of: Double(value)) { spikes[step * frames.features + feature] = 1 }
    }
    return .frames(Frames(spikes, steps: steps, features: frames.features))
  }

  /// The step of the spike of a value.
  func step(of x: Double) -> Int? {
    guard x > threshold else { return nil }
    let time =
      switch code {
      case .linear: (1 - min(x, 1)) * Double(steps - 1)
      case .logarithmic: tau * log(x / (x - threshold))
      }
    let step = time.rounded()
    return step < Double(steps) ? Int(step) : nil
  }
}
