import SNNTraining

/// The network of ``SpikingForwardForward``.
public struct SpikingForwardForwardNetwork<Scalar: DenseScalar>: DenseRule {
  typealias Course = SpikingUnits<Scalar>.Course
  private let p: SpikingForwardForward.Parameters
  private let setup: LearnerSetup
  private let samples: ContrastedSamples
  private let units: SpikingUnits<Scalar>
  var stack: LayerStack<Scalar>
  /// Of the normalised spike counts of the layers above the first; nil when goodness alone predicts.
  private var readout: DenseLayer<Scalar>?
  private let readoutOptimiser: OptimiserParameters
  private var inputs = Workspace<Matrix<Scalar>>()
  /// Presentations of positive and negative data, and of data without a side.
  private var pairs = Workspace<[Course]>()
  private var others = Workspace<[Course]>()

  public init(_ p: SpikingForwardForward.Parameters, _ setup: LearnerSetup) throws {
    try setup.requireStatic(SpikingForwardForward.name)
    guard !p.layers.isEmpty else { throw TrainingError("\(SpikingForwardForward.name) needs a layer", parameter: "layers") }
    if p.negatives == .hybrid, p.prediction == .goodness {
      throw TrainingError(
        "hybrid negatives know no labels, of which one could have most goodness", hint: "use \"prediction\": \"softmax\"",
        parameter: "prediction")
    }
    (self.p, self.setup, samples) = (p, setup, try ContrastedSamples(p.negatives, setup))
    units = SpikingUnits(
      steps: p.steps, leak: Scalar(p.leak), threshold: Scalar(p.threshold), reset: p.reset, surrogate: p.surrogate,
      scale: Scalar(p.scale), form: p.form, isDetached: p.isDetached)
    stack = try LayerStack(sizes: [setup.features] + p.layers, gain: p.gain, p.optimiser, p.projection, setup)
    let hasReadout = p.prediction == .softmax || p.negatives == .hard
    let read = p.layers.dropFirst(p.layers.count > 1 ? 1 : 0).reduce(0, +)
    readout = hasReadout ? DenseLayer(weight: Matrix(setup.classes, read)) : nil
    readoutOptimiser = OptimiserParameters(.adam, rate: p.readoutRate, p.optimiser.schedule)
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let count = batch.count
    let (input, pair, other) = (takeInput(count), takePair(count), takeOther(count))
    samples.write(batch, at: moment, into: input)
    var measures = Measures()
    if let readout, p.negatives != .hybrid {
      present(input, samples.neutral(count), other)
      if p.negatives == .hard {
        let outputs = read(other, count, readout).outputs
        for row in 0..<count { Scalar.softmax(outputs.row(row), setup.classes) }
        samples.writeWrongLabels(batch, at: moment, into: input, outputs)
      }
    }
    present(input, 0..<2 * count, pair)
    learnReadout(p.negatives == .hybrid ? pair : other, batch, moment, &measures)
    for place in stack.layers.indices { contrast(place, input, pair, count, moment, &measures) }
    for course in pair {
      let spikes = Matrix<Scalar>(1, course.counts.columns)
      sumRows(course.counts.rows(0..<2 * count), scale: 1, into: spikes)
      measures.add("spike_rate", sum: sum(spikes), count: 2 * count * p.steps * spikes.columns)
    }
    return measures
  }

  /// The loss of one layer and its step: what it needs is the layer's own.
  private mutating func contrast(
    _ place: Int, _ input: Matrix<Scalar>, _ courses: [Course], _ count: Int, _ moment: Moment, _ measures: inout Measures
  ) {
    let course = courses[place]
    let size = course.counts.columns
    let (sharpness, threshold) = (Scalar(p.sharpness), Scalar(p.goodness))
    let share = 1 / Scalar(size)
    let (losses, right) = (Matrix<Scalar>(1, 2 * count), Matrix<Scalar>(1, 2 * count))
    forRows(2 * count, size, on: setup.parallel) { range in
      for row in range {
        let n = course.counts.row(row)
        let verdict = GoodnessVerdict(excess: sharpness * (Self.goodness(course, row) - threshold), isPositive: row < count)
        Scalar.combine(2 * sharpness * share * verdict.slope, n, 0, n, into: course.push.row(row), size)
        losses.start[row] = verdict.loss
        right.start[row] = verdict.isRight ? 1 : 0
      }
    }
    let isHeld = place == 0
    units.back(course, 2 * count, isHeld: isHeld, on: setup.parallel)
    let rows = 0..<2 * count * (isHeld ? 1 : p.steps)
    stack.learn(
      place, course.error.rows(rows), isHeld ? input.rows(rows) : courses[place - 1].passed.rows(rows),
      scale: 1 / Scalar(2 * count), at: moment)
    measures.add("loss", sum: sum(losses), count: 2 * count)
    measures.add("discrimination", sum: sum(right), count: 2 * count)
  }

  private mutating func learnReadout(_ courses: [Course], _ batch: Batch, _ moment: Moment, _ measures: inout Measures) {
    guard var layer = readout else { return }
    let (outputs, directions) = read(courses, batch.count, layer)
    let result = takeDerivative(of: .crossEntropy, outputs, batch.labels)
    layer.differentiate(outputs.whole, directions.whole, scale: 1 / Scalar(batch.count), on: setup.parallel)
    layer.step(readoutOptimiser, at: moment, on: setup.parallel)
    readout = layer
    measures.add("readout_loss", sum: result.loss, count: batch.count)
    measures.add("accuracy", sum: Double(result.correct), count: batch.count)
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    let count = batch.count
    let (input, courses) = (takeInput(count), takeOther(count))
    if p.prediction == .softmax, let readout {
      samples.writeNeutral(batch, into: input)
      present(input, 0..<count, courses)
      return largest(read(courses, count, readout).outputs, count)
    }
    return samples.labelOfMostGoodness(batch, in: input) {
      present(input, 0..<count, courses)
    } goodness: { row in
      courses[judged].reduce(0) { $0 + Self.goodness($1, row) }
    }
  }

  private static func goodness(_ course: Course, _ row: Int) -> Scalar {
    let (n, size) = (course.counts.row(row), course.counts.columns)
    return Scalar.dot(size, n, n) / Scalar(size)
  }

  /// The layers that say what a sample is: those above the first, which sees the label beside the pixels.
  private var judged: Range<Int> { min(1, stack.layers.count - 1)..<stack.layers.count }

  /// The readout of the first `count` rows, and what it read: the directions of the judged layers side by side.
  private func read(
    _ courses: [Course], _ count: Int, _ readout: DenseLayer<Scalar>
  ) -> (outputs: Matrix<Scalar>, directions: Matrix<Scalar>) {
    let (outputs, directions) = (Matrix<Scalar>(count, readout.outputs), Matrix<Scalar>(count, readout.inputs))
    var start = 0
    for course in courses[judged] {
      for row in 0..<count {
        Scalar.normalise(course.counts.row(row), into: directions.row(row) + start, course.counts.columns)
      }
      start += course.counts.columns
    }
    readout.forward(directions.whole, into: outputs, on: setup.parallel)
    return (outputs, directions)
  }

  /// Takes some rows of the input, which become normalised, through all layers, each for all steps.
  private func present(_ input: Matrix<Scalar>, _ range: Range<Int>, _ courses: [Course]) {
    forRows(range.count, input.columns, on: setup.parallel) {
      for row in $0 {
        let sample = input.row(range.lowerBound + row)
        Scalar.normalise(sample, into: sample, input.columns)
      }
    }
    var below = input.rows(range)
    for (place, course) in courses.enumerated() {
      stack.layers[place].forward(below, into: course.drive, on: setup.parallel)
      units.run(course, range.count, isHeld: place == 0, on: setup.parallel)
      guard place < courses.count - 1 else { break }
      units.pass(course, range.count, on: setup.parallel)
      below = course.passed.rows(0..<range.count * p.steps)
    }
  }

  private mutating func takeInput(_ count: Int) -> Matrix<Scalar> {
    inputs.take(3 * count) { [features = setup.features] in Matrix($0, features) }
  }

  private mutating func takePair(_ count: Int) -> [Course] {
    pairs.take(2 * count) { [p] in Self.courses($0, p) }
  }

  private mutating func takeOther(_ count: Int) -> [Course] {
    others.take(count) { [p] in Self.courses($0, p) }
  }

  private static func courses(_ rows: Int, _ p: SpikingForwardForward.Parameters) -> [Course] {
    p.layers.enumerated().map { place, size in
      Course(rows, size, steps: p.steps, isHeld: place == 0, isLast: place == p.layers.count - 1)
    }
  }

  private func sum(_ row: Matrix<Scalar>) -> Double { row.values.reduce(0) { $0 + Double($1) } }

  public mutating func archive(_ archive: inout Archive) throws {
    try stack.archive(&archive)
    let optimiser = readoutOptimiser
    try readout?.archive(&archive, "readout", optimiser)
  }
  public mutating func beginTask(_ task: Int) { stack.beginTask(task) }
  public mutating func endTask(_ task: Int) { stack.endTask(task) }
}
