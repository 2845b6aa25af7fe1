import CPrimitives
import SNNDynamics
import SNNSignals

/// The synaptic input of one grid chunk: per receptor a ring of rows, one row of sums per coming step.
final class GridInbox: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  let blocks: Int
  let rowMask: Int
  let excitatory: AlignedBuffer<Lanes>
  let inhibitory: AlignedBuffer<Lanes>
  /// The synapses onto this chunk, each with the chunks its rows come from, in the order of the network file.
  let inlets: [Inlet]

  /// - Parameters:
  ///   - longestDelay: in steps, over all that reaches this chunk.
  ///   - windowSteps: steps per window. A ring must hold the rows of one window beyond the longest delay.
  init(blocks: Int, receptors: Int, longestDelay: Int, windowSteps: Int, inlets: [Inlet]) {
    self.blocks = blocks
    self.inlets = inlets
    var rows = 1
    while rows < longestDelay + windowSteps + 1 { rows *= 2 }
    rowMask = rows - 1
    excitatory = AlignedBuffer(count: rows * blocks)
    inhibitory = AlignedBuffer(count: receptors > 1 ? rows * blocks : 0)
  }

  var byteCount: Int { excitatory.byteCount + inhibitory.byteCount + inlets.reduce(0) { $0 + $1.table.byteCount } }

  /// Row of the ring for absolute step `step` (the input that acts at its end).
  @inline(__always) func row(_ step: Int) -> Int { step & rowMask }

  @inline(__always)
  func ring(_ receptor: Receptor) -> UnsafeMutablePointer<Double> {
    let lanes = receptor == .excitatory ? excitatory.pointer : inhibitory.pointer
    return UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Double.self)
  }

  /// Adds every spike of the board to the rows where it acts. The order of additions to one cell is that of inlets, chunks,
  /// spikes and rows: fixed by the network.
  func deliver(_ board: SpikeBoard) {
    for inlet in inlets {
      let ring = ring(inlet.table.receptor)
      for chunk in inlet.sourceChunks {
        let packet = board.packets[chunk]
        if !packet.spikes.isEmpty { inlet.table.deliver(packet, into: ring, rowMask: rowMask, rowLength: blocks * 8) }
      }
    }
  }
}

/// One synapse table together with the chunks of its source population.
public struct Inlet: Sendable {
  public var table: SynapseTable
  public var sourceChunks: Range<Int>
  public init(table: SynapseTable, sourceChunks: Range<Int>) {
    self.table = table
    self.sourceChunks = sourceChunks
  }
}
