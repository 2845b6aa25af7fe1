import SNNSignals

/// A fixed part of a population: the unit of parallel work. Its size depends on the network only, never on threads.
///
/// In window k a chunk first delivers the spikes of the window before into its own inbox, then advances through the window.
/// It writes nothing but its own state, so chunks of one window may run in any order on any worker.
public protocol Chunk: AnyObject, Sendable {
  /// Neurons of the population that this chunk holds.
  var neurons: Range<Int> { get }

  /// Delivers what `board` holds for window `number`, unless that was done, and advances through `window`, all or a part of it.
  func advance(through window: Window, number: Int, board: SpikeBoard)
  /// The spikes of the window just advanced through. Called once per window, by one thread.
  func takeSpikes(into packet: inout SpikePacket)
  /// The first neuron (id within the population) with a state that is not finite, with the name of the variable.
  func firstNonFinite() -> (neuron: Int, variable: String, value: Double)?
  /// Bytes of state, buffers and synapse tables.
  var byteCount: Int { get }
}

/// What the chunks of one window read: for each chunk, the spikes that it emitted and that are now to be delivered.
///
/// Chunks of neurons stand here with their spikes of the window *before*; chunks of pure sources, which depend on nothing,
/// with those of the *present* window (they work one window ahead), so that an input may be faster than the shortest delay.
public final class SpikeBoard: @unchecked Sendable {
  // @unchecked: chunks only read it during a window; between windows one thread exchanges its packets.
  public internal(set) var packets: [SpikePacket]
  /// The packets of each population one after another, in the order of its chunks: what is delivered.
  public private(set) var gathered: [SpikePacket] = []
  /// Whether these spikes have yet to be delivered: not in the rest of a window that the end of a call had cut.
  public internal(set) var isFresh = true
  public init(packets: [SpikePacket]) { self.packets = packets }

  /// Makes ``gathered`` of ``packets``.
  public func gather(_ populations: [PopulationLayout]) {
    if gathered.isEmpty { gathered = Array(repeating: SpikePacket(), count: populations.count) }
    for (p, population) in populations.enumerated() {
      gathered[p].removeAll()
      for c in population.chunks where !packets[c].spikes.isEmpty { gathered[p].append(contentsOf: packets[c]) }
    }
  }
}

extension SpikeBoard {
  /// Calls `body` with the gathered spikes of a population, if there are any.
  @inline(__always)
  func withSpikes(of population: Int, _ body: (ShownSpikes) -> Void) {
    let count = gathered[population].spikes.count
    guard count > 0 else { return }
    gathered[population].spikes.withUnsafeBufferPointer { spikes in
      gathered[population].steps.withUnsafeBufferPointer { steps in
        body(ShownSpikes(count: count, spikes: spikes.baseAddress!, steps: steps.baseAddress!))
      }
    }
  }
}
