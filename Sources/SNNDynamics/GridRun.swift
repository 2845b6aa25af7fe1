import CPrimitives

/// The work order of ``ClockedNeuron/advance``: some steps of one chunk, with pointers into its input buffers.
///
/// A ring holds one row of `8 * blocks` doubles per step, rows a power of two in number; what is taken is set to zero.
public struct GridRun {
  public var blocks: Int
  public var steps: Int
  /// Number of the first of these steps within the window; recorded with each spike.
  public var firstStep: Int
  /// Number of the first of these steps counted from t = 0, where step n ends at n times the resolution.
  public var stepNumber: Double
  /// Row of the first of these steps.
  public var firstRow: Int
  public var rowMask: Int
  public var excitatory: UnsafeMutablePointer<Lanes>
  public var inhibitory: UnsafeMutablePointer<Lanes>
  /// One row per step from `firstStep` on, or nil when no current is injected.
  public var currents: UnsafePointer<Lanes>?
  public var hold: RefractoryHold

  public init(
    blocks: Int, steps: Int, firstStep: Int, stepNumber: Int, firstRow: Int, rowMask: Int,
    excitatory: UnsafeMutablePointer<Lanes>, inhibitory: UnsafeMutablePointer<Lanes>, currents: UnsafePointer<Lanes>?,
    hold: RefractoryHold
  ) {
    self.blocks = blocks
    self.steps = steps
    self.firstStep = firstStep
    self.stepNumber = Double(stepNumber)
    self.firstRow = firstRow
    self.rowMask = rowMask
    self.excitatory = excitatory
    self.inhibitory = inhibitory
    self.currents = currents
    self.hold = hold
  }

  @inlinable @inline(__always)
  public func takeExcitatory(_ block: Int, _ k: Int) -> Lanes { take(excitatory, block, k) }
  @inlinable @inline(__always)
  public func takeInhibitory(_ block: Int, _ k: Int) -> Lanes { take(inhibitory, block, k) }
  @inlinable @inline(__always)
  public func current(_ block: Int, _ k: Int) -> Lanes {
    guard let currents else { return Lanes() }
    return currents[k &* blocks &+ block]
  }

  /// Hints at the inputs of a block to come: step by step they lie a row apart, which no hardware foresees.
  @inlinable @inline(__always)
  func prefetchInputs(_ block: Int, _ k: Int, _ hasInhibitory: Bool) {
    let place = ((firstRow &+ k) & rowMask) &* blocks &+ block
    primitive_prefetch(excitatory + place)
    if hasInhibitory { primitive_prefetch(inhibitory + place) }
  }

  @inlinable @inline(__always)
  func take(_ ring: UnsafeMutablePointer<Lanes>, _ block: Int, _ k: Int) -> Lanes {
    let p = ring + (((firstRow &+ k) & rowMask) &* blocks &+ block)
    let value = p.pointee
    p.pointee = Lanes()
    return value
  }
}

/// A spike of the grid engine inside one window: step within the window and neuron within the chunk.
public struct StepSpike: BitwiseCopyable, Sendable {
  public var step: UInt32
  public var index: UInt32
  @inlinable public init(step: UInt32, index: UInt32) {
    self.step = step
    self.index = index
  }
}

/// Collects the spikes of one chunk in one window. Grows only when a window holds more spikes than any before it.
public struct SpikeBuffer {
  public private(set) var storage: UnsafeMutablePointer<StepSpike>
  public private(set) var capacity: Int
  public private(set) var count = 0
  /// Neurons in the chunk: lanes at or beyond it are padding and never spike.
  public let neurons: Int

  public init(neurons: Int, capacity: Int = 256) {
    self.neurons = neurons
    self.capacity = capacity
    storage = .allocate(capacity: capacity)
  }
  public func deallocate() { storage.deallocate() }
  public mutating func removeAll() { count = 0 }

  /// Appends each lane of `fired` that is a real neuron.
  @inline(never)
  public mutating func append(_ fired: LaneMask, block: Int, step: Int) {
    for lane in 0..<8 where fired[lane] { append(index: block * 8 + lane, step: step) }
  }

  public mutating func append(index: Int, step: Int) {
    guard index < neurons else { return }
    if count == capacity { grow() }
    storage[count] = StepSpike(step: UInt32(truncatingIfNeeded: step), index: UInt32(truncatingIfNeeded: index))
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<StepSpike>.allocate(capacity: capacity * 2)
    larger.update(from: storage, count: count)
    storage.deallocate()
    storage = larger
    capacity *= 2
  }
}
