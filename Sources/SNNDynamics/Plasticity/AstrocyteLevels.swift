/// What the synapses of a rule see of astrocytes: one state variable of theirs, sampled at an interval and held in between. Each
/// target neuron has one astrocyte.
public struct AstrocyteLevels: BitwiseCopyable {
  /// One row for each sample, in the order of time: by target neuron of the chunk.
  @usableFromInline let levels: UnsafePointer<Double>?
  /// Neurons in a row; 0 for a rule without astrocytes.
  @usableFromInline let width: Int
  @usableFromInline let count: Int
  /// Moment of the first of them and interval, ticks.
  @usableFromInline let first: Int64
  @usableFromInline let interval: Int64

  /// What a rule without astrocytes reads.
  public static var none: AstrocyteLevels { AstrocyteLevels(levels: nil, width: 0, count: 0, first: 0, interval: 1) }

  public init(levels: UnsafePointer<Double>?, width: Int, count: Int, first: Int64, interval: Int64) {
    self.levels = levels
    self.width = width
    self.count = count
    self.first = first
    self.interval = interval
  }

  /// The number of samples until `time`.
  @inlinable @inline(__always)
  public func number(until time: Int64) -> Int {
    time < first ? 0 : min(count, Int(truncatingIfNeeded: (time &- first) / interval) &+ 1)
  }
  /// The moment of sample number `n`.
  @inlinable @inline(__always)
  func time(_ n: Int) -> Int64 { first &+ Int64(truncatingIfNeeded: n) &* interval }
  /// What `neuron` sees when sample number `n − 1` is the latest.
  @inlinable @inline(__always)
  func level(of neuron: Int, after n: Int) -> Double { n == 0 ? 0 : levels![(n &- 1) &* width &+ neuron] }
}
