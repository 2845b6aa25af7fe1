import SNNSignals

/// A fixed part of a population: the unit of parallel work. Its size depends on the network only, never on threads.
///
/// In window k a chunk first delivers the spikes of the window before into its own inbox, then advances through the window.
/// It writes nothing but its own state, so chunks of one window may run in any order on any worker.
public protocol Chunk: Checkpointed, Sendable {
  /// Neurons of the population that this chunk holds.
  var neurons: Range<Int> { get }

  /// Delivers what `board` holds for window `number`, unless that was done, and advances through `window`, all or a part of it.
  /// - Parameter bench: of the worker that runs this task.
  func advance(through window: Window, number: Int, board: SpikeBoard, bench: inout Workbench)
  /// The spikes of the window just advanced through, for the empty or outdated `packet`. Called once per window, by the task
  /// that advanced the chunk.
  func takeSpikes(into packet: inout SpikePacket)
  /// The first neuron (id within the population) with a state that is not finite, with the name of the variable.
  func firstNonFinite() -> (neuron: Int, variable: String, value: Double)?
  /// Bytes of state, buffers and synapse tables.
  var byteCount: Int { get }
}
