import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

/// Turns a network file into a network: names into indices, values into numbers, populations into chunks.
///
/// ``plan(_:)`` finds everything that is wrong without building anything; ``build(_:pool:)`` makes the synapses in parallel.
public struct Compiler: Sendable {
  public let catalogue: Catalogue
  public let data: DataSource

  public init(catalogue: Catalogue, data: DataSource) {
    self.catalogue = catalogue
    self.data = data
  }

  /// Checks what the reader of the file could not: sizes against files, rules against populations, models' own constraints.
  ///
  /// - Parameter available: Bytes that the network may take before synapses are regenerated instead of stored where they can be.
  /// - Throws: `DescriptionErrors`; ``MemoryShortage`` when not even the neurons' own values fit.
  public func plan(_ file: NetworkFile, available: Double = .infinity) throws -> NetworkPlan {
    try MemoryShortage.check(file, catalogue, available)
    var planning = Planning(file, catalogue: catalogue, data: data)
    planning.planPopulations()
    planning.planSizedInputs()
    planning.planProjections()
    planning.planTargetedInputs()
    planning.planRecordings()
    planning.planReadout()
    let errors = planning.values.errors
    guard errors.isEmpty else { throw DescriptionErrors(errors) }
    planning.fit(into: available)
    return planning.plan
  }
}

/// The state of ``Compiler/plan(_:)``; its parts are in extensions, one per section of the file.
struct Planning {
  let file: NetworkFile
  let catalogue: Catalogue
  var values: ValueResolver
  var plan: NetworkPlan
  /// Index of each population and sized input in `plan.names`; a population that could not be planned has none.
  var indices: [String: Int] = [:]

  init(_ file: NetworkFile, catalogue: Catalogue, data: DataSource) {
    self.file = file
    self.catalogue = catalogue
    values = ValueResolver(data: data, seed: file.run.seed)
    let step = Time(milliseconds: file.run.resolution)
    let duration = Time(milliseconds: file.run.duration)
    plan = NetworkPlan(
      populations: [], sources: [], connections: [], poisson: [], currents: [], recordings: [], step: step,
      end: step * duration.stepsFloor(step), notes: [])
    if plan.end != duration {
      plan.notes.append(
        "duration \(file.run.duration) ms is not a multiple of the resolution; the run ends at \(plan.end.milliseconds) ms")
    }
  }

  mutating func report(_ location: SourceLocation, _ problem: String, hint: String? = nil) {
    values.errors.append(DescriptionError(location, problem, hint: hint))
  }

  func stream(_ purpose: RandomPurpose, _ entity: String) -> RandomStream {
    RandomStream(seed: file.run.seed, purpose: purpose, entity: entityHash(entity))
  }

  /// `location` with `key` behind its path.
  func place(_ location: SourceLocation, _ key: String) -> SourceLocation {
    var place = location
    place.path += ".\(key)"
    return place
  }
}
