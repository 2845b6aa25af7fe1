import SNNDynamics
import SNNSignals

extension ProjectionBlueprint {
  /// The weight that all synapses share, or nil when each has its own.
  func sharedWeight() throws(SynapseBuildingError) -> Double? {
    guard case .shared(let w) = weight else { return nil }
    guard w.isFinite else { throw SynapseBuildingError(projection: name, problem: .weight(w)) }
    return w
  }
}
