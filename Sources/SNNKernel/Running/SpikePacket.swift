import SNNSignals

/// The spikes of one chunk in one window, in an order that depends on the network only: by (time, id). Flat memory, which is
/// written and read in every window.
public struct SpikePacket: ~Copyable, @unchecked Sendable {
  // @unchecked: written by the task of its chunk, then read by all; the barrier between windows lies between.
  private var list = GrowingList<Spike>()
  private var stepList = GrowingList<UInt32>()

  public init() {}

  public var count: Int { list.count }
  public var isEmpty: Bool { list.count == 0 }
  public var spikes: UnsafeBufferPointer<Spike> { list.values }
  /// The grid step at whose end each spike takes effect (the first at or after its time).
  public var steps: UnsafeBufferPointer<UInt32> { stepList.values }

  @inline(__always)
  public mutating func removeAll() {
    list.removeAll()
    stepList.removeAll()
  }

  @inline(__always)
  public mutating func append(_ spike: Spike, step: UInt32) {
    list.append(spike)
    stepList.append(step)
  }

  public mutating func append(_ other: borrowing SpikePacket) {
    list.append(other.spikes)
    stepList.append(other.steps)
  }

  /// - Parameter size: of the population.
  mutating func pass(through state: StateTransfer, size: Int) throws {
    try list.pass(through: state)
    try stepList.pass(through: state)
    let isSound = stepList.count == list.count && list.values.allSatisfy { $0.id < size && $0.time >= .zero }
    try state.require(isSound, "has a spike that can't be")
  }

  /// As delivery reads it; valid until the packet changes.
  var shown: ShownSpikes { ShownSpikes(count: count, spikes: list.storage, steps: stepList.storage) }
}

/// Spikes of one population in one window, with the steps in which they take effect: plain pointers.
struct ShownSpikes: BitwiseCopyable {
  let count: Int
  let spikes: UnsafePointer<Spike>
  let steps: UnsafePointer<UInt32>
}
