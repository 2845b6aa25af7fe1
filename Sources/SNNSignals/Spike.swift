/// One spike: when, and which neuron of its population (ids count from 0).
public struct Spike: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var time: Time
  public var id: UInt32

  @inlinable public init(time: Time, id: UInt32) {
    self.time = time
    self.id = id
  }

  /// The total order of spikes within a population: by time, then by id.
  @inlinable public static func < (a: Spike, b: Spike) -> Bool {
    a.time == b.time ? a.id < b.id : a.time < b.time
  }
}
