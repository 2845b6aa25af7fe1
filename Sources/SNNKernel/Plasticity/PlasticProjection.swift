import SNNSignals

/// A projection that learns: its synapses by chunk of the target.
///
/// Its synapses are numbered by presynaptic neuron, chunk and place in the row: by (pre, post), those of one pair in the order
/// in which they were made. Where synapses are pruned and grow, the numbers hold until then.
public struct PlasticProjection: Sendable {
  public let name: String
  /// Indices among the network's populations.
  public let source: Int
  public let target: Int
  /// Index among the network's populations of the one that releases the rule's modulator; nil without one.
  public var modulator: Int? { inlets.first?.modulator }
  let inlets: [PlasticInlet]
  let clock: TickClock

  public init(name: String, source: Int, target: Int, inlets: [PlasticInlet], clock: TickClock) {
    self.name = name
    self.source = source
    self.target = target
    self.inlets = inlets
    self.clock = clock
  }

  /// Lets a rule that reads states of the target population find them; see ``PlasticInlet/observe(_:firstColumn:)``.
  public func observe(_ probes: [StateProbe?]) {
    for inlet in inlets { inlet.observe(probes, firstColumn: inlet.table.targetRange.lowerBound) }
  }

  /// The synapses onto one chunk.
  public func inlets(onto neurons: Range<Int>) -> [PlasticInlet] { inlets.filter { $0.table.targetRange == neurons } }

  public var count: Int { inlets.reduce(0) { $0 + $1.table.count } }

  /// The neurons of some synapses, by ascending number, or of all.
  public func pairs(_ numbers: [Int]?) -> [(pre: UInt32, post: UInt32)] {
    var pairs: [(pre: UInt32, post: UInt32)] = []
    var number = 0
    for source in 0..<(inlets.first?.table.sources ?? 0) {
      for inlet in inlets {
        let table = inlet.table
        for place in table.row(source) {
          if let numbers {
            guard pairs.count < numbers.count else { return pairs }
            if numbers[pairs.count] != number {
              number += 1
              continue
            }
          }
          pairs.append((UInt32(source), UInt32(table.targetRange.lowerBound) + UInt32(table.targets[place])))
          number += 1
        }
      }
    }
    return pairs
  }

  /// A synapse as one looks at it.
  public struct Synapse: BitwiseCopyable, Sendable {
    public var pre: UInt32
    public var post: UInt32
    public var weight: Double
    /// Dendritic, ms.
    public var delay: Double
  }

  /// When each source has spiked until `moment`, as far as its synapses have yet to meet it.
  func pending(until moment: Int64, _ board: SpikeBoard) -> [UInt32: [Int64]] {
    var waiting: [UInt32: [Int64]] = [:]
    for (spike, step) in board.pending(of: source) {
      let at = clock.moment(spike, step)
      if at <= moment { waiting[spike.id, default: []].append(at) }
    }
    return waiting
  }

  /// Before looks at synapses: shows them what their modulator's population has just emitted, until ``endLook()``.
  func beginLook(_ board: SpikeBoard) {
    let releases = modulator.map { board.pending(of: $0).map { clock.moment($0.spike, $0.step) } } ?? []
    for inlet in inlets { inlet.beginLook(modulatorSpikes: releases) }
  }
  func endLook() {
    for inlet in inlets { inlet.endLook() }
  }

  /// All synapses in the order of their numbers, with their weights at `time`: the end of the last window or a moment in it.
  func forEach(at time: Time, step: Time, _ board: SpikeBoard, _ body: (Synapse) throws -> Void) rethrows {
    let moment = clock.moment(time)
    let waiting = pending(until: moment, board)
    beginLook(board)
    defer { endLook() }
    let sights = inlets.map { $0.sight(at: moment, step: step) }
    for source in 0..<(inlets.first?.table.sources ?? 0) {
      let pending = waiting[UInt32(source)] ?? []
      for (inlet, sight) in zip(inlets, sights) {
        let table = inlet.table
        try sight.forEach(source, pending: pending) { place, weight, delay in
          try body(
            Synapse(
              pre: UInt32(source), post: UInt32(table.targetRange.lowerBound) + UInt32(table.targets[place]),
              weight: weight, delay: delay))
        }
      }
    }
  }
}
