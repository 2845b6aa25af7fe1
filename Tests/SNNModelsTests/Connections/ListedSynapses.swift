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
  /// All synapses by target, asked for in parts of `part` targets (or, of a rule that lists by source, sources).
  func listed(_ shape: ProjectionShape, part: Int = .max) -> [ListedSynapse] {
    var collector = Collector()
    switch connectivity(shape) {
    case .byTarget(let lists):
      forEachPart(of: shape.targets, part) { lists.forEachSynapse(shape, targets: $0, &collector) }
      return collector.synapses
    case .bySource(let rows):
      let list = RowList()
      forEachPart(of: shape.sources, part) { sources in
        list.removeAll()
        for source in sources { rows.appendRow(shape, source: source, to: list) }
        for (row, source) in sources.enumerated() {
          for place in list.row(row) {
            collector.add(source: source, target: Int(list.targets[place]), number: Int(list.draws[place]))
          }
        }
      }
      return collector.synapses.sorted { ($0.target, $0.source, $0.number) < ($1.target, $1.source, $1.number) }
    }
  }

  private func forEachPart(of count: Int, _ part: Int, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < count {
      let end = min(count, start + min(part, count))
      body(start..<end)
      start = end
    }
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
