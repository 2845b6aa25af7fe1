import SNNDynamics
import SNNSignals

/// Some synapses of a projection: their targets and the keys of their draws.
struct SynapseKeys {
  var targets: UnsafePointer<UInt32>
  var indices: UnsafePointer<UInt32>
  var draws: UnsafePointer<UInt32>
  var count: Int

  init(targets: UnsafePointer<UInt32>, indices: UnsafePointer<UInt32>, draws: UnsafePointer<UInt32>, count: Int) {
    self.targets = targets
    self.indices = indices
    self.draws = draws
    self.count = count
  }
  init(_ list: RowList) {
    self.init(
      targets: UnsafePointer(list.targets), indices: UnsafePointer(list.indices), draws: UnsafePointer(list.draws),
      count: list.count)
  }
}

/// Finds the weights and delays of synapses in the form in which they are kept; one for each task.
final class SynapseDraws {
  let blueprint: ProjectionBlueprint
  private let unit: DelayUnit
  private let values: UnsafeMutablePointer<Double>
  /// Values that are found at a time: they stay in the first-level cache.
  private static let piece = 512

  init(_ blueprint: ProjectionBlueprint) {
    self.blueprint = blueprint
    unit = DelayUnit(blueprint)
    values = .allocate(capacity: Self.piece)
  }
  deinit { values.deallocate() }

  /// Writes the weights, signed.
  func findWeights(_ keys: SynapseKeys, into weights: UnsafeMutablePointer<Float>) throws(SynapseBuildingError) {
    var first = 0
    while first < keys.count {
      let count = min(Self.piece, keys.count - first)
      find(blueprint.weight, keys, first, count)
      var isSound = true
      for i in 0..<count {
        let w = Float(values[i])
        weights[first + i] = w
        isSound = isSound && w.isFinite
      }
      if !isSound { throw weightError(keys, first, count) }
      first += count
    }
  }

  /// Writes the delays as whole numbers of the projection's unit.
  func findDelays(_ keys: SynapseKeys, into delays: UnsafeMutablePointer<UInt32>) throws(SynapseBuildingError) {
    var first = 0
    while first < keys.count {
      let count = min(Self.piece, keys.count - first)
      find(blueprint.delay, keys, first, count)
      if !unit.round(values, count: count, into: delays + first) { throw delayError(keys, first, count) }
      first += count
    }
  }

  private func find(_ value: SynapseValue, _ keys: SynapseKeys, _ first: Int, _ count: Int) {
    switch value {
    case .shared(let x): values.update(repeating: x, count: count)
    case .listed(let listed): for i in 0..<count { values[i] = listed[Int(keys.draws[first + i])] }
    case .drawn(let distribution, let stream):
      distribution.fill(values, count: count, stream, indices: keys.indices + first, draws: keys.draws + first)
    }
  }

  private func weightError(_ keys: SynapseKeys, _ first: Int, _ count: Int) -> SynapseBuildingError {
    for i in 0..<count where !Float(values[i]).isFinite {
      return SynapseBuildingError(
        projection: blueprint.name, target: Int(keys.targets[first + i]), problem: .weight(values[i]))
    }
    preconditionFailure("a weight that can't be kept was not found again")
  }

  private func delayError(_ keys: SynapseKeys, _ first: Int, _ count: Int) -> SynapseBuildingError {
    for i in 0..<count {
      do throws(SynapseBuildingError) {
        let target = Int(keys.targets[first + i])
        let time = try blueprint.checkedDelay(values[i], target: target)
        if case .grid(let step) = blueprint.engine { _ = try blueprint.steps(time, step, target: target) }
      } catch { return error }
    }
    preconditionFailure("a delay that can't be kept was not found again")
  }
}
