import SNNDynamics
import SNNSignals

extension ProjectionShape {
  /// How many sources a target may choose from.
  func sourcesOfEachTarget(autapses: Bool) -> Int { isRecurrent && !autapses ? max(0, sources - 1) : sources }
  /// The source that `target` may not have: the draws count past it. Beyond all when there is none.
  @inline(__always)
  func skippedSource(of target: Int, autapses: Bool) -> Int { isRecurrent && !autapses ? target : .max }
}

/// Unbiased random integers below a bound: Lemire (2019), doi:10.1145/3230636.
struct BoundedDraws {
  let bound: UInt64
  /// Products whose lower half is below it are drawn again: 2³² mod bound.
  let threshold: UInt32

  /// - Parameter bound: from 1 to 2³² − 1.
  init(below bound: Int) {
    self.bound = UInt64(bound)
    let narrow = UInt32(bound)
    threshold = (0 &- narrow) % narrow
  }

  /// Passes on numbers below the bound until `body` returns false.
  @inline(__always)
  func forEach(_ stream: RandomStream, index: UInt64, _ body: (Int) -> Bool) {
    var block: UInt64 = 0
    while true {
      let words = stream.words(index: index, draw: block)
      block &+= 1
      for lane in 0..<4 {
        let product = UInt64(words[lane]) &* bound
        if UInt32(truncatingIfNeeded: product) < threshold { continue }
        guard body(Int(truncatingIfNeeded: product >> 32)) else { return }
      }
    }
  }
}

/// Draws without replacement: O(k) expected, by rejection with a bitmap; beyond half of all, those left out are drawn instead.
struct DistinctDraws: ~Copyable {
  private let bounded: BoundedDraws
  private let bound: Int
  private let bitmap: UnsafeMutablePointer<UInt64>
  private let chosen: UnsafeMutablePointer<UInt32>

  init(below bound: Int) {
    self.bound = bound
    bounded = BoundedDraws(below: max(1, bound))
    bitmap = .allocate(capacity: bound / 64 + 1)
    bitmap.initialize(repeating: 0, count: bound / 64 + 1)
    chosen = .allocate(capacity: bound / 2 + 1)
  }
  deinit {
    bitmap.deallocate()
    chosen.deallocate()
  }

  /// Passes on `k` different numbers below the bound (k ≤ bound), every set of them equally likely.
  @inline(__always)
  func forEach(_ k: Int, _ stream: RandomStream, index: UInt64, _ body: (Int) -> Void) {
    let inverted = k > bound / 2
    let drawn = inverted ? bound - k : k
    var made = 0
    if drawn > 0 {
      bounded.forEach(stream, index: index) { x in
        if isMarked(x) { return true }
        bitmap[x >> 6] |= 1 << UInt64(x & 63)
        chosen[made] = UInt32(truncatingIfNeeded: x)
        made += 1
        if !inverted { body(x) }
        return made < drawn
      }
    }
    if inverted {
      for x in 0..<bound where !isMarked(x) { body(x) }
    }
    for i in 0..<made { bitmap[Int(chosen[i]) >> 6] = 0 }
  }

  @inline(__always)
  private func isMarked(_ x: Int) -> Bool { bitmap[x >> 6] & (1 << UInt64(x & 63)) != 0 }
}

/// Lists the synapses when each target has a given number of random sources.
struct RandomSources {
  var autapses: Bool
  var multapses: Bool

  @inline(__always)
  func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, indegree: (Int) -> Int, _ visitor: inout Visitor
  ) {
    let m = shape.sourcesOfEachTarget(autapses: autapses)
    guard m > 0 else { return }
    guard multapses else { return distinct(shape, targets: targets, of: m, indegree: indegree, &visitor) }
    let draws = BoundedDraws(below: m)
    for target in targets {
      let k = indegree(target)
      guard k > 0 else { continue }
      let skipped = shape.skippedSource(of: target, autapses: autapses)
      var number = 0
      draws.forEach(shape.random, index: UInt64(target)) { x in
        visitor.add(source: x >= skipped ? x + 1 : x, target: target, number: number)
        number += 1
        return number < k
      }
    }
  }

  @inline(__always)
  private func distinct<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, of m: Int, indegree: (Int) -> Int, _ visitor: inout Visitor
  ) {
    let draws = DistinctDraws(below: m)
    for target in targets {
      let skipped = shape.skippedSource(of: target, autapses: autapses)
      var number = 0
      draws.forEach(indegree(target), shape.random, index: UInt64(target)) { x in
        visitor.add(source: x >= skipped ? x + 1 : x, target: target, number: number)
        number += 1
      }
    }
  }
}
