import Foundation
import SNNSim

/// Softmax regression by gradient descent: the simplest learner there is.
///
///     p = softmax(W x + b),   W ← W − η ((p − y) xᵀ, mean of the batch + decay W),   b likewise without decay
///
/// with y one at the sample's class; of samples with steps, x is the mean over them. Bishop (2006), section 4.3.4.
public struct SoftmaxRegression: Learner {
  public static let name = "softmax_regression"
  public static let summary = "One layer with a softmax, by gradient descent on the cross-entropy."
  public static let equations = """
    p = softmax(W*x + b);  W -= rate*(mean of (p - y) x' + decay*W);  b -= rate*mean of (p - y)
    """
  public static let source = "Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.4"

  // 1. Parameters: a struct with the defaults, and one row each of the table that the network file is checked against.
  public struct Parameters: LearnerParameters {
    public var learningRate = 0.1, decay = 0.0
    public var schedule = Schedule.constant
    public init() {}
  }
  public static let parameters: [LearnerParameter<Parameters>] = [
    LearnerParameter("learning_rate", \.learningRate, "size of the steps", .positive),
    LearnerParameter("decay", \.decay, "pull of the weights to 0", .nonNegative),
    LearnerParameter("schedule", \.schedule, "course of the learning rate"),
  ]

  // 2. State: a row for each class, its bias last.
  private let parameters: Parameters
  private let setup: LearnerSetup
  private var weights: [Double]
  private var width: Int { setup.features + 1 }

  public init(_ parameters: Parameters, _ setup: LearnerSetup) throws {
    guard setup.classes > 1 else {
      throw TrainingError("there is but one class", hint: "a classifier needs two", parameter: "data")
    }
    self.parameters = parameters
    self.setup = setup
    weights = Array(repeating: 0, count: setup.classes * (setup.features + 1))
  }

  // 3. What a batch does. A task works for one class and sums over the batch in order: the same bits on any number of threads.
  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let inputs = means(batch)
    let beliefs = softmax(inputs, batch.count)
    let rate = parameters.learningRate * parameters.schedule.factor(at: moment.progress)
    let (classes, width, decay, parallel) = (setup.classes, width, parameters.decay, setup.parallel)
    weights.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let weights = buffer
      parallel.forEach(classes) { k in
        var gradient = (0..<width).map { $0 < width - 1 ? decay * weights[k * width + $0] : 0 }
        for n in 0..<batch.count {
          let error = (beliefs[n * classes + k] - (batch.labels[n] == k ? 1 : 0)) / Double(batch.count)
          for i in 0..<width { gradient[i] += error * inputs[n * width + i] }
        }
        for i in 0..<width { weights[k * width + i] -= rate * gradient[i] }
      }
    }
    var measures = Measures()
    let losses = batch.labels.enumerated().map { -log(beliefs[$0 * classes + $1]) }
    measures.add("loss", sum: losses.reduce(0, +), count: batch.count)
    return measures
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    let beliefs = softmax(means(batch), batch.count)
    return (0..<batch.count).map { n in
      (0..<setup.classes).max { beliefs[n * setup.classes + $0] < beliefs[n * setup.classes + $1] }!
    }
  }

  // 4. What is saved, and taken up again.
  public var state: [NamedArray] { [NamedArray("weight", [setup.classes, width], weights)] }
  public mutating func restore(_ state: [NamedArray]) throws {
    weights = try state.array("weight", shape: [setup.classes, width]).doubles
  }

  /// Rows of the mean over all steps, with a 1 behind each for the bias.
  private func means(_ batch: Batch) -> [Double] {
    var rows = [Double](repeating: 1, count: batch.count * width)
    for n in 0..<batch.count {
      for i in 0..<setup.features {
        let sum = (0..<batch.steps).reduce(0.0) { $0 + Double(batch.inputs[($1 * batch.count + n) * setup.features + i]) }
        rows[n * width + i] = sum / Double(batch.steps)
      }
    }
    return rows
  }

  private func softmax(_ inputs: [Double], _ count: Int) -> [Double] {
    (0..<count).flatMap { n in
      let scores = (0..<setup.classes).map { k in
        (0..<width).reduce(0.0) { $0 + weights[k * width + $1] * inputs[n * width + $1] }
      }
      let largest = scores.max()!
      let powers = scores.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }
}
