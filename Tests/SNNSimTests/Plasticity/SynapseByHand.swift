import Foundation
import SNNSim

/// A synapse worked out the slow way: every trace is a sum over all earlier spikes, looked up anew at each spike.
struct SynapseByHand {
  /// When spikes reach the synapse, in picoseconds.
  private let pre, post: [Int64]

  /// - Parameters: times at the neurons and delays to the synapse, ms.
  init(pre: [Double], axonal: Double, post: [Double], dendritic: Double) {
    self.pre = pre.map { Self.picoseconds($0) + Self.picoseconds(axonal) }
    self.post = post.map { Self.picoseconds($0) + Self.picoseconds(dendritic) }
  }

  private static func picoseconds(_ ms: Double) -> Int64 { Int64((ms * 1e9).rounded()) }

  /// One spike at the synapse, and what came before it.
  struct Moment {
    let isPost: Bool
    let time: Int64
    fileprivate let pre, post: [Int64]
    /// Σ exp(−lag/τ) over all earlier spikes (those at this very moment are none), or over the latest.
    func pre(_ tau: Double, nearest: Bool = false) -> Double { Self.sum(pre, time, tau, nearest) }
    func post(_ tau: Double, nearest: Bool = false) -> Double { Self.sum(post, time, tau, nearest) }
    /// Postsynaptic spikes at this very moment.
    var postNow: Int { post.count { $0 == time } }

    private static func sum(_ spikes: [Int64], _ time: Int64, _ tau: Double, _ nearest: Bool) -> Double {
      let earlier = spikes.filter { $0 < time }
      return (nearest ? Array(earlier.suffix(1)) : earlier).reduce(0) { $0 + exp(-Double(time - $1) * 1e-9 / tau) }
    }
  }

  /// All spikes at the synapse until `end` ms, postsynaptic ones first of those that meet.
  func moments(until end: Double = 1e9) -> [Moment] {
    let all = post.map { (time: $0, isPost: true) } + pre.map { (time: $0, isPost: false) }
    return all.filter { $0.time <= Self.picoseconds(end) }
      .sorted { ($0.time, $0.isPost ? 0 : 1) < ($1.time, $1.isPost ? 0 : 1) }
      .map { Moment(isPost: $0.isPost, time: $0.time, pre: pre, post: post) }
  }

  /// The weight at each of `times`, from `first` on, when every spike does `change`.
  func weights(_ first: Double, at times: [Double], _ change: (inout Double, Moment) -> Void) -> [Double] {
    var weight = first
    var next = 0
    let moments = moments()
    return times.map { time in
      while next < moments.count && moments[next].time <= Self.picoseconds(time) {
        change(&weight, moments[next])
        next += 1
      }
      return weight
    }
  }
}

extension PlasticTrial {
  /// The greatest relative error of all sampled and final weights, when `weights` says from (synapse, first weight, times) what
  /// they should be.
  func worstError(
    axonal: Double = 0, _ weights: (SynapseByHand, Synapse, Double, [Double]) -> [Double]
  ) throws -> Double {
    let outcome = try run()
    var worst = 0.0
    for synapse in outcome.synapses {
      let hand = SynapseByHand(
        pre: pre.times[synapse.pre], axonal: axonal, post: post.times[synapse.post], dendritic: synapse.delay)
      // Nothing has reached a synapse until the first sample.
      let first = synapse.weights[0]
      let expected = weights(hand, synapse, first, outcome.times + [duration])
      for (a, b) in zip(synapse.weights + [synapse.final], expected) { worst = max(worst, abs(a - b) / max(abs(b), 1e-12)) }
    }
    return worst
  }
}
