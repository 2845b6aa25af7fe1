import SNNDynamics
import SNNSignals

/// How a plastic projection rewires: everything but its synapses.
///
/// What is drawn is keyed by (target, number of the rewiring, slot), so that it is the same however the work is divided.
public struct Rewiring: Sendable {
  public var rule: any StructuralRule
  /// Rewirings come at the first end of a window at or after each multiple, after all spikes until then.
  public var interval: Time
  /// Magnitude of a new weight.
  public var newWeight: Double
  /// When rewiring ends; nil for never.
  public var until: Time?
  /// Whether a neuron, being among its own sources, must not be drawn as one.
  public var excludesItself: Bool
  public var random: RandomStream

  public init(
    rule: any StructuralRule, interval: Time, newWeight: Double, until: Time?, excludesItself: Bool, random: RandomStream
  ) {
    self.rule = rule
    self.interval = interval
    self.newWeight = newWeight
    self.until = until
    self.excludesItself = excludesItself
    self.random = random
  }

  /// Whether every neuron of `table` has enough sources to choose from.
  func check(_ table: SynapseTable, of projection: String) throws(SynapseBuildingError) {
    let columns = SynapseColumnIndex(table)
    let most = table.sources - (excludesItself ? 1 : 0)
    for target in 0..<table.targetRange.count where columns[target].count > most {
      throw SynapseBuildingError(
        projection: projection, target: table.targetRange.lowerBound + target,
        problem: .moreSynapsesThanSources(columns[target].count, sources: most))
    }
  }

  /// Decides for the synapses of a table which are pruned and what the new sources are; nil when all stay.
  /// - Parameters:
  ///   - columns: of `table`.
  ///   - number: of this rewiring.
  ///   - weight: the magnitude at a place.
  func decide(_ table: SynapseTable, _ columns: SynapseColumnIndex, number: Int64, weight: (Int) -> Double) -> RewiredSources? {
    let rewired = RewiredSources(table)
    var slots: [Slot] = []
    for target in 0..<table.targetRange.count {
      let places = columns[target]
      let neuron = table.targetRange.lowerBound + target
      slots.removeAll(keepingCapacity: true)
      for (slot, place) in places.enumerated() {
        let words = random.words(index: UInt64(neuron), draw: UInt64(number) << 32 | UInt64(slot))
        slots.append(Slot(number: slot, weight: weight(Int(place)), words: words))
      }
      slots.sort()
      let pruned = min(rule.pruned(slots.map(\.weight)), slots.count)
      guard pruned > 0 else { continue }
      for slot in slots[..<pruned] { rewired.isNew[Int(places[slot.number])] = true }
      var taken = TakenSources(of: table.sources)
      for place in places where !rewired.isNew[Int(place)] { taken.append(rewired.sources[Int(place)]) }
      if excludesItself { taken.insert(UInt32(neuron)) }
      for slot in slots[..<pruned].sorted(by: { $0.number < $1.number }) {
        rewired.sources[Int(places[slot.number])] = taken.drawOther(slot.words)
      }
      rewired.count += pruned
    }
    return rewired.count > 0 ? rewired : nil
  }

  /// A synapse among those onto its neuron, which are numbered in the order of their sources.
  private struct Slot: Comparable {
    var number: Int
    var weight: Double
    /// The first two choose a new source, the third decides between equal weights.
    var words: Philox.Words
    static func < (a: Slot, b: Slot) -> Bool { (a.weight, a.words.z, a.number) < (b.weight, b.words.z, b.number) }
  }
}

/// The sources of the synapses of a table as a rewiring leaves them, by place.
final class RewiredSources {
  let sources: AlignedBuffer<UInt32>
  /// Whether the synapse at a place was pruned and another has its slot.
  let isNew: AlignedBuffer<Bool>
  fileprivate(set) var count = 0

  /// As they are.
  init(_ table: SynapseTable) {
    sources = AlignedBuffer(count: table.count)
    isNew = AlignedBuffer(count: table.count)
    for source in 0..<table.sources {
      for place in table.row(source) { sources[place] = UInt32(source) }
    }
  }
}

/// The sources that a neuron has synapses from, or must not have, each once, ascending.
private struct TakenSources {
  private let total: Int
  private var taken: [UInt32] = []

  init(of total: Int) { self.total = total }

  /// - Parameter source: no smaller than those before it.
  mutating func append(_ source: UInt32) { if taken.last != source { taken.append(source) } }

  mutating func insert(_ source: UInt32) {
    let place = taken.firstIndex { $0 >= source } ?? taken.count
    if place == taken.count || taken[place] != source { taken.insert(source, at: place) }
  }

  /// Draws one of the other sources, which is then taken too. Of n, number ⌊n · x⌋ with x from 64 bits in [0, 1): each comes
  /// equally often but for n/2⁶⁴.
  mutating func drawOther(_ words: Philox.Words) -> UInt32 {
    let bits = UInt64(words.x) << 32 | UInt64(words.y)
    let rank = Int(bits.multipliedFullWidth(by: UInt64(total - taken.count)).high)
    // So many taken ones come before it: taken[i] has taken[i] − i others before it.
    var (low, high) = (0, taken.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(taken[middle]) - middle <= rank { low = middle + 1 } else { high = middle }
    }
    taken.insert(UInt32(rank + low), at: low)
    return UInt32(rank + low)
  }
}
