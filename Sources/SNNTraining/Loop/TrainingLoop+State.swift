import SNNSignals

extension TrainingLoop {
  /// Everything that the batches to come and the outcome depend on, between two calls of ``run(_:observer:shouldStop:)``. Not what
  /// the plan says, nor the learner, which has a state of its own.
  public mutating func pass(through state: StateTransfer) throws {
    try place.pass(through: state)
    try state.require(
      (0...plan.tasks.count).contains(place.task) && (0..<plan.epochs).contains(place.epoch) && place.step >= 0
        && (0...(place.task < plan.tasks.count ? plan.batches(place.task) : 0)).contains(place.batch),
      "stands at a batch that this training does not have")
    try outcome.pass(through: state, classes: classes)
  }

  /// Where it stands, for messages.
  public var description: String {
    place.task < plan.tasks.count
      ? "epoch \(place.task * plan.epochs + place.epoch + 1) of \(plan.allEpochs), batch \(place.batch)" : "the end"
  }
  /// Batches done.
  public var batches: Int { place.step }
}

extension TrainingPlace {
  fileprivate mutating func pass(through state: StateTransfer) throws {
    try state.value(&task)
    try state.value(&epoch)
    try state.value(&batch)
    try state.value(&step)
    try state.flag(&hasBegun)
    try measures.pass(through: state)
    try state.value(&seconds)
  }
}

extension Measures {
  fileprivate mutating func pass(through state: StateTransfer) throws {
    try state.each(&entries, Entry(name: "", sum: 0, count: 1)) { entry in
      try state.text(&entry.name)
      try state.value(&entry.sum)
      try state.value(&entry.count)
      try state.require(entry.count > 0, "has a measure of nothing")
    }
  }
}

extension Confusion {
  fileprivate mutating func pass(through state: StateTransfer) throws {
    try state.values(&counts)
    try state.values(&unanswered)
  }
}

extension TrainingOutcome {
  fileprivate mutating func pass(through state: StateTransfer, classes: Int) throws {
    try state.each(&epochs, EpochReport(epoch: 0, task: 0, measures: Measures(), samples: 0, seconds: 0)) {
      try $0.pass(through: state, classes: classes)
    }
    try state.each(&tasks.rows, []) { try state.list(&$0) }
    try state.optional(&test, Confusion(classes: classes)) { try $0.pass(through: state) }
    try state.optional(&trainAccuracy, 0) { try state.value(&$0) }
    try state.optional(&best, (0, 0)) {
      try state.value(&$0.epoch)
      try state.value(&$0.accuracy)
    }
  }
}

extension EpochReport {
  fileprivate mutating func pass(through state: StateTransfer, classes: Int) throws {
    try state.value(&epoch)
    try state.value(&task)
    try measures.pass(through: state)
    try state.value(&samples)
    try state.optional(&test, Confusion(classes: classes)) { try $0.pass(through: state) }
    try state.optional(&trainAccuracy, 0) { try state.value(&$0) }
    try state.optional(&taskAccuracies, []) { try state.list(&$0) }
    try state.value(&seconds)
  }
}

extension NamedArray {
  /// For ``Learner/state``.
  fileprivate mutating func pass(through state: StateTransfer) throws {
    try state.text(&name)
    try state.list(&shape)
    var (isSingle, floats, doubles) = (false, [Float](), [Double]())
    switch values {
    case .float(let values): (isSingle, floats) = (true, values)
    case .double(let values): doubles = values
    }
    try state.flag(&isSingle)
    if isSingle { try state.list(&floats) } else { try state.list(&doubles) }
    values = isSingle ? .float(floats) : .double(doubles)
    let size = shape.reduce(1.0) { $0 * Double($1) }
    try state.require(
      shape.allSatisfy { $0 >= 0 } && size == Double(values.count), "has \(values.count) values of shape \(shape)")
  }
}

extension Learner {
  /// Passes what ``state`` names and ``restore(_:)`` takes.
  public mutating func pass(through state: StateTransfer) throws {
    var arrays = self.state
    try state.each(&arrays, NamedArray("", [0], [Double]())) { try $0.pass(through: state) }
    guard state.isRestoring else { return }
    do { try restore(arrays) } catch let error as TrainingError { try state.require(false, error.problem) }
  }
}

extension StateTransfer {
  /// A list of things that are no plain values; `empty` is what one is before it is restored.
  fileprivate func each<Element>(_ list: inout [Element], _ empty: Element, _ body: (inout Element) throws -> Void) throws {
    let count = try count(list.count, stride: 1)
    if isRestoring { list = Array(repeating: empty, count: count) }
    for i in list.indices { try body(&list[i]) }
  }

  /// Something that may not be there.
  fileprivate func optional<Value>(_ value: inout Value?, _ empty: Value, _ body: (inout Value) throws -> Void) throws {
    var isThere = value != nil
    try flag(&isThere)
    guard isThere else {
      value = nil
      return
    }
    var present = value ?? empty
    try body(&present)
    value = present
  }
}
