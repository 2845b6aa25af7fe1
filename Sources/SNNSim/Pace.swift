import Foundation
import SNNKernel
import SNNSignals
import SNNStream

/// Holds a run to what its controls ask: waits while it is paused, and until wall time has caught up with simulated time.
/// A run that is slower than its factor is not slowed, and goes faster until it has caught up.
final class Pace: WindowObserver {
  private let controls: StreamControls
  private let shouldStop: () -> Bool
  private let clock = ContinuousClock()
  /// Where the present factor began.
  private var origin: (factor: Double, wall: ContinuousClock.Instant, time: Time)?

  /// - Parameter begin: of the run.
  init(_ controls: StreamControls, begin: Time, shouldStop: @escaping () -> Bool) {
    self.controls = controls
    self.shouldStop = shouldStop
    origin = controls.realtime.map { ($0, clock.now, begin) }
  }

  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) {
    if controls.isPaused {
      while controls.isPaused, !shouldStop() { sleep(.milliseconds(2)) }
      origin = nil
    }
    guard let factor = controls.realtime else {
      origin = nil
      return
    }
    guard let origin, origin.factor == factor else {
      self.origin = (factor, clock.now, window.end)
      return
    }
    let due = origin.wall + .milliseconds((window.end - origin.time).milliseconds / factor)
    while case let left = due - clock.now, left > .zero, controls.realtime == factor, !controls.isPaused, !shouldStop() {
      sleep(min(left, .milliseconds(10)))
    }
  }

  private func sleep(_ duration: Duration) {
    var time = timespec(tv_sec: 0, tv_nsec: Int(duration.components.attoseconds / 1_000_000_000))
    nanosleep(&time, nil)
  }
}
