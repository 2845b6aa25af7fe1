import SNNDynamics
import SNNSignals

/// A population (or sized input) as a range of chunks.
public struct PopulationLayout: Sendable {
  public var name: String
  public var size: Int
  public var chunks: Range<Int>
  /// Sources play inputs; they have no state.
  public var isSource: Bool
  public init(name: String, size: Int, chunks: Range<Int>, isSource: Bool) {
    self.name = name
    self.size = size
    self.chunks = chunks
    self.isSource = isSource
  }
}

/// A network ready to run: chunks with their synapses, and nothing that has a name to be looked up.
public final class CompiledNetwork: Sendable {
  /// In file order: neurons first, then sources.
  public let populations: [PopulationLayout]
  public let chunks: [any Chunk]
  public let probes: [StateProbe]
  /// The grid's resolution.
  public let step: Time
  /// Length of a window: no delay between neurons is shorter.
  public let windowLength: Time
  /// The synapse tables of each population's outgoing projections.
  public let outgoing: [[SynapseTable]]
  /// The projections whose synapses are regenerated instead.
  public let procedural: [ProceduralProjection]
  /// The projections that learn.
  public let plastic: [PlasticProjection]
  public let synapseProbes: [SynapseProbe]
  public let changeProbes: [ChangeProbe]
  /// States that learning rules read, at every step.
  public let observations: [StateProbe]
  /// What flows between cells without spikes.
  public let signals: [Signal]
  /// What is shown when, of each source that shows samples.
  public let schedules: [SampleSchedule]

  public init(
    populations: [PopulationLayout], chunks: [any Chunk], probes: [StateProbe], step: Time, windowLength: Time,
    outgoing: [[SynapseTable]], procedural: [ProceduralProjection] = [], plastic: [PlasticProjection] = [],
    synapseProbes: [SynapseProbe] = [], changeProbes: [ChangeProbe] = [], observations: [StateProbe] = [],
    signals: [Signal] = [], schedules: [SampleSchedule] = []
  ) {
    self.populations = populations
    self.chunks = chunks
    self.probes = probes
    self.step = step
    self.windowLength = windowLength
    self.outgoing = outgoing
    self.procedural = procedural
    self.plastic = plastic
    self.synapseProbes = synapseProbes
    self.changeProbes = changeProbes
    self.observations = observations
    self.signals = signals
    self.schedules = schedules
  }

  public var synapseCount: Int {
    outgoing.joined().reduce(0) { $0 + $1.count } + procedural.reduce(0) { $0 + $1.count }
  }
  public var synapseBytes: Int {
    // The rows and targets of plastic synapses are among both.
    outgoing.joined().reduce(0) { $0 + $1.byteCount }
      + plastic.flatMap(\.inlets).reduce(0) { $0 + $1.byteCount - $1.table.byteCount }
  }

  /// How many synapses the spikes of one population have crossed: out-degree times spikes, summed over its neurons. Of projections
  /// that rewire, the out-degrees are those at the end.
  public func synapticEvents(of population: Int, spikeCounts: [Int]) -> Int {
    var events = 0
    for table in outgoing[population] {
      for (source, count) in spikeCounts.enumerated() where count > 0 { events += count * table.row(source).count }
    }
    for projection in procedural where projection.source == population {
      for (source, count) in spikeCounts.enumerated() where count > 0 { events += count * projection.rowLength(source) }
    }
    return events
  }
}

/// How populations are cut into chunks: from the network alone, never from the number of threads.
public enum Partition {
  /// Most neurons a chunk may have: synapse tables address a target within its chunk by 16 bits.
  public static let largestChunk = 65_536

  /// Cuts `size` neurons into equal chunks of at most about `target` neurons; bounds are multiples of 32, as the Poisson
  /// drive draws 32 neurons at a time.
  public static func ranges(size: Int, target: Int) -> [Range<Int>] {
    let pieces = max(1, (size + target - 1) / target)
    let length = ((size + pieces - 1) / pieces + 31) / 32 * 32
    return stride(from: 0, to: size, by: length).map { $0..<min(size, $0 + length) }
  }
}
