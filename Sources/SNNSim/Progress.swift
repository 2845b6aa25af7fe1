import Foundation
import SNNKernel
import SNNSignals

/// How progress is shown on standard error.
public enum ProgressStyle: String, Sendable, CaseIterable { case auto, plain, none }

/// Simulated time, real-time factor, time left and rate: a bar on a terminal, a line each 10 s elsewhere when asked for.
final class Progress: WindowObserver {
  private let begin: Time
  private let end: Time
  private let neurons: Int
  private let isBar: Bool
  private let colour: Bool
  private let interval: Duration
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private var nextUpdate: ContinuousClock.Instant
  private var windows = 0
  private var spikes = 0
  private var drawn = false

  /// `nil` when nothing is to be shown.
  init?(_ style: ProgressStyle, begin: Time, end: Time, neurons: Int, environment: [String: String]) {
    let isTerminal = isatty(STDERR_FILENO) != 0 && environment["TERM"] != "dumb"
    guard style == .plain || style == .auto && isTerminal else { return nil }
    self.begin = begin
    self.end = end
    self.neurons = neurons
    isBar = style == .auto
    colour = isBar && (environment["NO_COLOR"] ?? "").isEmpty
    interval = isBar ? .milliseconds(100) : .seconds(10)
    started = clock.now
    nextUpdate = started + interval
  }

  func take(_ window: Window, spikes all: [[Spike]], probes: [StateProbe]) {
    for list in all { spikes += list.count }
    windows += 1
    // The clock is read once in 16 windows, far below a thousandth of the run time.
    guard windows & 15 == 0 else { return }
    let now = clock.now
    guard now >= nextUpdate else { return }
    nextUpdate = now + interval
    show(window.end, elapsed: now - started)
  }

  private func show(_ time: Time, elapsed: Duration) {
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let fraction = Double(time.picoseconds) / Double(max(1, end.picoseconds))
    let passed = max((time - begin).milliseconds, 1e-9)
    let left = seconds / passed * (end - time).milliseconds
    let rate = Double(spikes) / Double(max(1, neurons)) / passed * 1000
    let facts = String(
      format: "%5.1f %%  %.0f ms  %.2f x real time  %.1f Hz  %@ left", fraction * 100, time.milliseconds,
      seconds / (passed / 1000), rate, Self.text(seconds: left))
    if isBar {
      let width = 24
      let filled = Int(fraction * Double(width))
      let bar = String(repeating: "━", count: filled)
      let rest = String(repeating: "─", count: width - filled)
      let line = colour ? "\u{1B}[32m\(bar)\u{1B}[90m\(rest)\u{1B}[0m" : bar + rest
      write("\r\u{1B}[K\(line) \(facts)")
      drawn = true
    } else {
      write(facts + "\n")
    }
  }

  /// Removes the bar.
  func finish() { if drawn { write("\r\u{1B}[K") } }

  private static func text(seconds: Double) -> String {
    let s = Int(seconds.rounded(.up))
    return s < 60 ? "\(s) s" : s < 3600 ? "\(s / 60) min \(s % 60) s" : "\(s / 3600) h \(s % 3600 / 60) min"
  }

  /// Nobody may be there to read it.
  private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
