import SNNSignals
import SNNTraining

/// Forward-forward: each layer learns by itself to be active for positive data and silent for negative data.
///
///     h = relu(W ẑ + b),  ẑ = z/√mean(z²);   goodness G = Σ h²,  p = σ(G − θ),  θ = threshold · units
///     loss = −ln p (positive), −ln(1 − p) (negative);   ∂loss/∂h = 2 (p − t) h;   the next layer gets ẑ′ = h/√mean(h²)
///     peer normalisation: + w mean_i (m̄ − m_i)², m the running mean of the positive activity (momentum 0.9)
///
/// Positive data carry the right label in the first pixels, negative data a wrong one: drawn uniformly, or as the softmax
/// readout would (`hard`). `hybrid` is the form without labels: negative images are mixed from two by a mask of large blobs.
/// Hinton (2022), arXiv:2212.13345. The derivative passes the ReLU also where it is 0, which revives units by the peer term.
public struct ForwardForward: DenseLearner {
  public typealias SingleRule = ForwardForwardNetwork<Float>
  public typealias DoubleRule = ForwardForwardNetwork<Double>
  public enum Negatives: String, CaseIterable, Sendable { case uniform, hard, hybrid }
  public enum Prediction: String, CaseIterable, Sendable { case softmax, goodness }

  public struct Parameters: DenseParameters, OptimisedParameters {
    public var layers = [500, 500]
    public var negatives = Negatives.uniform
    public var prediction = Prediction.softmax
    public var threshold = 1.0
    public var peerWeight = 0.03
    public var optimiser = OptimiserParameters(rate: 1e-3, momentum: 0.9, decay: 3e-4, .linearAfterHalf)
    public var headRate = 1e-2
    public var headDecay = 3e-3
    public var precision = Precision.single
    public init() {}
  }
  public static let name = "forward_forward"
  public static let summary = "Forward-forward: each layer tells positive from negative data by its own goodness."
  public static let equations = """
    z = z/sqrt(mean(z^2)),  h = relu(W*z + b),  G = sum(h^2),  p = sigmoid(G - threshold*units)
    loss = -ln(p) for positive data (right label in the first pixels), -ln(1 - p) for negative data (wrong label)
    W -= learning_rate*mean(2*(p - t)*h*z^T) for each layer by itself;  + peer_weight*mean((mean(m) - m)^2), m: mean activity
    softmax: a linear readout of the layers above the first, from data with a neutral label;  goodness: the best of all labels
    """
  public static let source = "Hinton (2022), arXiv:2212.13345"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("negatives", \.negatives, "wrong labels drawn uniformly or by the readout, or hybrid images"),
    LearnerParameter("prediction", \.prediction, "by the linear readout, or by the label of most goodness"),
    LearnerParameter("threshold", \.threshold, "of goodness, for each unit", .positive),
    LearnerParameter("peer_weight", \.peerWeight, "of peer normalisation", .nonNegative),
    LearnerParameter("readout_rate", \.headRate, "learning rate of the readout", .nonNegative),
    LearnerParameter("readout_decay", \.headDecay, "weight decay of the readout", .nonNegative), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}

public struct ForwardForwardNetwork<Scalar: DenseScalar>: DenseRule {
  private let p: ForwardForward.Parameters
  private let setup: LearnerSetup
  private let samples: ContrastedSamples
  var layers: [DenseLayer<Scalar>]
  /// Running mean activity of each layer's units for positive data.
  private var means: [Matrix<Scalar>]
  private var head: DenseLayer<Scalar>
  private let headOptimiser: OptimiserParameters
  private var work = Workspace<Rows>()

  /// Rows of a batch: positive, negative and neutral samples, one after another.
  private struct Rows {
    let input: Matrix<Scalar>
    let activities: [Matrix<Scalar>]
    /// Normalised activities of all layers side by side.
    let directions: Matrix<Scalar>
    let errors: [Matrix<Scalar>]
    let outputs: Matrix<Scalar>
  }

  public init(_ p: ForwardForward.Parameters, _ setup: LearnerSetup) throws {
    try setup.requireStatic(ForwardForward.name)
    guard !p.layers.isEmpty else { throw TrainingError("forward_forward needs a hidden layer", parameter: "layers") }
    (self.p, self.setup, samples) = (p, setup, try ContrastedSamples(p.negatives, setup))
    let sizes = [setup.features] + p.layers
    // Variance 1/units, as in the code that Hinton (2022) names.
    layers = zip(sizes, p.layers).enumerated().map { place, size in
      DenseLayer(
        weight: .normal(
          size.1, size.0, deviation: 1 / Double(size.1).squareRoot(), seed: setup.seed, name: "layer\(place + 1)"))
    }
    means = p.layers.map {
      let mean = Matrix<Scalar>(1, $0)
      mean.fill(0.5)
      return mean
    }
    let read = p.layers.dropFirst(p.layers.count > 1 ? 1 : 0).reduce(0, +)
    head = DenseLayer(weight: Matrix(setup.classes, read))
    headOptimiser = OptimiserParameters(rate: p.headRate, momentum: 0.9, decay: p.headDecay, p.optimiser.schedule)
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let count = batch.count
    let rows = rows(for: 3 * count)
    let neutral = samples.neutral(count)
    samples.write(batch, at: moment, into: rows.input)
    if p.negatives == .hard {
      forward(rows, neutral)
      read(rows, neutral)
      for row in 0..<count { Scalar.softmax(rows.outputs.row(row), setup.classes) }
      samples.writeWrongLabels(batch, at: moment, into: rows.input, rows.outputs)
    }
    forward(rows, p.negatives == .uniform ? 0..<3 * count : 0..<2 * count)

    var measures = Measures()
    for place in layers.indices { contrast(place, rows, count, moment, &measures) }
    let input = read(rows, neutral)
    let result = takeDerivative(of: .crossEntropy, rows.outputs, batch.labels)
    head.differentiate(rows.outputs.rows(0..<count), input, scale: 1 / Scalar(count), on: setup.parallel)
    head.step(headOptimiser, at: moment, on: setup.parallel)
    measures.add("readout_loss", sum: result.loss, count: count)
    measures.add("accuracy", sum: Double(result.correct), count: count)
    return measures
  }

  /// The loss of one layer and its step: what it needs is the layer's own.
  private mutating func contrast(_ place: Int, _ rows: Rows, _ count: Int, _ moment: Moment, _ measures: inout Measures) {
    let (h, e, mean) = (rows.activities[place], rows.errors[place], means[place])
    let units = h.columns
    // m ← 0.9 m + 0.1 mean(h); the pull of the peer term is 2/n (mᵢ − m̄), and of a sample's h on m 0.1/count.
    let pull = Matrix<Scalar>(1, units)
    sumRows(h.rows(0..<count), scale: 0.1 / Scalar(count), into: pull)
    Scalar.combine(0.9, mean.start, 1, pull.start, into: mean.start, units)
    let average = mean.values.reduce(0, +) / Scalar(units)
    for i in 0..<units { pull.start[i] = 2 / Scalar(units) * (mean.start[i] - average) }
    let theta = Scalar(p.threshold) * Scalar(units)
    // The step below divides by all 2 count samples, the peer term by the positive ones.
    let weight = Scalar(p.peerWeight) * 0.1 * 2
    let loss = Matrix<Scalar>(1, 2 * count)
    let right = Matrix<Scalar>(1, 2 * count)
    forRows(2 * count, units, on: setup.parallel) { range in
      for row in range {
        let isPositive = row < count
        let verdict = GoodnessVerdict(excess: Scalar.dot(units, h.row(row), h.row(row)) - theta, isPositive: isPositive)
        Scalar.contrast(
          h.row(row), factor: 2 * verdict.slope, pull.start, weight: isPositive ? weight : 0, into: e.row(row), units)
        loss.start[row] = verdict.loss
        right.start[row] = verdict.isRight ? 1 : 0
      }
    }
    layers[place].differentiate(
      e.rows(0..<2 * count), input(place, rows, 0..<2 * count), scale: 1 / Scalar(2 * count), on: setup.parallel)
    layers[place].step(p.optimiser, at: moment, on: setup.parallel)
    measures.add("loss", sum: loss.values.reduce(0) { $0 + Double($1) }, count: 2 * count)
    measures.add("discrimination", sum: right.values.reduce(0) { $0 + Double($1) }, count: 2 * count)
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    let count = batch.count
    let rows = rows(for: 3 * count)
    if p.negatives == .hybrid || p.prediction == .softmax {
      samples.writeNeutral(batch, into: rows.input)
      forward(rows, 0..<count)
      read(rows, 0..<count)
      return largest(rows.outputs, count)
    }
    return samples.labelOfMostGoodness(batch, in: rows.input) {
      forward(rows, 0..<count)
    } goodness: { row in
      rows.activities.dropFirst(layers.count > 1 ? 1 : 0).reduce(0) {
        $0 + Scalar.dot($1.columns, $1.row(row), $1.row(row))
      }
    }
  }

  private mutating func rows(for count: Int) -> Rows {
    let (sizes, features, classes) = (p.layers, setup.features, setup.classes)
    return work.take(count) { count in
      Rows(
        input: Matrix(count, features), activities: sizes.map { Matrix(count, $0) },
        directions: Matrix(count, sizes.reduce(0, +)), errors: sizes.map { Matrix(count, $0) }, outputs: Matrix(count, classes))
    }
  }

  /// What layer `place` sees.
  private func input(_ place: Int, _ rows: Rows, _ range: Range<Int>) -> MatrixPart<Scalar> {
    guard place > 0 else { return rows.input.rows(range) }
    let end = p.layers[..<place].reduce(0, +)
    return rows.directions.rows(range).columns(end - p.layers[place - 1]..<end)
  }

  /// The activities of some rows, from their inputs on; the inputs become normalised.
  private func forward(_ rows: Rows, _ range: Range<Int>) {
    let parallel = setup.parallel
    forRows(range.count, setup.features, on: parallel) {
      for row in $0 {
        let input = rows.input.row(range.lowerBound + row)
        Scalar.normalise(input, into: input, rows.input.columns)
      }
    }
    var start = 0
    for (place, layer) in layers.enumerated() {
      let (h, offset) = (rows.activities[place], start)
      multiply(input(place, rows, range), layer.weight.value.transposed, into: h.rows(range), on: parallel)
      forRows(range.count, h.columns, on: parallel) {
        let (first, size) = (range.lowerBound + $0.lowerBound, h.columns)
        Scalar.addBias($0.count, size, layer.bias!.value.start, to: h.row(first))
        Scalar.activate(.relu, h.row(first), $0.count * size)
        for row in first..<first + $0.count { Scalar.normalise(h.row(row), into: rows.directions.row(row) + offset, size) }
      }
      start += h.columns
    }
  }

  /// The readout of some rows into the first rows of the outputs; returns what it read.
  @discardableResult
  private func read(_ rows: Rows, _ range: Range<Int>) -> MatrixPart<Scalar> {
    let all = rows.directions.columns
    let input = rows.directions.rows(range).columns(all - head.inputs..<all)
    head.forward(input, into: rows.outputs, on: setup.parallel)
    return input
  }

  public mutating func archive(_ archive: inout Archive) throws {
    for place in layers.indices {
      try layers[place].archive(&archive, "layer\(place + 1)", p.optimiser)
      try archive.matrix("layer\(place + 1)/mean_activity", means[place])
    }
    try head.archive(&archive, "readout", headOptimiser)
  }
}
