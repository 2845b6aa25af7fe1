import SNNSignals
import Synchronization

/// What others may ask of a running simulation. Any thread reads and writes it.
public final class StreamControls: Sendable {
  private let paused = Atomic<Bool>(false)
  private let stopped = Atomic<Bool>(false)
  private let writesCheckpoints = Atomic<Bool>(false)
  private let checkpoint = Atomic<Bool>(false)
  private let live = Mutex<(known: [LiveParameter], pending: [LiveChange])>(([], []))
  /// Bits of the factor; NaN for none.
  private let pace: Atomic<UInt64>

  /// - Parameter realtime: see ``realtime``.
  public init(realtime: Double? = nil) { pace = Atomic((realtime ?? .nan).bitPattern) }

  public var isPaused: Bool {
    get { paused.load(ordering: .relaxed) }
    set { paused.store(newValue, ordering: .relaxed) }
  }

  /// Whether the run shall end after the present window.
  public var isStopRequested: Bool { stopped.load(ordering: .relaxed) }
  public func requestStop() { stopped.store(true, ordering: .relaxed) }

  /// Whether the run has a place for checkpoints.
  public var canCheckpoint: Bool {
    get { writesCheckpoints.load(ordering: .relaxed) }
    set { writesCheckpoints.store(newValue, ordering: .relaxed) }
  }
  /// Whether a checkpoint shall be written after the present window.
  public var isCheckpointRequested: Bool { checkpoint.load(ordering: .relaxed) }
  public func requestCheckpoint() { checkpoint.store(true, ordering: .relaxed) }
  /// The checkpoint that was asked for is being written.
  public func takeCheckpointRequest() { checkpoint.store(false, ordering: .relaxed) }

  /// The numbers of the network that may be set.
  public var liveParameters: [LiveParameter] {
    get { live.withLock { $0.known } }
    set { live.withLock { $0.known = newValue } }
  }

  /// Asks for a number to be set; the run takes it with the next window.
  func set(_ change: LiveChange) { live.withLock { $0.pending.append(change) } }

  /// What was asked for since this was called last, in the order of asking.
  public func takeChanges() -> [LiveChange] {
    live.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
  }

  /// Whether a factor is one that makes sense.
  public static func allows(realtime factor: Double) -> Bool { factor >= 1e-6 && factor <= 1e6 }

  /// Simulated time per wall time that the run may not exceed: 1 is real time, 0.1 ten times slower. Without one it runs as
  /// fast as it can.
  public var realtime: Double? {
    get {
      let factor = Double(bitPattern: pace.load(ordering: .relaxed))
      return factor.isNaN ? nil : factor
    }
    set { pace.store((newValue ?? .nan).bitPattern, ordering: .relaxed) }
  }
}

/// A number of the network that others may set while the run goes on.
public struct LiveParameter: Sendable {
  /// In the network file: `inputs.background.rate`.
  public var path: String
  public var unit: Unit
  public var bound: Bound

  public init(path: String, unit: Unit, bound: Bound) {
    self.path = path
    self.unit = unit
    self.bound = bound
  }
}

/// A value for one of ``StreamControls/liveParameters``.
public struct LiveChange: Sendable {
  /// Its number among them.
  public var parameter: Int
  public var value: Double
}
