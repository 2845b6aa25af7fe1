import Foundation
import Synchronization

/// Ctrl-C: the first ends the run cleanly after the present window, the second ends the program. SIGUSR1 asks for a checkpoint.
enum Interruption {
  private static let requested = Atomic<Bool>(false)
  private static let checkpoint = Atomic<Bool>(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Whether a checkpoint was asked for since the last call.
  static func takeCheckpointRequest() -> Bool {
    checkpoint.load(ordering: .relaxed) && checkpoint.exchange(false, ordering: .relaxed)
  }

  static func watch() {
    // Whoever started this process may have had these signals blocked, which a child inherits.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGUSR1)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    signal(SIGUSR1) { _ in Interruption.checkpoint.store(true, ordering: .relaxed) }
    // Whoever reads progress or results may go; the run goes on.
    signal(SIGPIPE, SIG_IGN)
  }
}
