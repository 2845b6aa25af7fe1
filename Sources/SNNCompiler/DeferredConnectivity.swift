import SNNDynamics
import SNNKernel

/// Synapses whose once-per-projection work has not been done: what a plan holds, so that checking a file builds nothing.
struct DeferredConnectivity: TargetLists {
  let make: @Sendable () -> Connectivity

  func forEachSynapse<Visitor: SynapseVisitor>(
    _ shape: ProjectionShape, targets: Range<Int>, _ visitor: inout Visitor
  ) {
    guard case .byTarget(let lists) = make() else { preconditionFailure("a deferred rule lists by target") }
    lists.forEachSynapse(shape, targets: targets, &visitor)
  }
}

extension ProjectionBlueprint {
  /// With the rule's once-per-projection work done.
  func prepared() -> ProjectionBlueprint {
    guard case .byTarget(let lists) = connectivity, let deferred = lists as? DeferredConnectivity else { return self }
    var copy = self
    copy.connectivity = deferred.make()
    return copy
  }
}
