import SNNSignals

/// Values brought to mean 0 and standard deviation 1, as the training samples have them.
public struct StandardiseEncoder: Encoder {
  public static let name = "standardise"
  public static let summary = "Each value less its mean, over its standard deviation; both of the training samples."
  public static let equations = """
    y_i = (x_i - mean_i)/sd_i, over all training samples and their steps
    a value that never changes becomes 0
    """
  public static let source = "LeCun et al. (2012), Efficient BackProp, doi:10.1007/978-3-642-35289-8_3"
  public static let runsOnce = true

  private var mean: [Double] = []
  private var deviation: [Double] = []
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = []

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .frames = input else { throw misfit(input, hint: "it takes numbers") }
    return input
  }

  public mutating func fit(_ training: Dataset) {
    let features = training.samples.features
    var sum = [Double](repeating: 0, count: features)
    var squares = sum
    var count = 0.0
    // Two passes: squares of large values would lose what the deviation is made of.
    forEachRow(of: training) { row in
      for (i, x) in row.enumerated() { sum[i] += Double(x) }
      count += 1
    }
    let mean = sum.map { $0 / max(count, 1) }
    forEachRow(of: training) { row in
      for (i, x) in row.enumerated() { squares[i] += (Double(x) - mean[i]) * (Double(x) - mean[i]) }
    }
    self.mean = mean
    deviation = squares.map { ($0 / max(count, 1)).squareRoot() }
  }

  private func forEachRow(of data: Dataset, _ body: (ArraySlice<Float>) -> Void) {
    for id in data.ids {
      guard case .frames(let frames) = data.sample(id) else { return }
      for step in 0..<frames.steps { body(frames.values[step * frames.features..<(step + 1) * frames.features]) }
    }
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .frames(let frames) = sample else { return sample }
    let values = frames.values.enumerated().map { place, x in
      let i = place % frames.features
      return deviation[i] > 0 ? Float((Double(x) - mean[i]) / deviation[i]) : 0
    }
    return .frames(Frames(values, steps: frames.steps, features: frames.features))
  }
}
