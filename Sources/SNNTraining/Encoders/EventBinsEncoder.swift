import SNNSignals

/// Events counted in steps.
public struct EventBinsEncoder: Encoder {
  public static let name = "bins"
  public static let summary = "Events counted in steps of equal length."
  public static let equations = """
    step k holds the events of its channel from k*step on, until (k + 1)*step; at most one with `binary`
    events behind the last step are left out
    """
  public static let source = "Cramer et al. (2022), doi:10.1109/TNNLS.2020.3044364"

  public var steps = 100
  public var step = 10.0
  public var binary = true
  public var pool = 1
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = [
    LearnerParameter("steps", \.steps, "number of steps", .range(1...1e6)),
    LearnerParameter("step", \.step, "their length", .range(1e-6...1e9), unit: .ms),
    LearnerParameter("binary", \.binary, "whether several events of a channel in one step count as one"),
    LearnerParameter("pool", \.pool, "neighbouring channels that are taken together", .range(1...1_048_576)),
  ]

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .events(let channels) = input else { throw misfit(input, hint: "it takes data sets of events") }
    return .frames(steps: steps, features: (channels + pool - 1) / pool)
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .events(let events) = sample, case .events(let channels) = input else { return sample }
    let features = (channels + pool - 1) / pool
    var counts = [Float](repeating: 0, count: steps * features)
    for event in events {
      let k = Int(Double(event.time) / step)
      guard k < steps else { continue }
      let place = k * features + Int(event.channel) / pool
      counts[place] = binary ? 1 : counts[place] + 1
    }
    return .frames(Frames(counts, steps: steps, features: features))
  }
}
