import SNNSignals

/// A projection that learns: its synapses by chunk of the target.
///
/// Its synapses are numbered by presynaptic neuron, chunk and place in the row: by (pre, post), those of one pair in the order
/// in which they were made.
public struct PlasticProjection: Sendable {
  public let name: String
  /// Indices among the network's populations.
  public let source: Int
  public let target: Int
  /// Index among the network's populations of the one that releases the rule's modulator; nil without one.
  public var modulator: Int? { inlets.first?.modulator }
  let inlets: [PlasticInlet]
  private let clock: TickClock

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

  /// All synapses in the order of their numbers, with their weights at `time`: the end of the last window or a moment in it.
  func forEach(at time: Time, step: Time, _ board: SpikeBoard, _ body: (Synapse) throws -> Void) rethrows {
    let moment = clock.moment(time)
    var waiting: [UInt32: [Int64]] = [:]
    for (spike, spikeStep) in board.pending(of: source) {
      let at = clock.moment(spike, spikeStep)
      if at <= moment { waiting[spike.id, default: []].append(at) }
    }
    let releases = modulator.map { board.pending(of: $0).map { clock.moment($0.spike, $0.step) } } ?? []
    for inlet in inlets { inlet.beginLook(modulatorSpikes: releases) }
    defer { for inlet in inlets { inlet.endLook() } }
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

/// Weights of synapses of one projection, sampled at t = every, 2 every, … within (from, to].
public final class WeightProbe: @unchecked Sendable {
  // @unchecked: used between windows, by one thread.
  /// Index among the network's plastic projections.
  public let projection: Int
  /// Numbers of the sampled synapses, ascending; nil for all.
  public let synapses: [Int]?
  public let every: Time
  public let from: Time
  public let to: Time
  /// Moments of the samples of the present window.
  public private(set) var times: [Time] = []
  /// One row for each of them.
  public private(set) var values: [Double] = []

  public init(projection: Int, synapses: [Int]?, every: Time, from: Time, to: Time) {
    self.projection = projection
    self.synapses = synapses
    self.every = every
    self.from = from
    self.to = to
  }

  /// Finds the moments in `window`.
  func prepare(_ window: Window) {
    times = Window.samples(of: every, in: window).filter { $0 > from && $0 <= to }
    values.removeAll(keepingCapacity: true)
  }

  func sample(_ network: CompiledNetwork, _ board: SpikeBoard) {
    for time in times {
      var number = 0
      var next = 0
      network.plastic[projection].forEach(at: time, step: network.step, board) { synapse in
        if let synapses {
          if next < synapses.count && synapses[next] == number {
            values.append(synapse.weight)
            next += 1
          }
        } else {
          values.append(synapse.weight)
        }
        number += 1
      }
    }
  }
}
