import SNNFiles
import SNNKernel
import SNNRecording
import SNNSignals
import SNNStream

/// Writes the checkpoints of one run: a list of parts, each of which opens sections of its own. A simulation's parts are its loop
/// and what it records; another kind of run has others.
final class RunCheckpoints: WindowObserver {
  private let folder: CheckpointFolder
  private let clock: CheckpointClock
  private let parts: [any Checkpointed]
  private let directory: ResultsDirectory
  /// The folder of the files that a checkpoint refers to.
  private let recorded: String
  private let controls: StreamControls
  private let isRequested: () -> Bool

  /// - Parameter recorded: the folder of the files that a checkpoint refers to; what is unfinished unless given.
  init(
    _ parts: [any Checkpointed], _ directory: ResultsDirectory, recorded: String? = nil, _ clock: CheckpointClock,
    _ settings: RunSettings, _ controls: StreamControls
  ) {
    self.parts = parts
    self.directory = directory
    self.clock = clock
    self.recorded = recorded ?? directory.unfinished
    self.controls = controls
    isRequested = settings.isCheckpointRequested
    folder = CheckpointFolder(path: directory.checkpoints, kept: settings.checkpointsKept)
    controls.canCheckpoint = true
  }

  /// Asked between windows.
  var isDue: Bool { clock.isDue }

  /// Looks for what others have asked.
  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) { look() }

  /// The same, of a run without windows.
  func look() {
    guard isRequested() || controls.isCheckpointRequested else { return }
    controls.takeCheckpointRequest()
    clock.ask()
  }

  /// Writes one, between windows.
  func write() throws {
    try folder.write(beside: recorded) { state in
      for part in parts { try part.pass(through: state) }
    }
    clock.restart()
  }

  /// Whether there is none, of this process or of one before it.
  var isEmpty: Bool { CheckpointFolder.numbers(in: directory.checkpoints).isEmpty }

  /// Waits until the last one is on the disk.
  func finish() throws { try folder.wait() }
}
