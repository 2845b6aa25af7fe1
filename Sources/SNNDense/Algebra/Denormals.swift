import CPrimitives
import SNNTraining

/// Runs `body` with denormal numbers (for `Float` those below 1.2 · 10⁻³⁸) taken for zero.
///
/// Learning makes many of them: velocities of weights whose input has fallen silent, errors of samples that are surely right. An
/// operation on one takes some hundred cycles on many processors, and none is large enough to change a weight.
func flushingDenormals<Result>(_ body: () throws -> Result) rethrows -> Result {
  let mode = primitive_flush_denormals()
  defer { primitive_restore_denormals(mode) }
  return try body()
}

extension Parallel {
  /// The same for each task: the mode belongs to a thread, and results must not depend on which thread ran a task.
  var flushingDenormals: Parallel {
    let forEach = forEach
    return Parallel { count, body in
      forEach(count) { task in SNNDense.flushingDenormals { body(task) } }
    }
  }
}
