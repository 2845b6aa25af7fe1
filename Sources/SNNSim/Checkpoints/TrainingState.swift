import SNNSignals
import SNNTraining

/// A training between two batches: how far its loop has come, and what its learner has learnt.
final class TrainingState: Checkpointed {
  var loop: TrainingLoop
  var learner: any Learner

  init(_ loop: TrainingLoop, _ learner: any Learner) {
    self.loop = loop
    self.learner = learner
  }

  func pass(through state: StateTransfer) throws {
    try state.section("training") { try loop.pass(through: state) }
    try state.section("learner") { try learner.pass(through: state) }
  }

  /// Goes on until the last epoch, or until it shall stop.
  func run(_ observer: inout TrainingRecorder, shouldStop: () -> Bool) throws -> TrainingOutcome {
    try loop.run(&learner, observer: &observer, shouldStop: shouldStop)
  }
}
