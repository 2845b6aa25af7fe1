import SNNCompiler
import SNNKernel
import SNNRecording
import SNNSignals
import SNNStream

/// Sets numbers of inputs as the stream's control asks for, between windows, and keeps what was set when.
final class LiveInputs: WindowObserver, Checkpointed {
  private let controls: StreamControls
  private let values: [LiveValue]
  private let planned: [PlannedLiveValue]
  private let step: Time
  private var changes: [Change] = []

  private struct Change: BitwiseCopyable {
    var picoseconds: Int64
    var parameter: Int
    var value: Double
  }

  init(_ built: BuiltNetwork, _ plan: NetworkPlan, _ controls: StreamControls) {
    values = built.live
    planned = plan.live
    step = plan.step
    self.controls = controls
    controls.liveParameters = planned.map { LiveParameter(path: $0.path, unit: $0.unit, bound: $0.bound) }
  }

  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) {
    for change in controls.takeChanges() {
      // The end of the window itself belongs to what has been computed.
      let time = window.end + step
      values[change.parameter].set(change.value, from: time)
      changes.append(Change(picoseconds: time.picoseconds, parameter: change.parameter, value: change.value))
    }
  }

  func pass(through state: StateTransfer) throws {
    try state.section("live") {
      for value in values { try value.pass(through: state) }
      try state.list(&changes)
      try state.require(changes.allSatisfy { planned.indices.contains($0.parameter) }, "changes a number that there is not")
    }
  }

  /// For the manifest: with these steps in its file the run would have been the same.
  var record: [Manifest.LiveChange] {
    changes.map {
      Manifest.LiveChange(
        time: Time(picoseconds: $0.picoseconds).milliseconds, path: planned[$0.parameter].path, value: $0.value)
    }
  }
}
