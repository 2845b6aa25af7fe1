import SNNDynamics
import SNNSignals

/// The synapses of one plastic projection onto one chunk and receptor.
///
/// Presynaptic spikes come one window late, when all postsynaptic spikes that a synapse may meet before them are known: no
/// window is longer than a plastic synapse's dendritic delay. Times are in ticks: steps on the grid, picoseconds else.
public protocol PlasticSynapses: Checkpointed, Sendable {
  /// Row starts, targets and delays; its weights mean nothing.
  var table: SynapseTable { get }
  /// Index among the network's populations.
  var source: Int { get }
  /// What a transmitted weight is to be multiplied by: −1 for inhibitory currents and potentials.
  var sign: Double { get }
  /// How long a spike travels to these synapses before they see it, ticks.
  var axonalDelay: Int64 { get }
  /// The population whose spikes release the rule's modulator, as an index among the network's; nil without one.
  var modulator: Int? { get }
  /// Size of everything that grows with synapses or sources.
  var byteCount: Int { get }
  /// Whether a source without synapses may get some: its spikes are to be seen too.
  var rewires: Bool { get }

  /// The spikes and signals of a window come next.
  func beginDelivery()
  /// A spike of `source` reaches its synapses at `time`. Returns the weights that it meets, in the order of the row, and the
  /// factor that they are all to be multiplied by; valid until the next call.
  func presynapticSpike(_ source: Int, at time: Int64) -> (weights: UnsafePointer<Double>, factor: Double)
  /// Spikes of the chunk's neurons, each neuron's in the order of time.
  func postsynapticSpikes(_ packet: borrowing SpikePacket)
  /// States of the chunk's neurons in the present window, for a rule that reads them.
  func observe(_ probes: ObservedProbes)
  /// All spikes of the modulator's population in a window, in any order; before the presynaptic spikes of that window.
  func modulatorSpikes(_ times: [Int64])
  /// All presynaptic spikes until `time` have been seen: the moment for what must be done now and then.
  func finishDelivery(until time: Int64)

  /// Before looks at rows: spikes of the modulator's population that `modulatorSpikes` has yet to see. ``endLook()`` takes them
  /// back.
  func beginLook(modulatorSpikes times: [Int64])
  func endLook()

  /// The weight of one synapse at each moment after `start` until `end` at which a spike of either side reaches it, and at
  /// `start` if a tick was then. Nothing is changed.
  /// - Parameter arrivals: when `source` has spiked (at the synapse), as far as `presynapticSpike` has not seen it, in order.
  func forEachChange(
    of place: Int, _ source: Int, arrivals: [Int64], after start: Int64, until end: Int64, _ body: (Int64, Double) -> Void)

  /// Weights as they are at `time`, after all that `presynapticSpike` has seen, and the spikes of `pending` until then, which it
  /// has not.
  /// - Parameters:
  ///   - pending: when `source` has spiked (at the synapse), in order.
  ///   - body: gets the weights of the row.
  func withRow(
    _ source: Int, at time: Int64, pending: UnsafeBufferPointer<Int64>, _ body: (UnsafePointer<Double>) throws -> Void) rethrows
}

/// What the kernel knows of one presynaptic neuron of a plastic projection.
struct PresynapticNeuron: BitwiseCopyable {
  /// Ticks; ``never`` before the first.
  var lastSpike: Int64 = Self.never
  /// Until when its synapses are up to date.
  var processed: Int64 = 0
  /// Just after the last spike.
  var traces = SIMD2<Double>()
  /// Of its short-term plasticity.
  var release = SIMD4<Double>()

  static let never = Int64.min / 4
}
