import SNNSignals
import SNNTraining

/// What a Hebbian orthogonal projection is made from; without rows there is none.
public struct ProjectionParameters: Sendable {
  public var rows: [Int] = []
  public var growth: [Int] = []
  public var growthCut = 0
  public var growthCutEvery = 3
  public var rates: [Double] = []
  public var momentum = 0.9
  public var repetitions = 5
  public var isOrthonormalised = false
  public init() {}
}

public protocol ProjectedParameters: LearnerParameters {
  var projection: ProjectionParameters { get set }
}

extension LearnerParameter where Parameters: ProjectedParameters {
  static var projection: [LearnerParameter] {
    [
      LearnerParameter(
        "lateral_rows", \Parameters.projection.rows, "lateral neurons of each layer in the first task; none: no projection",
        .positive),
      LearnerParameter("lateral_growth", \Parameters.projection.growth, "those added in each later task", .nonNegative),
      LearnerParameter("lateral_cut", \Parameters.projection.growthCut, "by how much the growth shrinks", .nonNegative),
      LearnerParameter("lateral_cut_every", \Parameters.projection.growthCutEvery, "after how many tasks", .positive),
      LearnerParameter("lateral_rate", \Parameters.projection.rates, "Hebbian learning rate of each layer", .positive),
      LearnerParameter("lateral_momentum", \Parameters.projection.momentum, "of Hebbian learning", .fraction),
      LearnerParameter("lateral_repetitions", \Parameters.projection.repetitions, "Hebbian updates of a batch", .positive),
      LearnerParameter(
        "lateral_orthonormal", \Parameters.projection.isOrthonormalised, "orthonormalise the rows at the end of a task"),
    ]
  }
}

/// Hebbian orthogonal projection (HLOP): linear lateral neurons of each layer learn the subspace of its presynaptic activity by
/// Hebbian and anti-Hebbian plasticity; weights of later tasks change only in the directions that it leaves free.
///
///     Y = X Hᵀ,  X̂ = Y H,  D = Yᵀ(X − X̂)/rows, each entry within ±10;   M ← μ M + (1 − μ) D,  H ← H + η M
///     ∂loss/∂W ← ∂loss/∂W (I − H_oldᵀ H_old),   which is the gradient for the presynaptic trace X − X H_oldᵀ H_old
///
/// Rows of earlier tasks are frozen and go on taking their part out of X̂, so new rows learn what is not yet covered.
/// Any trainer whose gradient is an outer product with a presynaptic trace can be combined with it.
/// Xiao, Meng, Zhang, He & Lin (2024), ICLR, arXiv:2402.11984.
struct HebbianProjection<Scalar: DenseScalar> {
  let parameters: ProjectionParameters
  private let setup: LearnerSetup
  var subspaces: [Subspace]
  private var task = 0

  /// What one layer's lateral neurons are.
  struct Subspace {
    let inputs: Int
    /// Rows of earlier tasks, frozen.
    var old: Matrix<Scalar>
    var new: Matrix<Scalar>
    var velocity: Matrix<Scalar>
  }

  /// Without lateral rows there is no projection.
  init?(_ p: ProjectionParameters, inputs: [Int], _ setup: LearnerSetup) throws {
    if p.rows.isEmpty { return nil }
    for (name, count) in [("lateral_rows", p.rows.count), ("lateral_growth", p.growth.count), ("lateral_rate", p.rates.count)]
    where count != inputs.count && !(name == "lateral_growth" && count == 0) {
      throw TrainingError(
        "\(name) has \(count) entries, and there are \(inputs.count) layers of weights", hint: "one for each layer",
        parameter: name)
    }
    for (rows, inputs) in zip(p.rows, inputs) where rows > inputs {
      throw TrainingError(
        "\(rows) lateral neurons for \(inputs) inputs", hint: "a subspace has at most as many dimensions as the layer has inputs",
        parameter: "lateral_rows")
    }
    parameters = p
    self.setup = setup
    subspaces = inputs.map {
      Subspace(inputs: $0, old: Matrix(0, $0), new: Matrix(0, $0), velocity: Matrix(0, $0))
    }
    grow()
  }

  /// Whether there are earlier tasks to protect.
  var isProtecting: Bool { task > 0 }

  /// gradient ← gradient (I − H_oldᵀ H_old).
  func project(_ gradient: Matrix<Scalar>, _ place: Int) {
    let old = subspaces[place].old
    guard old.rows > 0 else { return }
    let shares = Matrix<Scalar>(gradient.rows, old.rows)
    multiply(gradient.whole, old.transposed, into: shares.whole, on: setup.parallel)
    multiply(shares.whole, old.whole, into: gradient.whole, scale: -1, adding: true, on: setup.parallel)
  }

  /// Hebbian learning of layer `place` from its presynaptic activity, one sample or step a row.
  func learn(_ place: Int, _ x: MatrixPart<Scalar>) {
    let (parallel, subspace) = (setup.parallel, subspaces[place])
    let (new, velocity) = (subspace.new, subspace.velocity)
    guard new.rows > 0 else { return }
    // What the frozen rows leave of x is the same in all repetitions.
    let uncovered = Matrix<Scalar>(x.rows, x.columns)
    for row in 0..<x.rows { uncovered.row(row).update(from: x.start + row * x.stride, count: x.columns) }
    if subspace.old.rows > 0 {
      let shares = Matrix<Scalar>(x.rows, subspace.old.rows)
      multiply(x, subspace.old.transposed, into: shares.whole, on: parallel)
      multiply(shares.whole, subspace.old.whole, into: uncovered.whole, scale: -1, adding: true, on: parallel)
    }
    let activity = Matrix<Scalar>(x.rows, new.rows)
    let rest = Matrix<Scalar>(x.rows, x.columns)
    let change = Matrix<Scalar>(new.rows, new.columns)
    let (momentum, rate) = (Scalar(parameters.momentum), Scalar(parameters.rates[place]))
    for _ in 0..<parameters.repetitions {
      multiply(x, new.transposed, into: activity.whole, on: parallel)
      rest.copy(uncovered)
      multiply(activity.whole, new.whole, into: rest.whole, scale: -1, adding: true, on: parallel)
      multiply(activity.transposed, rest.whole, into: change.whole, scale: 1 / Scalar(x.rows), on: parallel)
      elementwise(new.count, on: parallel) {
        Scalar.hebb(
          new.start + $0.lowerBound, velocity.start + $0.lowerBound, change.start + $0.lowerBound, $0.count, rate: rate,
          momentum: momentum, bound: 10)
      }
    }
  }

  mutating func beginTask(_ task: Int) {
    self.task = task
    if task > 0, subspaces[0].new.rows == 0 { grow() }
  }

  /// Freezes the rows of the task.
  mutating func endTask() {
    for place in subspaces.indices {
      let subspace = subspaces[place]
      if parameters.isOrthonormalised { orthonormalise(subspace.new, beside: subspace.old) }
      let all = Matrix<Scalar>(subspace.old.rows + subspace.new.rows, subspace.inputs)
      all.values = subspace.old.values + subspace.new.values
      subspaces[place].old = all
      subspaces[place].new = Matrix(0, subspace.inputs)
      subspaces[place].velocity = Matrix(0, subspace.inputs)
    }
    task += 1
  }

  /// New lateral neurons for the task, with orthonormal random weights.
  private mutating func grow() {
    for place in subspaces.indices {
      let (inputs, covered) = (subspaces[place].inputs, subspaces[place].old.rows)
      var rows = parameters.rows[place]
      if task > 0 {
        rows = parameters.growth.isEmpty ? 0 : parameters.growth[place]
        rows -= parameters.growthCut * (task / parameters.growthCutEvery)
      }
      rows = max(0, min(rows, inputs - covered))
      let new = Matrix<Scalar>.normal(rows, inputs, deviation: 1, seed: setup.seed, name: "lateral\(place + 1)/task\(task)")
      orthonormalise(new, beside: Matrix(0, inputs))
      subspaces[place].new = new
      subspaces[place].velocity = Matrix(rows, inputs)
    }
  }

  mutating func archive(_ archive: inout Archive) throws {
    try archive.number("lateral/task", &task)
    for place in subspaces.indices {
      let name = "lateral\(place + 1)"
      var (old, new) = (subspaces[place].old.rows, subspaces[place].new.rows)
      try archive.number(name + "/old_rows", &old)
      try archive.number(name + "/new_rows", &new)
      let inputs = subspaces[place].inputs
      guard max(old, new) <= inputs else {
        throw TrainingError("the model has \(max(old, new)) lateral neurons for \(inputs) inputs of layer \(place + 1)")
      }
      if old != subspaces[place].old.rows { subspaces[place].old = Matrix(old, inputs) }
      if new != subspaces[place].new.rows {
        subspaces[place].new = Matrix(new, inputs)
        subspaces[place].velocity = Matrix(new, inputs)
      }
      try archive.matrix(name + "/old", subspaces[place].old)
      try archive.matrix(name + "/new", subspaces[place].new)
      try archive.matrix(name + "/velocity", subspaces[place].velocity)
    }
  }
}

/// Makes the rows orthonormal among themselves and orthogonal to those of another matrix (Gram and Schmidt, twice for rounding).
func orthonormalise<Scalar>(_ rows: Matrix<Scalar>, beside others: Matrix<Scalar>) {
  let n = rows.columns
  for i in 0..<rows.rows {
    let row = rows.row(i)
    for _ in 0..<2 {
      for j in 0..<others.rows { Scalar.add(n, -Scalar.dot(n, row, others.row(j)), others.row(j), to: row) }
      for j in 0..<i { Scalar.add(n, -Scalar.dot(n, row, rows.row(j)), rows.row(j), to: row) }
    }
    let length = Scalar.dot(n, row, row).squareRoot()
    for k in 0..<n { row[k] /= length }
  }
}
