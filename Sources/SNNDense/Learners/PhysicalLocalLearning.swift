import Foundation
import SNNSignals
import SNNTraining

/// Physical local learning: layers of a physical transformation that nobody can differentiate, each followed by a linear mixture
/// that learns from two forward passes, with the right and with a wrong label in the input.
///
///     a = W f(z),  f: a black box (here a fixed random complex mixture, measured as intensity, or tanh of a real one, with noise)
///     loss = ln(1 + e^{θ cos(a⁺, a⁻)}) of each layer by itself;   ∂cos/∂a⁺ = (a⁻/|a⁻| − cos · a⁺/|a⁺|)/|a⁺|
///     W ← W − η ⟨∂loss/∂a⁺ f(z⁺)ᵀ + ∂loss/∂a⁻ f(z⁻)ᵀ⟩;   the next layer gets a/√mean(a²)
///
/// f is only ever measured. A softmax readout of all layers, from inputs with a neutral label, tells the classes.
/// Momeni, Rahmani, Malléjac, del Hougne & Fleury (2023), doi:10.1126/science.adi8474.
public struct PhysicalLocalLearning: DenseLearner {
  public typealias SingleRule = PhysicalNetwork<Float>
  public typealias DoubleRule = PhysicalNetwork<Double>
  public enum Transformation: String, CaseIterable, Sendable { case intensity, tanh, identity }

  public struct Parameters: DenseParameters, OptimisedParameters {
    public var layers = [500, 500, 500]
    public var transformation = Transformation.intensity
    public var noise = 0.01
    public var sharpness = 5.0
    public var optimiser = OptimiserParameters(.adam, rate: 1e-3)
    public var readoutRate = 1e-3
    public var precision = Precision.single
    public init() {}
  }
  public static let name = "physical_local_learning"
  public static let summary =
    "Physical local learning: forward passes through black boxes, local losses of the mixtures between them."
  public static let equations = """
    a = W*f(z), f: a black box;  loss = ln(1 + exp(sharpness*cos(a_plus, a_minus))) of each layer by itself
    W -= learning_rate*mean(dloss/da_plus*f(z_plus)^T + dloss/da_minus*f(z_minus)^T);  next z = a/sqrt(mean(a^2))
    """
  public static let source = "Momeni et al. (2023), doi:10.1126/science.adi8474"
  public static let parameters: [LearnerParameter<Parameters>] = own + LearnerParameter.optimiser
  private static let own: [LearnerParameter<Parameters>] = [
    .layers,
    LearnerParameter("transformation", \.transformation, "the black box: a fixed random mixture and how it is measured"),
    LearnerParameter("noise", \.noise, "standard deviation of the measurement, relative to its size", .nonNegative),
    LearnerParameter("sharpness", \.sharpness, "factor of the cosine", .positive),
    LearnerParameter("readout_rate", \.readoutRate, "learning rate of the readout", .nonNegative), .precision,
  ]
  public var rule: any DenseRule
  public init(rule: any DenseRule) { self.rule = rule }
}

public struct PhysicalNetwork<Scalar: DenseScalar>: DenseRule {
  private let p: PhysicalLocalLearning.Parameters
  private let setup: LearnerSetup
  private let labels: LabelPixels
  /// The black boxes: real and imaginary parts of the mixtures; fixed.
  private let boxes: [(real: Matrix<Scalar>, imaginary: Matrix<Scalar>)]
  var layers: [DenseLayer<Scalar>]
  private var readout: DenseLayer<Scalar>
  private let readoutOptimiser: OptimiserParameters
  private var work = Workspace<Rows>()

  /// Rows of a batch: positive, negative and neutral samples, one after another.
  private struct Rows {
    let input: Matrix<Scalar>
    let measured: [Matrix<Scalar>]
    let imaginary: [Matrix<Scalar>]
    let mixtures: [Matrix<Scalar>]
    let directions: Matrix<Scalar>
    let errors: [Matrix<Scalar>]
    let outputs: Matrix<Scalar>
  }

  public init(_ p: PhysicalLocalLearning.Parameters, _ setup: LearnerSetup) throws {
    try setup.requireStatic(PhysicalLocalLearning.name)
    guard !p.layers.isEmpty else { throw TrainingError("physical_local_learning needs a layer", parameter: "layers") }
    (self.p, self.setup, labels) = (p, setup, try LabelPixels(setup))
    let inputs = [setup.features] + p.layers.dropLast()
    func normal(_ rows: Int, _ columns: Int, _ name: String) -> Matrix<Scalar> {
      .normal(rows, columns, deviation: 1 / Double(columns).squareRoot(), seed: setup.seed, name: name)
    }
    let isComplex = p.transformation == .intensity
    boxes = zip(p.layers, inputs).enumerated().map { place, size in
      guard p.transformation != .identity else { return (Matrix(0, 0), Matrix(0, 0)) }
      let name = "box\(place + 1)"
      return (normal(size.0, size.1, name), isComplex ? normal(size.0, size.1, name + "/imaginary") : Matrix(0, 0))
    }
    let channels = p.transformation == .identity ? inputs : p.layers
    layers = zip(p.layers, channels).enumerated().map { place, size in
      DenseLayer(weight: normal(size.0, size.1, "layer\(place + 1)"), hasBias: false)
    }
    readout = DenseLayer(weight: Matrix(setup.classes, p.layers.reduce(0, +)))
    readoutOptimiser = OptimiserParameters(.adam, rate: p.readoutRate, p.optimiser.schedule)
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    let count = batch.count
    let rows = rows(for: 3 * count)
    rows.input.load(batch)
    for part in 1...2 { rows.input.row(part * count).update(from: rows.input.start, count: count * setup.features) }
    for row in 0..<count {
      labels.write(batch.labels[row], rows.input.row(row))
      let none: UnsafePointer<Scalar>? = nil
      labels.write(labels.wrong(batch.labels[row], batch.ids[row], moment, none), rows.input.row(count + row))
      labels.write(nil, rows.input.row(2 * count + row))
    }
    forward(rows, 3 * count, batch.ids, draw: UInt64(moment.epoch))
    var measures = Measures()
    for place in layers.indices {
      let loss = separate(rows.mixtures[place], rows.errors[place], count)
      layers[place].differentiate(
        rows.errors[place].rows(0..<2 * count), rows.measured[place].rows(0..<2 * count), scale: 1 / Scalar(count),
        on: setup.parallel)
      layers[place].step(p.optimiser, at: moment, on: setup.parallel)
      measures.add("loss", sum: loss, count: count)
    }
    let seen = rows.directions.rows(2 * count..<3 * count)
    readout.forward(seen, into: rows.outputs, on: setup.parallel)
    let result = takeDerivative(of: .crossEntropy, rows.outputs, batch.labels)
    readout.differentiate(rows.outputs.rows(0..<count), seen, scale: 1 / Scalar(count), on: setup.parallel)
    readout.step(readoutOptimiser, at: moment, on: setup.parallel)
    measures.add("readout_loss", sum: result.loss, count: count)
    measures.add("accuracy", sum: Double(result.correct), count: count)
    return measures
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    let count = batch.count
    let rows = rows(for: 3 * count)
    rows.input.load(batch)
    for row in 0..<count { labels.write(nil, rows.input.row(row)) }
    // Measurements of an evaluation have noise of their own.
    forward(rows, count, batch.ids, draw: 1 << 40)
    readout.forward(rows.directions.rows(0..<count), into: rows.outputs, on: setup.parallel)
    return largest(rows.outputs, count)
  }

  /// errors ← ∂loss/∂a of the positive and the negative rows; returns the sum of the losses.
  private func separate(_ a: Matrix<Scalar>, _ errors: Matrix<Scalar>, _ count: Int) -> Double {
    var loss = 0.0
    let n = a.columns
    let theta = Scalar(p.sharpness)
    for row in 0..<count {
      let (x, y) = (a.row(row), a.row(count + row))
      let (xx, yy) = (Scalar.dot(n, x, x).squareRoot() + Scalar(1e-12), Scalar.dot(n, y, y).squareRoot() + Scalar(1e-12))
      let cosine = Scalar.dot(n, x, y) / (xx * yy)
      loss += Double(max(theta * cosine, 0)) + log1p(exp(-abs(Double(theta * cosine))))
      let slope = theta / (1 + Scalar.exponential(-theta * cosine))
      Scalar.combine(slope / (xx * yy), y, -slope * cosine / (xx * xx), x, into: errors.row(row), n)
      Scalar.combine(slope / (xx * yy), x, -slope * cosine / (yy * yy), y, into: errors.row(count + row), n)
    }
    return loss
  }

  private mutating func rows(for count: Int) -> Rows {
    let (sizes, channels) = (p.layers, layers.map(\.inputs))
    let (features, classes, isComplex) = (setup.features, setup.classes, p.transformation == .intensity)
    return work.take(count) { count in
      Rows(
        input: Matrix(count, features), measured: channels.map { Matrix(count, $0) },
        imaginary: channels.map { Matrix(isComplex ? count : 0, $0) }, mixtures: sizes.map { Matrix(count, $0) },
        directions: Matrix(count, sizes.reduce(0, +)), errors: sizes.map { Matrix(count, $0) }, outputs: Matrix(count, classes))
    }
  }

  private func forward(_ rows: Rows, _ count: Int, _ ids: [Int], draw: UInt64) {
    let parallel = setup.parallel
    for row in 0..<count { Scalar.normalise(rows.input.row(row), into: rows.input.row(row), setup.features) }
    var input = rows.input.rows(0..<count)
    var start = 0
    for (place, layer) in layers.enumerated() {
      let (measured, imaginary) = (rows.measured[place], rows.imaginary[place])
      let noise = RandomStream(seed: setup.seed, purpose: .noise, entity: entityHash("measurement\(place + 1)"))
      if p.transformation == .identity {
        for row in 0..<count { measured.row(row).update(from: input.start + row * input.stride, count: input.columns) }
      } else {
        multiply(input, boxes[place].real.transposed, into: measured.rows(0..<count), on: parallel)
      }
      if p.transformation == .intensity {
        multiply(input, boxes[place].imaginary.transposed, into: imaginary.rows(0..<count), on: parallel)
      }
      let channels = measured.columns
      forRows(count, channels, on: parallel) { range in
        for row in range {
          let x = measured.row(row)
          switch p.transformation {
          case .intensity: Scalar.intensity(x, imaginary.row(row), channels)
          case .tanh: Scalar.activate(.tanh, x, channels)
          case .identity: break
          }
          guard p.noise > 0 else { continue }
          let size = (Scalar.dot(channels, x, x) / Scalar(channels)).squareRoot()
          // Positive, negative and neutral passes of a sample are measurements of their own.
          Scalar.addNoise(
            x, channels, deviation: Scalar(p.noise) * size, noise, index: UInt64(ids[row % ids.count]),
            draw: (draw * 3 + UInt64(row / ids.count)) << 20)
        }
      }
      multiply(measured.rows(0..<count), layer.weight.value.transposed, into: rows.mixtures[place].rows(0..<count), on: parallel)
      let (mixture, offset) = (rows.mixtures[place], start)
      for row in 0..<count { Scalar.normalise(mixture.row(row), into: rows.directions.row(row) + offset, mixture.columns) }
      input = rows.directions.rows(0..<count).columns(start..<start + mixture.columns)
      start += mixture.columns
    }
  }

  public mutating func archive(_ archive: inout Archive) throws {
    for place in layers.indices { try layers[place].archive(&archive, "layer\(place + 1)", p.optimiser) }
    try readout.archive(&archive, "readout", readoutOptimiser)
  }
}
