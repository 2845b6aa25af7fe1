import SNNDynamics
import SNNSignals

/// A projection whose synapses are not stored: those of a source are drawn anew whenever it spikes.
///
/// The draws are counter-based and keyed by source or by pair, so they are the synapses that a table would hold, in the same
/// order. At the start of a window the rows of all its spikes are regenerated, in blocks of some spikes that may go to any
/// worker, and sorted by target chunk; a block is then, for each chunk, a small table with one row per spike, which is
/// delivered like any other.
///
///     memory: none per synapse; some 20 bytes for each synapse that the spikes of the present window cross
///
/// Procedural connectivity: Knight & Nowotny (2021), doi:10.1038/s43588-020-00022-7.
public final class ProceduralProjection: @unchecked Sendable {
  // @unchecked: blocks are handed out by one thread between windows, and each is written by one task.
  public let blueprint: ProjectionBlueprint
  /// Index of the source among the network's populations.
  public let source: Int
  /// The receptors that its weights can have.
  let receptors: [Receptor]
  /// No synapse is faster; the window length it gives is that of the stored synapses.
  public let minimumDelay: Time
  /// No synapse is slower.
  public let maximumDelay: Time
  /// Number of synapses.
  public let count: Int
  /// What all synapses share, as tables keep it; nil where each has its own.
  let sharedWeight: Double?
  let sharedDelay: SynapseTable.Delays?
  let rows: any SourceRows
  let chunks: [Range<Int>]
  let finder: ChunkFinder
  /// The blocks of the present window, in the order of their spikes.
  private(set) var blocks: ArraySlice<ProceduralBlock> = []
  private var made: [ProceduralBlock] = []

  /// Synapses of a block, at most, if it holds more than one spike: its buffers stay in the second-level cache.
  private static let blockSynapses = 1 << 14

  /// - Parameters:
  ///   - chunks: of the target population.
  ///   - source: index of the source among the network's populations.
  ///   - step: resolution of the network.
  /// - Throws: ``SynapseBuildingError``, as building the tables would.
  public init(
    _ blueprint: ProjectionBlueprint, _ rows: any SourceRows, chunks: [Range<Int>], source: Int, step: Time,
    pool: WorkStealingPool
  ) throws(SynapseBuildingError) {
    self.blueprint = blueprint
    self.rows = rows
    self.chunks = chunks
    self.source = source
    finder = ChunkFinder(chunks)
    receptors = try blueprint.possibleReceptors()
    sharedWeight = try blueprint.sharedWeight().map { blueprint.weightKind == .conductance ? abs($0) : $0 }
    sharedDelay = blueprint.sharesDelay ? try blueprint.sharedDelay().view : nil
    (minimumDelay, maximumDelay) = try DrawCheck(blueprint, rows, step: step).delays(pool)
    count = (0..<blueprint.shape.sources).reduce(0) { $0 + rows.rowLength(blueprint.shape, source: $1) }
  }

  /// How many synapses neuron `source` has.
  func rowLength(_ source: Int) -> Int { rows.rowLength(blueprint.shape, source: source) }

  /// Cuts spikes into the blocks of a window.
  func cut(_ all: ShownSpikes) {
    var used = 0
    var first = 0
    while first < all.count {
      var synapses = rowLength(Int(all.spikes[first].id))
      var end = first + 1
      while end < all.count {
        synapses += rowLength(Int(all.spikes[end].id))
        if synapses > Self.blockSynapses { break }
        end += 1
      }
      if used == made.count { made.append(ProceduralBlock(self)) }
      made[used].take(all, first..<end)
      used += 1
      first = end
    }
    blocks = made[..<used]
  }
}

extension ProceduralProjection {
  /// Regenerates the synapses of all spikes on `board`.
  static func regenerate(_ projections: [ProceduralProjection], _ board: SpikeBoard, _ pool: WorkStealingPool) {
    guard !projections.isEmpty else { return }
    for projection in projections { projection.cut(board.spikes(of: projection.source)) }
    let blocks = projections.flatMap(\.blocks)
    pool.forEach(blocks.count) { blocks[$0].regenerate() }
  }
}
