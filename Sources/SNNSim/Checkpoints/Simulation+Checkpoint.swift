import SNNFiles
import SNNKernel
import SNNSignals

extension Simulation {
  /// Brings a run to where it begins.
  /// - Parameters:
  ///   - state: what another run's state is taken over for.
  ///   - parts: everything that a run which goes on takes over.
  ///   - place: where it then stands, for messages.
  /// - Returns: what happened, for those who read the manifest; nil for a run from the beginning.
  func restore(_ state: [any Checkpointed], _ parts: [any Checkpointed], _ place: () -> String) throws -> String? {
    switch settings.start {
    case .beginning: return nil
    case .branching(let checkpoint):
      let transfer = StateTransfer(restoringFrom: checkpoint)
      for part in state { try part.pass(through: transfer) }
      return "begins at \(place()) with the state of \(checkpoint.path)"
    case .resuming(let run):
      for damage in run.damage { settings.notice("a checkpoint can't be used: \(damage)") }
      for (age, number) in run.checkpoints.enumerated().reversed() {
        do {
          let checkpoint = try CheckpointFile(path: CheckpointFolder.file(number, in: run.folder))
          let transfer = StateTransfer(restoringFrom: checkpoint)
          for part in parts { try part.pass(through: transfer) }
        } catch let error as CheckpointError where age > 0 {
          settings.notice("checkpoint \(number) can't be used, the one before it is: \(error)")
          continue
        }
        CheckpointFolder.clear(run.folder, after: number)
        return "resumed at \(place()) from checkpoint \(number)"
      }
      CheckpointFolder.clear(run.folder, after: 0)
      return "begun again: there was no checkpoint"
    }
  }
}
