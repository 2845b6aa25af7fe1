import SNNDynamics
import SNNSignals

/// Synapses sorted by target: what rules that think in sources or in pairs are turned into, once per projection.
///
/// 4 bytes per synapse, 8 where the synapses keep the numbers of their pairs, while the projection is being built.
struct SourcesByTarget: Connectivity {
  /// The sources of target t are at `starts[t]..<starts[t + 1]`.
  private(set) var starts: [Int]
  private(set) var sources: [UInt32]
  /// nil: the synapses of each target are numbered from 0.
  private(set) var numbers: [UInt32]?

  /// Sorts pairs by target and keeps the order of those with the same: a counting sort in two passes over `list`, which must
  /// list the same pairs both times. `number` of a pair is kept if `numbered`.
  init(targets: Int, numbered: Bool, list: (inout PairSorter) -> Void) {
    var sorter = PairSorter(targets: targets)
    list(&sorter)
    starts = sorter.beginPlacing(numbered: numbered)
    list(&sorter)
    sources = sorter.sources
    numbers = numbered ? sorter.numbers : nil
  }

  func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    sources.withUnsafeBufferPointer { sources in
      for target in targets {
        let start = starts[target]
        for place in start..<starts[target + 1] {
          let number = numbers.map { Int($0[place]) } ?? place - start
          visitor.add(source: Int(sources[place]), target: target, number: number)
        }
      }
    }
  }
}

/// Takes pairs twice: counts them by target, then places them.
struct PairSorter {
  private var cursors: [Int]
  private var isPlacing = false
  private(set) var sources: [UInt32] = []
  private(set) var numbers: [UInt32] = []

  init(targets: Int) { cursors = Array(repeating: 0, count: targets) }

  mutating func beginPlacing(numbered: Bool) -> [Int] {
    var starts = [0]
    starts.reserveCapacity(cursors.count + 1)
    for target in cursors.indices {
      let start = starts[target]
      starts.append(start + cursors[target])
      cursors[target] = start
    }
    sources = Array(repeating: 0, count: starts[cursors.count])
    if numbered { numbers = Array(repeating: 0, count: sources.count) }
    isPlacing = true
    return starts
  }

  @inline(__always)
  mutating func add(source: Int, target: Int, number: Int) {
    let place = cursors[target]
    cursors[target] = place &+ 1
    guard isPlacing else { return }
    sources[place] = UInt32(truncatingIfNeeded: source)
    if !numbers.isEmpty { numbers[place] = UInt32(truncatingIfNeeded: number) }
  }
}
