import SNNTraining

extension SurrogateGradient.Parameters {
  /// Delays change as weights do, but for their rate; nil where they don't.
  var delayOptimiser: OptimiserParameters? {
    guard delays == .learned else { return nil }
    var delayOptimiser = optimiser
    delayOptimiser.rate = delayRate
    return delayOptimiser
  }
}

/// What delays change in the network: the current of a hidden layer, the way down, the gradient. Outputs are read in the mean
/// over all steps, or at each, and have none.
extension SurrogateGradientNetwork {
  static func checkDelays(_ p: SurrogateGradient.Parameters, _ setup: LearnerSetup) throws {
    guard p.delays != .none else { return }
    guard p.method == .bptt else {
      throw TrainingError("\(p.method.rawValue) knows nothing of delays", hint: "use \"method\": \"bptt\"", parameter: "delays")
    }
    guard setup.steps > 1 else {
      throw TrainingError(
        "delays are for samples with steps of their own, these are static", hint: "an encoder may give them steps",
        parameter: "delays")
    }
    guard p.projection.rows.isEmpty else {
      throw TrainingError("protection of earlier tasks is not defined for delays", parameter: "delays")
    }
  }

  static func makeTaps(_ p: SurrogateGradient.Parameters, _ setup: LearnerSetup) -> [DelayTaps<Scalar>] {
    guard p.delays != .none else { return [] }
    return zip([setup.features] + p.layers, p.layers).enumerated().map { place, size in
      DelayTaps(outputs: size.1, inputs: size.0, taps: p.taps, seed: setup.seed, name: "layer\(place + 1)")
    }
  }

  /// The current of layer `place`.
  func drive(_ place: Int, _ input: MatrixPart<Scalar>, into drive: Matrix<Scalar>, _ count: Int) {
    let layer = stack.layers[place]
    guard place < taps.count else { return layer.forward(input, into: drive, on: setup.parallel) }
    taps[place].forward(input, into: drive, count, input.rows / count, on: setup.parallel)
    guard let bias = layer.bias?.value else { return }
    forRows(input.rows, drive.columns, on: setup.parallel) { rows in
      Scalar.addBias(rows.count, drive.columns, bias.start, to: drive.row(rows.lowerBound))
    }
  }

  /// From derivatives at the currents of layer `place` to those at the spikes below it.
  func goDown(_ place: Int, _ error: Matrix<Scalar>, into below: Matrix<Scalar>, _ count: Int, _ steps: Int) {
    if place < taps.count { return taps[place].back(error, into: below, count, steps, on: setup.parallel) }
    let rows = 0..<count * steps
    multiply(error.rows(rows), stack.layers[place].weight.value.whole, into: below.rows(rows), on: setup.parallel)
  }

  /// Changes layer `place`, with its delays.
  mutating func learn(
    _ place: Int, _ delta: MatrixPart<Scalar>, _ input: MatrixPart<Scalar>, scale: Scalar, at moment: Moment,
    presynaptic: MatrixPart<Scalar>
  ) {
    guard place < taps.count else {
      return stack.learn(place, delta, input, scale: scale, at: moment, presynaptic: presynaptic)
    }
    let (layer, steps) = (stack.layers[place], setup.steps)
    taps[place].differentiate(layer.weight, delta, input, scale: scale, delta.rows / steps, steps, on: setup.parallel)
    if let gradient = layer.bias?.gradient { sumRows(delta, scale: scale, into: gradient) }
    stack.learn(place, presynaptic: presynaptic, at: moment)
    if let optimiser = p.delayOptimiser { taps[place].step(optimiser, at: moment, on: setup.parallel) }
  }

  /// The outputs, or their sum over all steps, with every delay rounded.
  mutating func delayedOutputs(_ batch: Batch) -> Matrix<Scalar> {
    let (courses, x) = (takeCourses(batch), input(batch))
    for place in taps.indices { taps[place].spread(stack.layers[place].weight.value, at: nil, on: setup.parallel) }
    forward(courses, x, batch)
    let output = courses.last!.output
    guard p.output == .eachStep else { return output }
    let sum = Matrix<Scalar>(batch.count, setup.classes)
    for t in 0..<steps(batch) { Scalar.add(sum.count, 1, output.row(t * batch.count), to: sum.start) }
    return sum
  }
}

extension SurrogateGradient {
  /// Weights with a gradient and two moments of each; with delays as much for these, and three numbers for each weight and lag.
  public static func bytes(_ parameters: Parameters, _ setup: LearnerSetup) -> Double {
    let sizes = ([setup.features] + parameters.layers + [setup.classes]).map { Double($0) }
    let weights = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let delayed = parameters.delays == .none ? 0 : weights - sizes[sizes.count - 2] * sizes[sizes.count - 1]
    return (4 * (weights + delayed) + 3 * Double(parameters.taps) * delayed) * (parameters.precision == .single ? 4 : 8)
  }
}
