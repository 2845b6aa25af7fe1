import SNNDynamics
import SNNKernel
import SNNModels
import SNNSignals

/// One synapse as the tests compare it.
struct BuiltSynapse: Hashable, Comparable {
  var target: Int
  var source: Int
  var receptor: UInt8
  var weight: Double
  var delay: Int64

  static func < (a: Self, b: Self) -> Bool {
    (a.target, a.source, a.delay, a.weight, a.receptor) < (b.target, b.source, b.delay, b.weight, b.receptor)
  }
}

let step = Time(milliseconds: 0.1)

func stream(_ seed: UInt64, _ purpose: RandomPurpose = .connectivity) -> RandomStream {
  RandomStream(seed: seed, purpose: purpose, entity: 77)
}

func shape(_ sources: Int, _ targets: Int, recurrent: Bool = false, seed: UInt64 = 1) -> ProjectionShape {
  ProjectionShape(sources: sources, targets: targets, isRecurrent: recurrent, random: stream(seed))
}

func blueprint(
  _ rule: any ConnectionRule, _ shape: ProjectionShape, weight: SynapseValue = .shared(1), delay: SynapseValue = .shared(1.5),
  receptor: Receptor? = nil, kind: WeightKind = .current, engine: ProjectionBlueprint.Engine = .grid(step: step)
) -> ProjectionBlueprint {
  ProjectionBlueprint(
    name: "E->I", shape: shape, connectivity: rule.connectivity(shape), weight: weight, delay: delay, receptor: receptor,
    weightKind: kind, engine: engine)
}

extension ProjectionBlueprint {
  /// All synapses, built in chunks of `size` neurons, in ascending order.
  func built(chunk size: Int = 65_536, reversed: Bool = false) throws -> [BuiltSynapse] {
    var all: [BuiltSynapse] = []
    let starts = Array(stride(from: 0, to: shape.targets, by: size))
    for start in reversed ? starts.reversed() : starts {
      for table in try SynapseTable.build(self, targets: start..<min(start + size, shape.targets)) {
        all += table.synapses
      }
    }
    return all.sorted()
  }
}

extension SynapseTable {
  var synapses: [BuiltSynapse] {
    (0..<sources).flatMap { source in
      row(source).map { place in
        BuiltSynapse(
          target: targetRange.lowerBound + target(place), source: source, receptor: receptor.rawValue,
          weight: weight(place), delay: delay(place, step: step).picoseconds)
      }
    }
  }
}
