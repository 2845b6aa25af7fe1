import SNNDynamics
import SNNSignals

/// The synapses of one projection onto one chunk and receptor, with the population of their sources.
public struct Inlet: Sendable {
  private enum Synapses {
    case stored(SynapseTable)
    case procedural(ProceduralProjection, place: Int)
  }
  private let synapses: Synapses
  /// Index among the network's populations.
  public let source: Int
  /// Whether the sources stand on the board with the spikes of the present window, not of the one before.
  public let isAhead: Bool
  public let receptor: Receptor
  /// No synapse is slower.
  public let maximumDelay: Time
  /// Whether weights, or delays, differ from synapse to synapse.
  let hasOwnWeights: Bool
  let hasOwnDelays: Bool

  public init(table: SynapseTable, source: Int, isAhead: Bool) {
    synapses = .stored(table)
    self.source = source
    self.isAhead = isAhead
    receptor = table.receptor
    maximumDelay = table.maximumDelay
    hasOwnWeights = table.hasOwnWeights
    hasOwnDelays = table.hasOwnDelays
  }

  /// The inlets of chunk `chunk` of the target, one for each receptor that the projection can reach.
  public static func inlets(of projection: ProceduralProjection, chunk: Int, isAhead: Bool) -> [Inlet] {
    projection.receptors.indices.map { Inlet(projection, chunk, $0, isAhead) }
  }

  private init(_ projection: ProceduralProjection, _ chunk: Int, _ receptor: Int, _ isAhead: Bool) {
    synapses = .procedural(projection, place: chunk * projection.receptors.count + receptor)
    source = projection.source
    self.isAhead = isAhead
    self.receptor = projection.receptors[receptor]
    maximumDelay = projection.maximumDelay
    hasOwnWeights = !projection.blueprint.sharesWeight
    hasOwnDelays = !projection.blueprint.sharesDelay
  }

  /// The table, if it is stored.
  var table: SynapseTable? { if case .stored(let table) = synapses { table } else { nil } }
  var byteCount: Int { table?.byteCount ?? 0 }

  /// Passes on the spikes of `board`, in their order, with a table in which they find their rows.
  @inline(__always)
  func forEachTable(_ board: SpikeBoard, _ body: (SynapseTable, ShownSpikes) -> Void) {
    switch synapses {
    case .stored(let table):
      let spikes = board.spikes(of: source)
      if spikes.count > 0 { body(table, spikes) }
    case .procedural(let projection, let place):
      for block in projection.blocks {
        if let table = block.tables[place] { body(table, block.spikes) }
      }
    }
  }
}
