import SNNDynamics

/// The variables of eight adaptive exponential neurons, each in ``Lanes``.
protocol AdaptiveVariables: LaneVector {
  /// Membrane potential and adaptation current.
  var v: Lanes { get set }
  var w: Lanes { get set }
}

/// The equations of eight adaptive exponential neurons over one step: a membrane that runs away, is reset and may be held.
protocol AdaptiveExponential: FehlbergSystem where Vector: AdaptiveVariables, Hold == LaneMask {
  /// The step of the grid, the potential at which a spike is counted, what a spike does, and for how many steps it holds.
  var length: Lanes { get }
  var cut: Lanes { get }
  var vReset: Lanes { get }
  var b: Lanes { get }
  var hold: Lanes { get }
}

extension AdaptiveExponential {
  /// Advances `y` by one step of the grid without synaptic input; who spiked.
  ///
  /// - Parameters:
  ///   - steps: for which the membrane is still held.
  ///   - trial: the step with which the solver will try next, ms.
  @inline(__always)
  func evolve(_ y: inout Vector, holding steps: inout Lanes, _ trial: inout Lanes) -> LaneMask {
    var remaining = length
    var fired = LaneMask(repeating: false)
    while true {
      let held = steps .> 0
      let h = trial.replacing(with: remaining, where: remaining .< trial)
      let attempt = attempt(y, h, held: held)
      let scale = scale(attempt.next, h, held: held)
      // Who takes the whole step at once within half of the tolerance starts the next one so too.
      let partial = (h .< length) .| attempt.exceeds(0.5, scale)
      var taken = LaneMask(repeating: true)
      if _slowPath(partial.hasAny) {
        let active = remaining .> 0
        taken = active .& .!Fehlberg.adapt(&trial, h, worst: attempt.worst(scale), remaining, where: active)
      }
      y.replace(with: attempt.next, where: taken)
      // Written back whole: changed in place, a protocol's variable is reached through a table.
      y.v = y.v.replacing(with: vReset, where: held)
      remaining.replace(with: remaining - h, where: taken)
      let reached = taken .& .!held .& (y.v .>= cut)
      if _slowPath(reached.hasAny) {
        y.v = y.v.replacing(with: vReset, where: reached)
        y.w = y.w.replacing(with: y.w + b, where: reached)
        // The rest of this step counts as refractory too: one more, taken off below.
        steps.replace(with: hold + 1, where: reached .& (hold .> 0))
        fired = fired .| reached
      }
      guard _slowPath((remaining .> 0).hasAny) else { break }
    }
    steps = (steps - 1).replacing(with: 0, where: steps .<= 1)
    return fired
  }
}

extension SIMD8<Double> {
  /// The larger of two in each lane.
  @inline(__always)
  func larger(_ other: Self) -> Self { replacing(with: other, where: other .> self) }
}
