import SNNDynamics
import SNNSignals

/// What is known of the synapses of a plastic projection before they are built: for the prediction of memory.
public struct PlasticProspect: Sendable {
  public var synapses: Int
  /// Neurons of both sides, and chunks of the target.
  public var sources: Int
  public var targets: Int
  public var chunks: Int
  public var longestDelay: Time
  public var windowLength: Time
  public var clock: TickClock
  /// Of the grid.
  public var step: Time

  public init(
    _ blueprint: ProjectionBlueprint, synapses: Double, chunks: Int, windowLength: Time, _ clock: TickClock, step: Time
  ) {
    self.synapses = Int(min(synapses, 1e15))
    sources = blueprint.shape.sources
    targets = blueprint.shape.targets
    self.chunks = chunks
    longestDelay = Time(milliseconds: min(blueprint.longestDelay, step.milliseconds * Double(UInt16.max)))
    self.windowLength = windowLength
    self.clock = clock
    self.step = step
  }
}

extension Plasticity {
  /// Bytes of each synapse with its target and delay, rows not counted.
  public func bytesPerSynapse(_ blueprint: ProjectionBlueprint) -> Int {
    func stride<Rule: LearningRule>(of rule: Rule) -> Int { MemoryLayout<Rule.Synapse>.stride }
    func bytes<Rule: DelayRule>(of rule: Rule) -> Int { DelayTable<Rule>.bytesPerSynapse }
    return switch rule {
    case .weights(let rule): blueprint.targetBytes + (blueprint.sharesDelay ? 0 : blueprint.delayBytes) + stride(of: rule)
    case .delays(let learning): blueprint.targetBytes + bytes(of: learning.rule)
    }
  }

  /// Bytes of what is kept of the neurons of both sides; what grows with activity is as large as before the first spike.
  public func neuronBytes(_ prospect: PlasticProspect) -> Int {
    func weights<Rule: LearningRule>(_ rule: Rule) -> Int { PlasticTable<Rule>.neuronBytes(rule, prospect) }
    func delays<Rule: DelayRule>(_ rule: Rule) -> Int {
      DelayTable<Rule>.neuronBytes(prospect, hasRelease: release != nil)
    }
    return switch rule {
    case .weights(let rule): weights(rule)
    case .delays(let learning): delays(learning.rule)
    }
  }
}
