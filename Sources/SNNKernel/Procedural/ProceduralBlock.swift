import SNNDynamics
import SNNSignals

/// The regenerated synapses of some spikes of one window, sorted by target chunk and receptor.
final class ProceduralBlock: @unchecked Sendable {
  // @unchecked: written by one task at the start of a window, read by the chunks' tasks after it.
  private unowned let projection: ProceduralProjection
  private let draws: SynapseDraws
  private let list = RowList()
  /// The spikes, numbered: spike i finds its synapses in row i.
  var spikes: ShownSpikes { renumbered.shown }
  private var renumbered = SpikePacket()
  /// For each chunk and receptor the table with a row per spike, or nil where none of their synapses lead.
  private(set) var tables: [SynapseTable?]
  private var ids: [UInt32] = []
  private let next: AlignedBuffer<UInt32>
  private var starts = AlignedBuffer<UInt32>(count: 0)
  private var columns: Columns

  /// What is as long as the list: first by place in the list, then sorted.
  private struct Columns {
    let capacity: Int
    let bucket, drawnDelays: AlignedBuffer<UInt32>
    let drawnWeights, weights: AlignedBuffer<Float>
    let targets: AlignedBuffer<UInt16>
    let delays: AlignedBuffer<UInt32>

    init(_ capacity: Int) {
      self.capacity = capacity
      bucket = AlignedBuffer(count: capacity)
      drawnDelays = AlignedBuffer(count: capacity)
      drawnWeights = AlignedBuffer(count: capacity)
      weights = AlignedBuffer(count: capacity)
      targets = AlignedBuffer(count: capacity)
      delays = AlignedBuffer(count: capacity)
    }
  }

  init(_ projection: ProceduralProjection) {
    self.projection = projection
    draws = SynapseDraws(projection.blueprint)
    tables = Array(repeating: nil, count: projection.chunks.count * projection.receptors.count)
    next = AlignedBuffer(count: tables.count + 1)
    columns = Columns(0)
  }

  /// Takes the spikes `range` of `all`.
  func take(_ all: ShownSpikes, _ range: Range<Int>) {
    renumbered.removeAll()
    ids.removeAll(keepingCapacity: true)
    for i in range {
      ids.append(all.spikes[i].id)
      renumbered.append(Spike(time: all.spikes[i].time, id: UInt32(i - range.lowerBound)), step: all.steps[i])
    }
  }

  /// Draws the rows of the spikes taken and sorts their synapses, stably.
  func regenerate() {
    let blueprint = projection.blueprint
    list.removeAll()
    for id in ids { projection.rows.appendRow(blueprint.shape, source: Int(id), to: list) }
    if list.count > columns.capacity { columns = Columns(list.count + list.count / 4) }
    let keys = SynapseKeys(list)
    do throws(SynapseBuildingError) {
      if !blueprint.sharesWeight { try draws.findWeights(keys, into: columns.drawnWeights.pointer) }
      if !blueprint.sharesDelay { try draws.findDelays(keys, into: columns.drawnDelays.pointer) }
    } catch {
      preconditionFailure("\(error), which the check of the draws before the run let pass")
    }
    countRows()
    scatter()
    for place in tables.indices { tables[place] = table(place) }
  }

  /// Finds the bucket of each synapse, and where the rows of each bucket start.
  private func countRows() {
    let (rows, receptors, finder) = (ids.count, projection.receptors.count, projection.finder)
    if starts.count < tables.count * (rows + 1) { starts = AlignedBuffer(count: tables.count * (rows + 1)) }
    let (bucket, weights, targets, starts) = (columns.bucket.pointer, columns.drawnWeights.pointer, list.targets, starts.pointer)
    starts.update(repeating: 0, count: tables.count * (rows + 1))
    for row in 0..<rows {
      for place in list.row(row) {
        guard let found = finder(targets[place]) else { preconditionFailure("a target outside all chunks") }
        let b = receptors == 1 ? found.chunk : found.chunk &* 2 &+ (weights[place] < 0 ? 1 : 0)
        bucket[place] = UInt32(truncatingIfNeeded: b) << 16 | found.place
        starts[b &* (rows + 1) &+ row] &+= 1
      }
    }
    var total: UInt32 = 0
    for b in tables.indices {
      next[b] = total
      for row in 0..<rows {
        let length = starts[b &* (rows + 1) &+ row]
        starts[b &* (rows + 1) &+ row] = total
        total &+= length
      }
      starts[b &* (rows + 1) &+ rows] = total
    }
    next[tables.count] = total
  }

  private func scatter() {
    let (bucket, next, targets) = (columns.bucket.pointer, next.pointer, columns.targets.pointer)
    let (drawnWeights, weights) = (columns.drawnWeights.pointer, columns.weights.pointer)
    let drawnDelays = columns.drawnDelays.pointer
    let isMagnitude = projection.blueprint.weightKind == .conductance
    let (hasWeights, hasDelays) = (!projection.blueprint.sharesWeight, !projection.blueprint.sharesDelay)
    let delays = DelayCells(projection.blueprint, columns.delays.pointer)
    for place in 0..<list.count {
      let b = Int(bucket[place] &>> 16)
      let to = Int(next[b])
      next[b] &+= 1
      targets[to] = UInt16(truncatingIfNeeded: bucket[place])
      if hasWeights { weights[to] = isMagnitude ? abs(drawnWeights[place]) : drawnWeights[place] }
      if hasDelays { delays[to] = drawnDelays[place] }
    }
  }

  private func table(_ place: Int) -> SynapseTable? {
    let rows = ids.count
    let bounds = starts.pointer + place * (rows + 1)
    guard bounds[0] < bounds[rows] else { return nil }
    let (chunk, receptor) = place.quotientAndRemainder(dividingBy: projection.receptors.count)
    return SynapseTable(
      rowStarts: bounds, rows: rows, targets: columns.targets.pointer, targetRange: projection.chunks[chunk],
      receptor: projection.receptors[receptor],
      weights: projection.sharedWeight.map { .shared($0) } ?? .individual(columns.weights.pointer),
      delays: projection.sharedDelay ?? DelayCells(projection.blueprint, columns.delays.pointer).view(projection.blueprint),
      minimumDelay: projection.minimumDelay, maximumDelay: projection.maximumDelay)
  }
}
