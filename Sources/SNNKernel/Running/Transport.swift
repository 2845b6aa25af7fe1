import SNNSignals

/// Carries spikes between the chunks of one process and those of others. The kernel knows nothing else of ranks: an MPI
/// transport sends the packets of its own chunks, receives the others', and agrees on the shortest delay.
public protocol Transport: Sendable {
  /// Called by one thread when all chunks have advanced through `window`; on return `packets` holds every chunk's spikes of it.
  func exchange(_ packets: UnsafeMutableBufferPointer<SpikePacket>, closing window: Window) throws
  /// The minimum over all ranks.
  func minimum(_ time: Time) throws -> Time
}

/// One process: everything is already here.
public struct LocalTransport: Transport {
  public init() {}
  public func exchange(_ packets: UnsafeMutableBufferPointer<SpikePacket>, closing window: Window) {}
  public func minimum(_ time: Time) -> Time { time }
}
