import SNNDescription
import SNNDynamics
import SNNFiles
import SNNSignals
import SNNTraining

/// The section `train` with its data sets read and everything checked that can be known before training.
public struct PlannedTraining: Sendable {
  /// Tasks, encoders and course; the encoders that run once have yet to.
  public private(set) var plan: TrainingPlan
  public let learner: any Learner.Type
  private let fields: [String: FieldValue]
  private let initial: [NamedArray]?
  private let steps: Int
  private let features: Int
  /// Bytes that the learner will take.
  public let predictedBytes: Double
  /// Numbers of the learner's state; nil when memory would not hold it.
  public private(set) var stateCount: Int?

  /// - Throws: `DescriptionErrors` with everything that is wrong with data and parameters.
  init(_ train: TrainPlan, _ data: [DataPlan], _ catalogue: Catalogue, available: Double) throws {
    guard let learner = catalogue.learner(train.rule) else { preconditionFailure("the reader knows all learners") }
    self.learner = learner
    fields = train.fields
    var sets = TrainingSets(data)
    let tasks = sets.tasks(train)
    let encoding = Encoding(
      train.encoders.compactMap { plan in catalogue.encoder(plan.type).map { $0.make(fields: plan.fields) } })
    guard sets.errors.isEmpty, let first = tasks.first?.training else { throw DescriptionErrors(sets.errors) }
    plan = TrainingPlan(tasks: tasks, encoding: encoding, epochs: train.epochs, batch: train.batch, seed: train.seed)
    plan.shuffles = train.shuffles
    plan.testInterval = train.every
    do {
      switch try encoding.output(of: first.shape, toEvents: learner.takesEvents) {
      case .frames(let steps, let features): (self.steps, self.features) = (steps, features)
      case .events(let channels): (steps, features) = (0, channels)
      case .wave: preconditionFailure("no learner takes sound")
      }
    } catch let error as TrainingError { throw DescriptionErrors([DescriptionError(error, train, else: "encoder")]) }
    initial = try train.initial.map { path in
      do { return try ModelFile.read(path) } catch {
        throw DescriptionErrors([DescriptionError(train.place("initial"), "\(error)")])
      }
    }
    predictedBytes = learner.bytes(
      fields: fields, LearnerSetup(features: features, steps: steps, classes: first.classes, seed: plan.seed))
    guard predictedBytes < available else { return }
    do {
      stateCount = try makeLearner(.serial).state.reduce(0) { $0 + $1.values.count }
    } catch let error as TrainingError {
      throw DescriptionErrors([DescriptionError(error, train, else: initial == nil ? "rule" : "initial")])
    }
  }

  /// The learner as training begins with it.
  func makeLearner(_ parallel: Parallel) throws -> any Learner {
    let classes = plan.tasks[0].training.classes
    var learner = try learner.make(
      fields: fields,
      LearnerSetup(features: features, steps: steps, classes: classes, seed: plan.seed, parallel: parallel))
    if let initial { try learner.restore(initial) }
    return learner
  }

  /// The plan with all encoders applied that run once.
  func prepared(_ parallel: Parallel) throws -> TrainingPlan {
    var plan = plan
    let sets = plan.tasks.flatMap { [$0.training] + ($0.test.map { [$0] } ?? []) }
    let prepared = try plan.encoding.prepared(sets, parallel)
    var rest = prepared.sets[...]
    plan.encoding = prepared.encoding
    for task in plan.tasks.indices {
      plan.tasks[task].training = rest.removeFirst()
      if plan.tasks[task].test != nil { plan.tasks[task].test = rest.removeFirst() }
    }
    return plan
  }
}

extension DescriptionError {
  /// An error of training at the key that it blames.
  init(_ error: TrainingError, _ train: TrainPlan, else key: String) {
    self.init(train.place(error.parameter ?? key), error.problem, hint: error.hint)
  }
}
