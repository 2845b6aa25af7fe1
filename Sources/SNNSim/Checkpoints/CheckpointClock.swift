import Dispatch
import Synchronization

/// Says when a checkpoint is due: an interval of wall time after the last one, and whenever somebody asks.
///
/// The time is that of a clock that only goes forward, whatever is done to the calendar.
final class CheckpointClock: @unchecked Sendable {
  // @unchecked: only for the timer, which one thread sets.
  private let due = Atomic<Bool>(false)
  private let interval: Double?
  private let timer: any DispatchSourceTimer

  /// - Parameter interval: s; nil for only when asked.
  init(interval: Double?) {
    self.interval = interval
    timer = DispatchSource.makeTimerSource(queue: .global())
    timer.setEventHandler { [weak self] in self?.ask() }
    timer.resume()
    restart()
  }

  deinit { timer.cancel() }

  var isDue: Bool { due.load(ordering: .relaxed) }
  func ask() { due.store(true, ordering: .relaxed) }

  /// A checkpoint has been written.
  func restart() {
    due.store(false, ordering: .relaxed)
    if let interval { timer.schedule(deadline: .now() + interval) }
  }
}
