import SNNFiles
import SNNSignals

/// The digest of all spikes of a run: equal digests mean equal spikes.
///
/// SHA-256 over one record of 16 bytes per spike, in the order (time, population, id): time as integer picoseconds (Int64), position of
/// the population in the network file (UInt32), id (UInt32), all little-endian.
public final class SpikeDigest: SpikeSink {
  private let hash = SHA256()
  public private(set) var count = 0

  public init() {}

  public func take(_ spikes: WindowSpikes) {
    guard !spikes.isEmpty else { return }
    let ordered = spikes.ordered
    count += ordered.count
    // On the little-endian machines Swift runs on, PopulationSpike lies in memory exactly as the record is defined.
    assert(MemoryLayout<PopulationSpike>.stride == 16 && MemoryLayout<PopulationSpike>.offset(of: \.population) == 8)
    ordered.withUnsafeBytes { hash.update($0) }
  }
  public func flush() {}
  public func pass(through state: StateTransfer) throws {
    try hash.pass(through: state)
    try state.value(&count)
  }
  public func close() {}

  /// Of everything taken so far, in lower-case hexadecimal.
  public var hex: String { hash.hex }
}
