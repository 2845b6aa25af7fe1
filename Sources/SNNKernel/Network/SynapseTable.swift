import SNNDynamics
import SNNSignals

/// The static synapses of one projection onto one chunk and receptor, in rows by source neuron.
///
/// Row `s` is the places `rowStarts[s]..<rowStarts[s + 1]` of `targets`, `weights` and `delays`; targets ascend within a row.
/// Rows with many synapses of each delay may be sorted by delay instead; ``DelayGroups`` then has all columns.
/// Bytes per synapse: 2 for the target, 4 for a weight and 1, 2 (grid) or 4 (exact) for a delay of its own.
///
/// Unchecked Sendable: the memory is written before `init` returns and never after. ``forgetWeights()`` and ``forgetValues()`` come
/// before a run; ``rewire(_:_:)`` is called by the task of the chunk, which alone reads the table of a plastic projection.
public final class SynapseTable: @unchecked Sendable {
  /// The weight of each synapse, in the unit of the target model; a magnitude when the target's inputs are conductances.
  public enum Weights: BitwiseCopyable {
    case shared(Double)
    case individual(UnsafePointer<Float>)
    /// In the records of ``DelayGroups``.
    case grouped
  }
  /// The delay of each synapse: steps on the grid, picoseconds on the exact engine.
  public enum Delays: BitwiseCopyable {
    case sharedSteps(Int)
    case byteSteps(UnsafePointer<UInt8>)
    case shortSteps(UnsafePointer<UInt16>)
    case groups(DelayGroups)
    case sharedTime(Time)
    /// `counts[place] << shift` picoseconds.
    case times(UnsafePointer<UInt32>, shift: Int)
  }

  /// Neurons in the source population: the number of rows.
  public let sources: Int
  /// The neurons of the target population that this table reaches: one chunk.
  public let targetRange: Range<Int>
  public let receptor: Receptor
  /// Number of synapses.
  public let count: Int
  public private(set) var weights: Weights
  public private(set) var delays: Delays
  /// The extreme delays of these synapses as they are kept.
  public let minimumDelay: Time
  public let maximumDelay: Time
  public let rowStarts: UnsafePointer<UInt32>
  /// Target neuron within the chunk; empty where rows are sorted by delay.
  public let targets: UnsafePointer<UInt16>
  /// Size of everything that grows with synapses or sources.
  public private(set) var byteCount: Int

  private let rowBlock: AlignedBlock?
  private let targetBlock: AlignedBlock?
  private var weightBlock: AlignedBlock?
  private var delayBlock: AlignedBlock?
  private let recordBlock: AlignedBlock?

  init(
    _ rows: consuming SynapseRows, targetRange: Range<Int>, receptor: Receptor, weights: consuming WeightColumn,
    delays: consuming DelayColumn
  ) {
    sources = rows.sources
    count = rows.count
    self.targetRange = targetRange
    self.receptor = receptor
    rowStarts = UnsafePointer(rows.rows.elements(of: UInt32.self))
    targets = UnsafePointer(rows.targets.elements(of: UInt16.self))
    self.weights = weights.view
    self.delays = delays.view
    minimumDelay = delays.minimum
    maximumDelay = delays.maximum
    byteCount =
      rows.rows.byteCount + rows.targets.byteCount + (weights.block?.byteCount ?? 0) + (delays.block?.byteCount ?? 0)
    weightBlock = weights.takeBlock()
    delayBlock = delays.takeBlock()
    rowBlock = .some(rows.rows)
    targetBlock = .some(rows.targets)
    recordBlock = nil
  }

  /// A table whose rows are sorted by delay.
  init(
    _ rows: consuming SynapseRows, _ groups: consuming GroupColumns, targetRange: Range<Int>, receptor: Receptor,
    sharedWeight: Double?
  ) {
    sources = rows.sources
    count = rows.count
    self.targetRange = targetRange
    self.receptor = receptor
    rowStarts = UnsafePointer(rows.rows.elements(of: UInt32.self))
    targets = groups.view.targets(0)
    weights = sharedWeight.map { .shared($0) } ?? .grouped
    delays = .groups(groups.view)
    minimumDelay = groups.minimum
    maximumDelay = groups.maximum
    byteCount = rows.rows.byteCount + groups.groups.byteCount + groups.records.byteCount
    rowBlock = .some(rows.rows)
    targetBlock = nil
    weightBlock = nil
    delayBlock = .some(groups.groups)
    recordBlock = .some(groups.records)
  }

  /// A table in memory that its maker keeps: `rows` rows of which the first need not start at place 0.
  init(
    rowStarts: UnsafePointer<UInt32>, rows: Int, targets: UnsafePointer<UInt16>, targetRange: Range<Int>, receptor: Receptor,
    weights: Weights, delays: Delays, minimumDelay: Time, maximumDelay: Time
  ) {
    sources = rows
    count = Int(rowStarts[rows] - rowStarts[0])
    self.targetRange = targetRange
    self.receptor = receptor
    self.rowStarts = rowStarts
    self.targets = targets
    self.weights = weights
    self.delays = delays
    self.minimumDelay = minimumDelay
    self.maximumDelay = maximumDelay
    byteCount = 0
    rowBlock = nil
    targetBlock = nil
    weightBlock = nil
    delayBlock = nil
    recordBlock = nil
  }

  /// The places of the synapses of neuron `source`.
  @inlinable @inline(__always)
  public func row(_ source: Int) -> Range<Int> { Int(rowStarts[source])..<Int(rowStarts[source &+ 1]) }

  /// Whether weights, or delays, are kept for each synapse.
  var hasOwnWeights: Bool { if case .shared = weights { false } else { true } }
  var hasOwnDelays: Bool {
    switch delays {
    case .sharedSteps, .sharedTime: false
    case .byteSteps, .shortSteps, .groups, .times: true
    }
  }

  /// How many groups of adjacent synapses with one delay there are.
  var groupCount: Int {
    switch delays {
    case .groups(let groups): Int(groups.starts[sources])
    case .sharedSteps, .sharedTime: min(sources, count)
    case .byteSteps, .shortSteps, .times: count
    }
  }

  /// The weight of the synapse at `place`; for tests, recording and writing, not for delivery.
  public func weight(_ place: Int) -> Double {
    switch weights {
    case .shared(let w): w
    case .individual(let p): Double(p[place])
    case .grouped: groups!.synapse(place, rowStarts, sources).weight!
    }
  }

  /// The target within the chunk of the synapse at `place`; for tests and recording.
  public func target(_ place: Int) -> Int { groups?.synapse(place, rowStarts, sources).target ?? Int(targets[place]) }

  private var groups: DelayGroups? { if case .groups(let groups) = delays { groups } else { nil } }

  /// Gives back the memory of the weights: a plastic projection keeps its own.
  func forgetWeights() {
    byteCount -= weightBlock?.byteCount ?? 0
    weightBlock = nil
    weights = .shared(.nan)
  }

  /// Gives back the memory of weights and delays: a projection with learned delays keeps its own.
  func forgetValues() {
    forgetWeights()
    byteCount -= delayBlock?.byteCount ?? 0
    delayBlock = nil
    delays = .sharedTime(.never)
  }

  /// The delay of the synapse at `place`, with `step` the length of a grid step.
  public func delay(_ place: Int, step: Time) -> Time {
    switch delays {
    case .sharedSteps(let n): step * n
    case .byteSteps(let p): step * Int(p[place])
    case .shortSteps(let p): step * Int(p[place])
    case .groups(let groups): step * groups.synapse(place, rowStarts, sources).steps
    case .sharedTime(let t): t
    case .times(let p, let shift): Time(picoseconds: Int64(p[place]) << Int64(shift))
    }
  }
}
