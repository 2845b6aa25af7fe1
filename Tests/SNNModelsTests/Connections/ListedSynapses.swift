import Foundation
import SNNDynamics
import SNNModels
import SNNSignals

/// One synapse as a rule lists it.
struct ListedSynapse: Hashable {
  var source: Int
  var target: Int
  var number: Int
}

struct Collector: SynapseVisitor {
  var synapses: [ListedSynapse] = []
  mutating func add(source: Int, target: Int, number: Int) {
    synapses.append(ListedSynapse(source: source, target: target, number: number))
  }
}

func projection(_ sources: Int, _ targets: Int, recurrent: Bool = false, seed: UInt64 = 1) -> ProjectionShape {
  ProjectionShape(
    sources: sources, targets: targets, isRecurrent: recurrent,
    random: RandomStream(seed: seed, purpose: .connectivity, entity: 42))
}

extension ConnectionRule {
  /// All synapses, asked for in parts of `part` targets.
  func listed(_ shape: ProjectionShape, part: Int = .max) -> [ListedSynapse] {
    let connectivity = connectivity(shape)
    var collector = Collector()
    var start = 0
    while start < shape.targets {
      let end = min(shape.targets, start + min(part, shape.targets))
      connectivity.forEachSynapse(shape, targets: start..<end, &collector)
      start = end
    }
    return collector.synapses
  }
}

func degrees(_ n: Int, of neurons: [Int]) -> [Double] {
  var degrees = [Double](repeating: 0, count: n)
  for neuron in neurons { degrees[neuron] += 1 }
  return degrees
}

/// How many standard deviations Pearson's χ² of `counts` is from its mean when each is drawn with variance
/// `expected` (1 − `without`): χ² with f = n − 1 degrees of freedom has mean f and variance 2 f.
func chiSquareDeviation(_ counts: [Double], without q: Double = 0) -> Double {
  let expected = counts.reduce(0, +) / Double(counts.count)
  let freedom = Double(counts.count - 1)
  let statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) } / (expected * (1 - q))
  return (statistic - freedom) / (2 * freedom).squareRoot()
}
