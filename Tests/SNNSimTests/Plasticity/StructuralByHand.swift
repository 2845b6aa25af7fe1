import Foundation
import SNNSim

/// A projection that prunes and grows, worked out the slow way: every weight from all spikes since its synapse was made, every
/// partner from a list of those that are free.
struct StructuralByHand {
  struct Synapse: Equatable {
    var pre, post: Int
    var weight, delay: Double
    /// When it was made, ps.
    var born: Int64 = -1
  }
  var synapses: [Synapse]
  let sources: Int
  let pre, post: [[Double]]
  let axonal: Double
  /// Additive STDP, τ 20 ms, within [0, 1].
  let lambda, alpha: Double
  let newWeight: Double
  /// How many of ascending weights are pruned.
  let pruned: ([Double]) -> Int
  let random: RandomStream
  private(set) var replaced = 0

  init(
    _ synapses: [Synapse], sources: Int, pre: [[Double]], post: [[Double]], axonal: Double, lambda: Double, alpha: Double,
    newWeight: Double, random: RandomStream, pruned: @escaping ([Double]) -> Int
  ) {
    self.synapses = synapses
    self.sources = sources
    self.pre = pre
    self.post = post
    self.axonal = axonal
    self.lambda = lambda
    self.alpha = alpha
    self.newWeight = newWeight
    self.random = random
    self.pruned = pruned
  }

  /// At `time` ms.
  func weight(_ s: Synapse, at time: Double) -> Double {
    let hand = SynapseByHand(pre: pre[s.pre], axonal: axonal, post: post[s.post], dendritic: s.delay)
    return hand.moments(until: time).filter { $0.time > s.born }.reduce(s.weight) { w, moment in
      moment.isPost ? min(1, w + lambda * moment.pre(20)) : max(0, w - alpha * lambda * moment.post(20))
    }
  }

  /// Rewiring number `number`, at `time` ms.
  mutating func rewire(_ number: Int, at time: Double) {
    for target in post.indices {
      let own = synapses.indices.filter { synapses[$0].post == target }.sorted { synapses[$0].pre < synapses[$1].pre }
      let words = own.indices.map { random.words(index: UInt64(target), draw: UInt64(number) << 32 | UInt64($0)) }
      let weights = own.map { weight(synapses[$0], at: time) }
      let order = own.indices.sorted { (weights[$0], words[$0].z) < (weights[$1], words[$1].z) }
      let chosen = order.prefix(pruned(order.map { weights[$0] })).sorted()
      var partners = Set(own.indices.filter { !chosen.contains($0) }.map { synapses[own[$0]].pre })
      for slot in chosen {
        let free = (0..<sources).filter { !partners.contains($0) }
        // ⌊n x⌋ with x from 64 bits, in quadruple precision as it were.
        let bits = UInt64(words[slot].x) << 32 | UInt64(words[slot].y)
        let source = free[Int(bits.multipliedFullWidth(by: UInt64(free.count)).high)]
        partners.insert(source)
        synapses[own[slot]].pre = source
        synapses[own[slot]].weight = newWeight
        synapses[own[slot]].born = Int64((time * 1e9).rounded())
        replaced += 1
      }
    }
  }

  /// All at `time`, in the order (pre, post).
  func all(at time: Double) -> [Synapse] {
    synapses.map { s in
      var s = s
      s.weight = weight(s, at: time)
      return s
    }.sorted { ($0.pre, $0.post) < ($1.pre, $1.post) }
  }
}
