import Foundation

/// How progress is shown on standard error.
public enum ProgressStyle: String, Sendable, CaseIterable { case auto, plain, none }

/// A bar on a terminal, a line each 10 s elsewhere when asked for: how much is done, some facts and the time that is left.
final class ProgressLine {
  private let isBar: Bool
  private let colour: Bool
  private let interval: Duration
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private var nextUpdate: ContinuousClock.Instant
  private var drawn = false

  /// `nil` when nothing is to be shown.
  init?(_ style: ProgressStyle, environment: [String: String]) {
    let isTerminal = isatty(STDERR_FILENO) != 0 && environment["TERM"] != "dumb"
    guard style == .plain || style == .auto && isTerminal else { return nil }
    isBar = style == .auto
    colour = isBar && (environment["NO_COLOR"] ?? "").isEmpty
    interval = isBar ? .milliseconds(100) : .seconds(10)
    started = clock.now
    nextUpdate = started + interval
  }

  /// Seconds since the beginning.
  var elapsed: Double { (clock.now - started) / .seconds(1) }

  /// Whether it is time to show something again.
  func isDue() -> Bool {
    let now = clock.now
    guard now >= nextUpdate else { return false }
    nextUpdate = now + interval
    return true
  }

  /// - Parameter left: seconds; in proportion to what is done unless given.
  func show(fraction: Double, left: Double? = nil, _ facts: [String]) {
    let left = left ?? elapsed / max(fraction, 1e-9) * (1 - fraction)
    let text = ([String(format: "%5.1f %%", fraction * 100)] + facts + [Self.text(seconds: left) + " left"]).joined(
      separator: "  ")
    guard isBar else { return write(text + "\n") }
    let width = 24
    let filled = Int(min(1, fraction) * Double(width))
    let bar = String(repeating: "━", count: filled)
    let rest = String(repeating: "─", count: width - filled)
    write("\r\u{1B}[K" + (colour ? "\u{1B}[32m\(bar)\u{1B}[90m\(rest)\u{1B}[0m" : bar + rest) + " " + text)
    drawn = true
  }

  /// A line that stays.
  func say(_ line: String) {
    finish()
    write(line + "\n")
  }

  /// Removes the bar.
  func finish() {
    if drawn { write("\r\u{1B}[K") }
    drawn = false
  }

  private static func text(seconds: Double) -> String {
    let s = Int(min(seconds, 1e9).rounded(.up))
    return s < 60 ? "\(s) s" : s < 3600 ? "\(s / 60) min \(s % 60) s" : "\(s / 3600) h \(s % 3600 / 60) min"
  }

  /// Nobody may be there to read it.
  private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
