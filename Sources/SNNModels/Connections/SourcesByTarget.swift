import SNNDynamics
import SNNSignals

/// Listed pairs sorted by target, once per projection.
///
/// 8 bytes per synapse while the projection is being built.
struct SourcesByTarget: TargetLists {
  /// The pairs of target t are at `starts[t]..<starts[t + 1]`.
  private var starts: [Int]
  private var sources: [UInt32]
  /// The place of each pair in the list.
  private var numbers: [UInt32]

  /// Sorts the pairs (sources[i], targets[i]) by target and keeps the order of those with the same: a counting sort.
  init(targets count: Int, sources pre: [UInt32], targets post: [UInt32]) {
    starts = Array(repeating: 0, count: count + 1)
    for target in post { starts[Int(target) + 1] += 1 }
    for target in 0..<count { starts[target + 1] += starts[target] }
    var next = starts
    sources = Array(repeating: 0, count: pre.count)
    numbers = Array(repeating: 0, count: pre.count)
    for i in pre.indices {
      let place = next[Int(post[i])]
      next[Int(post[i])] = place + 1
      sources[place] = pre[i]
      numbers[place] = UInt32(i)
    }
  }

  func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    for target in targets {
      for place in starts[target]..<starts[target + 1] {
        visitor.add(source: Int(sources[place]), target: target, number: Int(numbers[place]))
      }
    }
  }
}
