import SNNSignals

/// The spikes of one chunk in one window, in an order that depends on the network only: by (time, id).
public struct SpikePacket: Sendable {
  public var spikes: [Spike] = []
  /// The grid step at whose end each spike takes effect (the first at or after its time).
  public var steps: [UInt32] = []

  public init() {}

  public mutating func removeAll() {
    spikes.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
  }

  /// The later spikes of the same window.
  mutating func append(contentsOf other: SpikePacket) {
    spikes.append(contentsOf: other.spikes)
    steps.append(contentsOf: other.steps)
  }

  @inline(__always)
  mutating func append(_ time: Time, id: UInt32, step: UInt32) {
    spikes.append(Spike(time: time, id: id))
    steps.append(step)
  }
}
