import Foundation
import SNNSignals

/// Several cells a value, each tuned to a part of its range.
public struct PopulationEncoder: Encoder {
  public static let name = "population"
  public static let summary = "Several cells for each value, each with a Gaussian receptive field in its range."
  public static let equations = """
    cell i = 1 ... cells: exp(-(x - mu_i)^2/(2 sigma^2))
    mu_i = low + (2i - 3)/2*(high - low)/(cells - 2),  sigma = (high - low)/(beta*(cells - 2))
    """
  public static let source = "Bohte, Kok & La Poutre (2002), doi:10.1016/S0925-2312(01)00658-0"

  public var cells = 8
  public var low = 0.0
  public var high = 1.0
  public var beta = 1.5
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = [
    LearnerParameter("cells", \.cells, "cells for each value", .range(3...1000)),
    LearnerParameter("low", \.low, "lower end of the range"), LearnerParameter("high", \.high, "upper end of the range"),
    LearnerParameter("beta", \.beta, "how narrow the fields are", .positive),
  ]

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .frames(let steps, let features) = input else { throw misfit(input, hint: "it takes numbers") }
    guard low < high else {
      throw TrainingError("low (\(numberText(low))) must be below high (\(numberText(high)))", parameter: "encoder")
    }
    return .frames(steps: steps, features: features * cells)
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .frames(let frames) = sample else { return sample }
    let spacing = (high - low) / Double(cells - 2)
    let sigma = spacing / beta
    var values: [Float] = []
    values.reserveCapacity(frames.values.count * cells)
    for x in frames.values {
      for i in 1...cells {
        let distance = (Double(x) - (low + Double(2 * i - 3) / 2 * spacing)) / sigma
        values.append(Float(exp(-distance * distance / 2)))
      }
    }
    return .frames(Frames(values, steps: frames.steps, features: frames.features * cells))
  }
}
