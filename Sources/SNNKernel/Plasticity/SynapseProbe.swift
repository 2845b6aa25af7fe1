import SNNSignals

/// What can be recorded of a synapse.
public enum SynapseVariable: Sendable {
  /// In the unit of the target's weights.
  case weight
  /// ms.
  case delay

  func value(_ synapse: PlasticProjection.Synapse) -> Double {
    switch self {
    case .weight: synapse.weight
    case .delay: synapse.delay
    }
  }
}

/// Which synapses of one projection are recorded, and when.
public struct SynapseSelection: Sendable {
  /// Index among the network's plastic projections.
  public var projection: Int
  public var variable: SynapseVariable
  /// Numbers of synapses, ascending; nil for all.
  public var synapses: [Int]?
  /// Within (from, to].
  public var from: Time
  public var to: Time

  public init(projection: Int, variable: SynapseVariable, synapses: [Int]?, from: Time, to: Time) {
    self.projection = projection
    self.variable = variable
    self.synapses = synapses
    self.from = from
    self.to = to
  }

  /// The selected synapses at `time`, each with its number.
  func forEach(
    at time: Time, _ network: CompiledNetwork, _ board: SpikeBoard, _ body: (Int, PlasticProjection.Synapse) -> Void
  ) {
    var number = 0
    var next = 0
    network.plastic[projection].forEach(at: time, step: network.step, board) { synapse in
      if let synapses {
        if next < synapses.count && synapses[next] == number {
          body(number, synapse)
          next += 1
        }
      } else {
        body(number, synapse)
      }
      number += 1
    }
  }
}

/// Weights or delays of synapses, sampled at t = every, 2 every, ….
public final class SynapseProbe: @unchecked Sendable {
  // @unchecked: used between windows, by one thread.
  public let selection: SynapseSelection
  public let every: Time
  /// Moments of the samples of the present window.
  public private(set) var times: [Time] = []
  /// One row for each of them.
  public private(set) var values: [Double] = []

  public init(_ selection: SynapseSelection, every: Time) {
    self.selection = selection
    self.every = every
  }

  /// Finds the moments in `window`.
  func prepare(_ window: Window) {
    times = Window.samples(of: every, in: window).filter { $0 > selection.from && $0 <= selection.to }
    values.removeAll(keepingCapacity: true)
  }

  func sample(_ network: CompiledNetwork, _ board: SpikeBoard) {
    for time in times {
      selection.forEach(at: time, network, board) { values.append(selection.variable.value($1)) }
    }
  }
}
