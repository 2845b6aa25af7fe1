import SNNDynamics
import SNNSignals

/// How a chunk counts time: the ticks of its plastic synapses.
public enum TickClock: Sendable {
  case steps(Time)
  case picoseconds

  /// ms.
  var tick: Double {
    switch self {
    case .steps(let step): step.milliseconds
    case .picoseconds: 1 / Time.picosecondsPerMillisecond
    }
  }
  /// The ticks of a delay.
  func ticks(_ time: Time) -> Int64 {
    switch self {
    case .steps(let step): Int64(time.stepsNearest(step))
    case .picoseconds: time.picoseconds
    }
  }
  /// When a spike acts that takes effect on the grid in `step`.
  func moment(_ spike: Spike, _ step: UInt32) -> Int64 {
    switch self {
    case .steps: Int64(step)
    case .picoseconds: spike.time.picoseconds
    }
  }
  /// The time of a number of ticks.
  func time(_ ticks: Int64) -> Time {
    switch self {
    case .steps(let step): step * Int(ticks)
    case .picoseconds: Time(picoseconds: ticks)
    }
  }
  /// Ticks until `time`, a moment of the grid where that is what is counted.
  func moment(_ time: Time) -> Int64 {
    switch self {
    case .steps(let step): Int64(time.stepsFloor(step))
    case .picoseconds: time.picoseconds
    }
  }
}

/// The population whose spikes release a rule's modulator at all synapses of a projection.
public struct ModulatorSource: Sendable {
  /// Index among the network's populations.
  public var population: Int
  /// From a spike to its effect.
  public var delay: Time

  public init(population: Int, delay: Time) {
    self.population = population
    self.delay = delay
  }
}

/// Everything about a plastic projection but its synapses.
public struct Plasticity: Sendable {
  public enum Rule: Sendable {
    case weights(any LearningRule)
    case delays(DelayLearning)
  }
  public var rule: Rule
  public var release: (any ReleaseRule)?
  public var axonalDelay: Time
  public var modulator: ModulatorSource?
  /// When the weights come to stay as they are; nil for never.
  public var until: Time?
  public var astrocytes: AstrocyteSource?
  /// Of a rule of weights; nil for one whose synapses stay where they are.
  public var rewiring: Rewiring?

  public init(
    rule: Rule, release: (any ReleaseRule)?, axonalDelay: Time, modulator: ModulatorSource? = nil,
    astrocytes: AstrocyteSource? = nil
  ) {
    self.rule = rule
    self.release = release
    self.axonalDelay = axonalDelay
    self.modulator = modulator
    self.astrocytes = astrocytes
  }

  /// - Parameters:
  ///   - table: of these synapses with their first weights; it is emptied of them.
  ///   - signals: of the network, that of ``astrocytes`` among them.
  ///   - step: of the grid.
  public func makeInlet(
    _ table: SynapseTable, source: Int, _ clock: TickClock, windowLength: Time, signals: [Signal], step: Time
  ) -> PlasticInlet {
    func open<Rule: LearningRule>(_ rule: Rule) -> any PlasticSynapses {
      let history = astrocytes.map { astrocytes in
        let signal = signals.first { $0.population == astrocytes.population && $0.variable == astrocytes.variable }!
        return AstrocyteHistory(astrocytes, signal, targets: table.targetRange, clock, step: step)
      }
      return PlasticTable(
        rule, self, table, source: source, clock, step: step, windowLength: windowLength, astrocytes: history)
    }
    return switch rule {
    case .weights(let rule): PlasticInlet(.weights(open(rule)))
    case .delays(let learning):
      PlasticInlet(
        .delays(learning.makeSynapses(table, release: release, source: source, clock, windowLength: windowLength)))
    }
  }

  /// Whether the rule can begin with `tables`, a projection's synapses onto one chunk, one table for each receptor.
  public func check(_ tables: [SynapseTable], of projection: String) throws(SynapseBuildingError) {
    if rewiring != nil && tables.count > 1 {
      throw SynapseBuildingError(projection: projection, problem: .weightsOfBothSigns)
    }
    for table in tables {
      try check(table, of: projection)
      if let rewiring { try rewiring.check(table, of: projection) }
    }
  }

  private func check(_ table: SynapseTable, of projection: String) throws(SynapseBuildingError) {
    // A drawn weight is rounded to single precision, which may lift it above a bound that it was drawn up to.
    let most = largestWeight * (1 + 0x1p-23)
    let places = table.hasOwnWeights ? 0..<table.count : 0..<min(1, table.count)
    var (hasNegative, hasPositive) = (false, false)
    for place in places {
      let weight = table.weight(place)
      hasNegative = hasNegative || weight < 0
      hasPositive = hasPositive || weight > 0
      let problem: SynapseBuildingError.Problem? =
        abs(weight) > most
        ? .weightAboveBound(weight, most: largestWeight) : hasNegative && hasPositive ? .weightsOfBothSigns : nil
      if let problem {
        let target = table.targetRange.lowerBound + Int(table.targets[place])
        throw SynapseBuildingError(projection: projection, target: target, problem: problem)
      }
    }
  }

  private var largestWeight: Double {
    switch rule {
    case .weights(let rule): rule.largestWeight
    case .delays(let learning): learning.rule.largestWeight
    }
  }

  /// The states of target neurons that the rule reads.
  public var observables: [String] { if case .weights(let rule) = rule { type(of: rule).observables } else { [] } }

  /// No window of time may be longer; nil where the delays of the table say so.
  public var leastDelay: Time? {
    if case .delays(let learning) = rule { Time(milliseconds: learning.range.lowerBound) } else { nil }
  }
}
