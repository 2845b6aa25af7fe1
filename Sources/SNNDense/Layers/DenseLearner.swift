import SNNTraining

/// What a rule of dense networks writes, once for both precisions.
public protocol DenseRule: Sendable {
  associatedtype Parameters: DenseParameters
  init(_ parameters: Parameters, _ setup: LearnerSetup) throws
  mutating func learn(_ batch: Batch, at moment: Moment) -> Measures
  mutating func answer(_ batch: Batch) -> [Int]
  /// Names every array that resuming needs.
  mutating func archive(_ archive: inout Archive) throws
  mutating func beginTask(_ task: Int)
  mutating func endTask(_ task: Int)
}

extension DenseRule {
  public mutating func beginTask(_ task: Int) {}
  public mutating func endTask(_ task: Int) {}
}

public protocol DenseParameters: LearnerParameters {
  var layers: [Int] { get set }
  var precision: Precision { get set }
}

extension LearnerParameter where Parameters: DenseParameters {
  static var layers: LearnerParameter {
    LearnerParameter("layers", \Parameters.layers, "neurons of each hidden layer", .positive)
  }
  static var precision: LearnerParameter {
    LearnerParameter("precision", \Parameters.precision, "of all arithmetic of the network")
  }
}

/// A learner as the network file knows it, around a rule of the precision asked for.
public protocol DenseLearner: Learner where Parameters: DenseParameters {
  associatedtype SingleRule: DenseRule where SingleRule.Parameters == Parameters
  associatedtype DoubleRule: DenseRule where DoubleRule.Parameters == Parameters
  var rule: any DenseRule { get set }
  init(rule: any DenseRule)
}

extension DenseLearner {
  public init(_ parameters: Parameters, _ setup: LearnerSetup) throws {
    var setup = setup
    setup.parallel = setup.parallel.flushingDenormals
    let rule: any DenseRule =
      switch parameters.precision {
      case .single: try SingleRule(parameters, setup)
      case .double: try DoubleRule(parameters, setup)
      }
    self.init(rule: rule)
  }
  /// Weights between successive layers, with a gradient and two moments of each.
  public static func bytes(_ parameters: Parameters, _ setup: LearnerSetup) -> Double {
    let sizes = ([setup.features] + parameters.layers + [setup.classes]).map { Double($0) }
    let weights = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    return 4 * weights * (parameters.precision == .single ? 4 : 8)
  }
  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    flushingDenormals { rule.learn(batch, at: moment) }
  }
  public mutating func answer(_ batch: Batch) -> [Int] { flushingDenormals { rule.answer(batch) } }
  public mutating func beginTask(_ task: Int) { rule.beginTask(task) }
  public mutating func endTask(_ task: Int) { rule.endTask(task) }

  public var state: [NamedArray] {
    var rule = rule
    var archive = Archive.writing
    do { try rule.archive(&archive) } catch { preconditionFailure("writing to memory can't fail: \(error)") }
    return archive.arrays
  }
  public mutating func restore(_ state: [NamedArray]) throws {
    var archive = Archive.reading(state)
    try rule.archive(&archive)
  }
}

extension LearnerSetup {
  /// - Throws: `TrainingError` when samples have several steps, of which `rule` knows nothing.
  func requireStatic(_ rule: String) throws {
    guard steps == 1 else {
      throw TrainingError(
        "\(rule) learns from samples of one step, these have \(steps)", hint: "surrogate_gradient learns from sequences")
    }
  }
}
