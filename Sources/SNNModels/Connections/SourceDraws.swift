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
  func forEach(_ stream: RandomStream, index: UInt64, _ body: (UInt32) -> Bool) {
    var block: UInt64 = 0
    while true {
      let words = stream.words(index: index, draw: block)
      block &+= 1
      for lane in 0..<4 {
        let product = UInt64(words[lane]) &* bound
        if UInt32(truncatingIfNeeded: product) < threshold { continue }
        guard body(UInt32(truncatingIfNeeded: product >> 32)) else { return }
      }
    }
  }

  /// Writes the first `count` of the same numbers.
  @inline(__always)
  func fill(_ numbers: UnsafeMutablePointer<UInt32>, _ count: Int, _ stream: RandomStream, index: UInt64) {
    var made = 0
    forEach(stream, index: index) {
      numbers[made] = $0
      made &+= 1
      return made < count
    }
  }
}

/// The neurons that one neuron of a projection is connected with when it draws them at random.
struct RandomNeurons {
  private let bounded: BoundedDraws
  private let bound: Int
  private let multapses: Bool
  /// No neuron is its own partner: the draws count past it.
  private let skipsItself: Bool
  private let random: RandomStream

  /// Draws of sources for the targets of `shape`.
  init(_ shape: ProjectionShape, autapses: Bool, multapses: Bool) {
    bound = shape.sourcesOfEachTarget(autapses: autapses)
    bounded = BoundedDraws(below: max(1, bound))
    self.multapses = multapses
    skipsItself = shape.isRecurrent && !autapses
    random = shape.random
  }

  /// How many bits ``fill(_:_:_:marks:)`` needs.
  var marks: Int { multapses ? 0 : bound }

  /// Writes the `count` partners of `neuron`. Without multapses every set of them is equally likely: draws are repeated, and
  /// beyond half of all, those left out are drawn instead.
  ///
  /// - Parameter marks: zeros, given back as zeros.
  @inline(__always)
  func fill(_ partners: UnsafeMutablePointer<UInt32>, _ count: Int, _ neuron: Int, marks: UnsafeMutablePointer<UInt64>) {
    guard bound > 0, count > 0 else { return }
    if multapses {
      bounded.fill(partners, count, random, index: UInt64(neuron))
    } else {
      fillDistinct(partners, count, neuron, marks)
    }
    guard skipsItself else { return }
    let itself = UInt32(truncatingIfNeeded: neuron)
    for i in 0..<count { partners[i] &+= partners[i] >= itself ? 1 : 0 }
  }

  /// Fills `partners` with partners of `neuron`.
  func fill(_ partners: inout [UInt32], _ neuron: Int, marks: inout [UInt64]) {
    partners.withUnsafeMutableBufferPointer { partners in
      marks.withUnsafeMutableBufferPointer { fill(partners.baseAddress!, partners.count, neuron, marks: $0.baseAddress!) }
    }
  }

  private func fillDistinct(
    _ partners: UnsafeMutablePointer<UInt32>, _ count: Int, _ neuron: Int, _ marks: UnsafeMutablePointer<UInt64>
  ) {
    func isMarked(_ x: Int) -> Bool { marks[x >> 6] & (1 << UInt64(x & 63)) != 0 }
    let isInverted = count > bound / 2
    let drawn = isInverted ? bound - count : count
    var made = 0
    if drawn > 0 {
      bounded.forEach(random, index: UInt64(neuron)) { x in
        if isMarked(Int(x)) { return true }
        marks[Int(x) >> 6] |= 1 << UInt64(x & 63)
        if !isInverted { partners[made] = x }
        made += 1
        return made < drawn
      }
    }
    guard isInverted else {
      for i in 0..<count { marks[Int(partners[i]) >> 6] = 0 }
      return
    }
    made = 0
    for x in 0..<bound where !isMarked(x) {
      partners[made] = UInt32(truncatingIfNeeded: x)
      made += 1
    }
    marks.update(repeating: 0, count: bound / 64 + 1)
  }
}

/// Lists the synapses when each target has a given number of random sources.
struct RandomSources {
  var autapses: Bool
  var multapses: Bool

  @inline(__always)
  func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, indegree: (Int) -> Int, _ visitor: inout Visitor
  ) {
    let draws = RandomNeurons(shape, autapses: autapses, multapses: multapses)
    var sources: [UInt32] = []
    var marks = [UInt64](repeating: 0, count: draws.marks / 64 + 1)
    for target in targets {
      let k = indegree(target)
      if sources.count < k { sources = Array(repeating: 0, count: k) }
      sources.withUnsafeMutableBufferPointer { sources in
        guard let first = sources.baseAddress else { return }
        marks.withUnsafeMutableBufferPointer { draws.fill(first, k, target, marks: $0.baseAddress!) }
        for number in 0..<k { visitor.add(source: Int(first[number]), target: target, number: number) }
      }
    }
  }
}
