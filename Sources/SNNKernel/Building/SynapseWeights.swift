import SNNDynamics
import SNNSignals

extension ProjectionBlueprint {
  /// The weight that all synapses share, or nil when each has its own.
  func sharedWeight() throws(SynapseBuildingError) -> Double? {
    guard case .shared(let w) = weight else { return nil }
    guard w.isFinite else { throw SynapseBuildingError(projection: name, problem: .weight(w)) }
    return w
  }

  /// Finds the weight of each place, signed, and returns how many are negative.
  func findWeights(of rows: inout SynapseRows, firstTarget: Int) throws(SynapseBuildingError) -> Int {
    let block = AlignedBlock(rows.count, of: Float.self)
    let weights = block.elements(of: Float.self)
    var negative = 0
    try forEachValue(of: weight, rows, firstTarget: firstTarget) { (place, target, x) throws(SynapseBuildingError) in
      let w = Float(x)
      guard w.isFinite else { throw SynapseBuildingError(projection: name, target: target, problem: .weight(x)) }
      weights[place] = w
      negative += w < 0 ? 1 : 0
    }
    rows.weights = consume block
    return negative
  }

  /// Finds the value of each place and passes it on with the place and its target neuron.
  @inline(__always)
  func forEachValue(
    of value: SynapseValue, _ rows: borrowing SynapseRows, firstTarget: Int,
    _ body: (_ place: Int, _ target: Int, _ value: Double) throws(SynapseBuildingError) -> Void
  ) throws(SynapseBuildingError) {
    guard let numbers = rows.numbers?.elements(of: UInt32.self) else { return }
    let targets = rows.targets.elements(of: UInt16.self)
    switch value {
    case .shared(let x):
      for place in 0..<rows.count { try body(place, firstTarget + Int(targets[place]), x) }
    case .listed(let values):
      for place in 0..<rows.count { try body(place, firstTarget + Int(targets[place]), values[Int(numbers[place])]) }
    case .drawn(let distribution, let stream):
      for place in 0..<rows.count {
        let target = firstTarget + Int(targets[place])
        try body(place, target, distribution.value(stream, index: UInt64(target), draw: numbers[place]))
      }
    }
  }
}
