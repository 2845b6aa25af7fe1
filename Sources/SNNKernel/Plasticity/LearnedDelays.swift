import SNNDynamics
import SNNSignals

/// A synaptic input that a spike through a learned delay becomes.
struct Transmission: BitwiseCopyable {
  /// When it acts, ticks.
  var time: Int64
  var weight: Double
  /// Neuron within the chunk.
  var target: UInt32
}

/// The synapses of one projection with learned delays onto one chunk and receptor.
///
/// Spikes of both sides come a window late, when all that happened until they were sent is known: no window is longer than the
/// least delay. Times are in ticks: steps on the grid, picoseconds else.
protocol LearnedDelays: Checkpointed, Sendable {
  /// Row starts and targets; its weights and delays mean nothing.
  var table: SynapseTable { get }
  var source: Int { get }
  /// No synapse will ever be slower.
  var maximumDelay: Time { get }
  var byteCount: Int { get }

  /// Everything until `end` happens: `spikes` are sent, spikes arrive, the neurons spike. Returns what was sent, in an order that
  /// depends on the network only; valid until the next call.
  func send(_ spikes: ShownSpikes, until end: Int64) -> UnsafeBufferPointer<Transmission>
  /// Spikes of the chunk's neurons, in the order of time.
  func postsynapticSpikes(_ packet: borrowing SpikePacket)
  /// The synapses by place as they are at `time`, within the window after the last `end` or at its close. Nothing is changed.
  func look(at time: Int64) -> UnsafePointer<DelaySynapse>

  /// Notes what becomes of more synapses from now on; forgotten when state is restored.
  func watch(_ places: [Int])
  /// What became of them in the last ``send(_:until:)``, in the order in which it happened; also what stayed as it was.
  var changes: [DelayChange] { get }
  /// The same for everything since then until `end`. Nothing is changed.
  func lastChanges(until end: Int64) -> [DelayChange]
}

/// What a synapse is after an event that may have changed it.
struct DelayChange {
  /// Ticks.
  var time: Int64
  var place: UInt32
  var weight: Double
  var delay: Double
}

/// A delay rule and the range that its delays keep to, ms.
public struct DelayLearning: Sendable {
  public var rule: any DelayRule
  public var range: ClosedRange<Double>

  public init(rule: any DelayRule, range: ClosedRange<Double>) {
    self.rule = rule
    self.range = range
  }

  func makeSynapses(
    _ table: SynapseTable, release: (any ReleaseRule)?, source: Int, _ clock: TickClock, windowLength: Time
  ) -> any LearnedDelays {
    func open<Rule: DelayRule>(_ rule: Rule) -> any LearnedDelays {
      DelayTable(rule, range, release: release, table, source: source, clock, windowLength: windowLength)
    }
    return open(rule)
  }
}
