import Foundation
import SNNKernel
import SNNSignals

/// Simulated time, real-time factor, rate and time left of a simulation.
final class Progress: WindowObserver {
  private let line: ProgressLine
  private let begin: Time
  private let end: Time
  private let neurons: Int
  private var windows = 0
  private var spikes = 0

  /// `nil` when nothing is to be shown.
  init?(_ style: ProgressStyle, begin: Time, end: Time, neurons: Int, environment: [String: String]) {
    guard let line = ProgressLine(style, environment: environment) else { return nil }
    self.line = line
    self.begin = begin
    self.end = end
    self.neurons = neurons
  }

  func take(_ window: Window, spikes all: [[Spike]], probes: [StateProbe]) {
    for list in all { spikes += list.count }
    windows += 1
    // The clock is read once in 16 windows, far below a thousandth of the run time.
    if windows & 15 == 0, line.isDue() { show(window.end) }
  }

  private func show(_ time: Time) {
    let passed = max((time - begin).milliseconds, 1e-9)
    let rate = Double(spikes) / Double(max(1, neurons)) / passed * 1000
    line.show(
      fraction: Double(time.picoseconds) / Double(max(1, end.picoseconds)),
      left: line.elapsed / passed * (end - time).milliseconds,
      [
        String(
          format: "%.0f ms  %.2f x real time  %.1f Hz", time.milliseconds, line.elapsed / (passed / 1000), rate)
      ])
  }

  /// Removes the bar.
  func finish() { line.finish() }
}
