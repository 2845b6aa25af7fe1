import SNNSignals
import SNNTraining

/// Homeostasis of the Jacobian: Laborieux & Zenke (2024), arXiv:2309.02214.
extension EquilibriumNetwork {
  /// Adds homeostasis · ∂L_h/∂(weights between layers) to the gradients, L_h = ⟨|Je|² − e·J(Je)⟩/units over random directions e:
  ///
  ///     ∂L_h/∂J = ⟨2 (Je) eᵀ − e (Je)ᵀ − (Jᵀe) eᵀ⟩/units
  ///
  /// - Returns: L_h. The network must be untied.
  func keepSymmetric(_ moment: Moment) -> Double {
    let units = layers.reduce(0) { $0 + $1.outputs }
    let stream = RandomStream(seed: setup.seed, purpose: .learning, entity: entityHash("homeostasis"))
    var drawn = 0
    let e = layers.map { layer in
      let e = Matrix<Scalar>(p.draws, layer.outputs)
      for i in 0..<e.count { e.start[i] = Scalar(stream.normal(index: UInt64(moment.step), draw: UInt64(drawn + i))) }
      drawn += e.count
      return e
    }
    let je = layers.map { Matrix<Scalar>(p.draws, $0.outputs) }
    let jte = layers.map { Matrix<Scalar>(p.draws, $0.outputs) }
    for (lower, back) in backward.enumerated() {
      let (upper, forward) = (lower + 1, layers[lower + 1].weight.value)
      multiply(e[lower].whole, forward.transposed, into: je[upper].whole, adding: true, on: setup.parallel)
      multiply(e[upper].whole, back.value.whole, into: je[lower].whole, adding: true, on: setup.parallel)
      multiply(e[upper].whole, forward.whole, into: jte[lower].whole, adding: true, on: setup.parallel)
      multiply(e[lower].whole, back.value.transposed, into: jte[upper].whole, adding: true, on: setup.parallel)
    }
    let scale = Scalar(p.homeostasis) / Scalar(p.draws * units)
    for (lower, back) in backward.enumerated() {
      let upper = lower + 1
      func add(_ x: Matrix<Scalar>, _ y: Matrix<Scalar>, _ factor: Scalar, to gradient: Matrix<Scalar>) {
        multiply(x.transposed, y.whole, into: gradient.whole, scale: factor * scale, adding: true, on: setup.parallel)
      }
      let forward = layers[upper].weight.gradient
      add(je[upper], e[lower], 2, to: forward)
      add(e[upper], je[lower], -1, to: forward)
      add(jte[upper], e[lower], -1, to: forward)
      add(e[upper], je[lower], 2, to: back.gradient)
      add(je[upper], e[lower], -1, to: back.gradient)
      add(e[upper], jte[lower], -1, to: back.gradient)
    }
    var sum = 0.0
    for place in layers.indices {
      sum += Double(Scalar.dot(je[place].count, je[place].start, je[place].start))
      sum -= Double(Scalar.dot(je[place].count, jte[place].start, je[place].start))
    }
    return sum / Double(p.draws * units)
  }
}
