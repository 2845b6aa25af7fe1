import SNNDynamics
import SNNSignals

/// Builds the tables of a projection whose rule lists the targets of each source, all chunks together.
///
/// Two passes over the sources, cut into parts that may go to any worker: the first counts how many synapses of each source
/// fall into each chunk, the second draws each row once more with its weights and delays and writes it where it belongs. Each
/// table is written front to back, and nothing is kept but the tables.
final class SourceRowBuild: @unchecked Sendable {
  // @unchecked: a part writes the rows of its sources only, and the pool's barrier stands between the passes.
  private let blueprint: ProjectionBlueprint
  private let rows: any SourceRows
  private let chunks: [Range<Int>]
  private let finder: ChunkFinder
  private let parts: [Range<Int>]
  private let tables: [TableRows]

  /// Synapses that a part holds at least: enough for its own buffers to cost nothing.
  private static let partSynapses = 1 << 17
  /// Synapses whose values are found at a time.
  private static let pieceSynapses = 4096

  init(_ blueprint: ProjectionBlueprint, _ rows: any SourceRows, chunks: [Range<Int>]) {
    self.blueprint = blueprint
    self.rows = rows
    self.chunks = chunks
    finder = ChunkFinder(chunks)
    let sources = blueprint.shape.sources
    let synapses = sources * (sources > 0 ? rows.rowLength(blueprint.shape, source: 0) : 0)
    let count = max(1, min(sources, 1024, synapses / Self.partSynapses))
    parts = (0..<count).map { sources * $0 / count..<sources * ($0 + 1) / count }
    tables = chunks.map { _ in TableRows(sources: sources) }
  }

  /// The tables of each chunk.
  func build(_ pool: WorkStealingPool) throws(SynapseBuildingError) -> [[SynapseTable]] {
    pool.forEach(parts.count) { self.count(self.parts[$0]) }
    _ = try pool.map(chunks.count) { c throws(SynapseBuildingError) in try self.tables[c].makeRoom(self.blueprint) }
    _ = try pool.map(parts.count) { p throws(SynapseBuildingError) in try self.fill(self.parts[p]) }
    return try pool.map(chunks.count) { c throws(SynapseBuildingError) in
      try SynapseTable.tables(self.blueprint, self.tables[c].take(), self.chunks[c])
    }
  }

  /// Passes rows on in pieces: the list and the source of its first row.
  private func forEachPiece<Failure: Error>(
    _ part: Range<Int>, _ body: (RowList, Int) throws(Failure) -> Void
  ) throws(Failure) {
    let list = RowList()
    var first = part.lowerBound
    for source in part {
      rows.appendRow(blueprint.shape, source: source, to: list)
      if list.count >= Self.pieceSynapses || source == part.upperBound - 1 {
        try body(list, first)
        list.removeAll()
        first = source + 1
      }
    }
  }

  private func count(_ part: Range<Int>) {
    if chunks.count == 1, chunks[0] == 0..<blueprint.shape.targets {
      for source in part { tables[0].starts[source] = UInt32(rows.rowLength(blueprint.shape, source: source)) }
      return
    }
    let counts = AlignedBlock(chunks.count, of: UInt32.self)
    let lengths = counts.elements(of: UInt32.self)
    forEachPiece(part) { list, first in
      for row in list.ends.indices {
        lengths.update(repeating: 0, count: chunks.count)
        for place in list.row(row) {
          if let found = finder(list.targets[place]) { lengths[found.chunk] &+= 1 }
        }
        for c in chunks.indices { tables[c].starts[first + row] = lengths[c] }
      }
    }
  }

  private func fill(_ part: Range<Int>) throws(SynapseBuildingError) {
    let draws = SynapseDraws(blueprint)
    let sorter = RowSorter(finder)
    var weights = AlignedBuffer<Float>(count: 2 * Self.pieceSynapses)
    var delays = AlignedBuffer<UInt32>(count: 2 * Self.pieceSynapses)
    try forEachPiece(part) { (list, first) throws(SynapseBuildingError) in
      if list.count > weights.count {
        weights = AlignedBuffer(count: list.count)
        delays = AlignedBuffer(count: list.count)
      }
      let keys = SynapseKeys(list)
      if !blueprint.sharesWeight { try draws.findWeights(keys, into: weights.pointer) }
      if !blueprint.sharesDelay { try draws.findDelays(keys, into: delays.pointer) }
      for row in list.ends.indices {
        let places = list.row(row)
        sorter.sort(list.targets + places.lowerBound, count: places.count)
        for c in chunks.indices where sorter.starts[c] < sorter.starts[c + 1] {
          let entries = UnsafeBufferPointer(
            start: sorter.entries + Int(sorter.starts[c]), count: Int(sorter.starts[c + 1] - sorter.starts[c]))
          tables[c].write(
            entries, source: first + row, weights: weights.pointer + places.lowerBound,
            delays: delays.pointer + places.lowerBound)
        }
      }
    }
  }
}

/// The rows of one table while they are counted and written.
private final class TableRows: @unchecked Sendable {
  // @unchecked: as ``SourceRowBuild``.
  let starts: UnsafeMutablePointer<UInt32>
  private var block: AlignedBlock?
  private var rows: SynapseRows?
  private var targets: UnsafeMutablePointer<UInt16>?
  private var weights: UnsafeMutablePointer<Float>?
  private var delays: DelayCells?

  init(sources: Int) {
    let block = AlignedBlock(sources + 1, of: UInt32.self)
    starts = block.elements(of: UInt32.self)
    self.block = consume block
  }

  /// Between the passes: rows follow one another, and their columns get memory.
  func makeRoom(_ blueprint: ProjectionBlueprint) throws(SynapseBuildingError) {
    let block = block.take()!
    let total = try SynapseRows.addUp(blueprint, block)
    let made = SynapseRows(blueprint, count: total, rows: block)
    targets = made.targets.elements(of: UInt16.self)
    weights = made.weights?.elements(of: Float.self)
    delays = made.delayCells
    rows = consume made
  }

  /// Writes the synapses of `source` onto this chunk.
  /// - Parameters:
  ///   - entries: as ``RowSorter`` leaves them.
  ///   - found: weights and delays of the whole row, by number.
  func write(
    _ entries: UnsafeBufferPointer<UInt64>, source: Int, weights found: UnsafePointer<Float>,
    delays foundDelays: UnsafePointer<UInt32>
  ) {
    let first = Int(starts[source])
    let places = targets! + first
    for i in 0..<entries.count { places[i] = UInt16(truncatingIfNeeded: entries[i] &>> 32) }
    if let weights {
      for i in 0..<entries.count { weights[first + i] = found[Int(UInt32(truncatingIfNeeded: entries[i]))] }
    }
    if let delays {
      for i in 0..<entries.count { delays[first + i] = foundDelays[Int(UInt32(truncatingIfNeeded: entries[i]))] }
    }
  }

  func take() -> SynapseRows { rows.take()! }
}
