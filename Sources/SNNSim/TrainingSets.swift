import SNNDescription
import SNNFiles
import SNNSignals
import SNNTraining

/// The data sets of a training, each read once, with what is wrong with them.
struct TrainingSets {
  private let plans: [DataPlan]
  private var read: [String: Dataset?] = [:]
  /// What all sets must agree with.
  private var standard: Dataset?
  private(set) var errors: [DescriptionError] = []

  init(_ plans: [DataPlan]) { self.plans = plans }

  /// The tasks of a training; incomplete when there are errors.
  mutating func tasks(_ train: TrainPlan) -> [TrainingTask] {
    let list = train.tasks.isEmpty ? [TaskPlan(train)] : train.tasks
    return list.compactMap { task -> TrainingTask? in
      guard let training = set(task.data ?? train.data) else { return nil }
      let test = (task.evaluate ?? train.evaluate).flatMap { set($0) }
      let parts = [training, test].map { $0.flatMap { part(of: $0, task, seed: train.seed) } }
      return parts[0].map { TrainingTask(training: $0, test: parts[1]) }
    }
  }

  private mutating func part(of set: Dataset, _ task: TaskPlan, seed: UInt64) -> Dataset? {
    var part = set.permuted(task.permutation, seed: seed)
    guard let classes = task.classes else { return part }
    if let wrong = classes.first(where: { $0 >= set.classes }) {
      errors.append(
        DescriptionError(
          task.location, "there is no class \(wrong) in \"\(set.name)\"", hint: "classes run from 0 to \(set.classes - 1)"))
      return nil
    }
    part = part.keeping(classes: classes)
    guard part.count > 0 else {
      errors.append(DescriptionError(task.location, "\"\(set.name)\" has no samples of the classes \(classes)"))
      return nil
    }
    return part
  }

  /// A set by its name, read when it is asked for first.
  private mutating func set(_ name: String) -> Dataset? {
    if let known = read[name] { return known }
    let set = plans.first { $0.name == name }.flatMap { self.set($0) }
    read[name] = .some(set)
    return set
  }

  private mutating func set(_ plan: DataPlan) -> Dataset? {
    let samples: LabelledSamples
    do {
      samples = try SampleFormats.read(type: plan.type, plan.fields)
    } catch {
      let known = error as? FileError
      errors.append(
        DescriptionError(plan.location, known.map { "\($0.file): \($0.problem)" } ?? "\(error)", hint: known?.hint))
      return nil
    }
    let end = plan.limit.map { plan.first + $0 } ?? samples.count
    guard plan.first < end, end <= samples.count else {
      errors.append(
        DescriptionError(
          plan.location, "samples \(plan.first) to \(end - 1) are asked for, but there are \(samples.count)",
          hint: "make \"first\" or \"limit\" smaller"))
      return nil
    }
    return agreeing(Dataset(name: plan.name, samples, ids: Array(plan.first..<end)), plan)
  }

  /// The set with its classes as the first set has them.
  private mutating func agreeing(_ set: Dataset, _ plan: DataPlan) -> Dataset? {
    guard let standard else {
      self.standard = set
      return set
    }
    guard set.shape == standard.shape else {
      errors.append(
        DescriptionError(plan.location, "\(set.shape) don't fit the \(standard.shape) of \"\(standard.name)\""))
      return nil
    }
    let names = standard.samples.classNames
    if set.samples.classNames == names { return set }
    if let id = set.ids.first(where: { !names.contains(set.className($0)) }) {
      errors.append(
        DescriptionError(
          plan.location,
          "sample \(id) is of class \"\(set.className(id))\", which \"\(standard.name)\" does not have",
          hint: "its classes: " + names.prefix(20).joined(separator: ", ")))
      return nil
    }
    var samples = set.samples
    let places = samples.classNames.map { names.firstIndex(of: $0) ?? 0 }
    samples.labels = samples.labels.map { places[$0] }
    samples.classNames = names
    return Dataset(name: set.name, samples, ids: set.ids)
  }
}

extension TaskPlan {
  /// The one task of a training without a list.
  fileprivate init(_ train: TrainPlan) {
    self.init(permutation: 0, classes: nil, data: nil, evaluate: nil, location: train.location)
  }
}

extension Dataset {
  fileprivate func className(_ id: Int) -> String { samples.classNames[samples.labels[id]] }
}
