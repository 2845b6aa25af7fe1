import Foundation
import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

/// The engine that advances a population, after `auto` has been decided.
public enum Engine: String, Sendable { case grid, exact }

/// A population of neurons, checked and ready to be cut into chunks.
public struct PlannedPopulation: Sendable {
  public var name: String
  public var size: Int
  public var model: String
  public var engine: Engine
  public var weightKind: WeightKind
  /// The state variables that it has on this engine.
  var states: Set<String>
  /// The state variable that its connections carry in place of spikes.
  var slowCurrent: String?
  /// The shortest refractory period of its neurons, ms.
  public var refractoryPeriod: Double
  public var chunks: [Range<Int>]
  /// Opens the model's type: the only place where a chunk learns of it.
  let makeChunk: @Sendable (ChunkPlan) -> any Chunk
  /// Bytes of state per neuron.
  let stateBytes: Int
}

/// A population of sources that plays an input.
struct PlannedSource: Sendable {
  var name: String
  var size: Int
  var trains: SourceTrains
  var isGiven: Bool
}

/// One projection, or one targeted `spikes` input.
struct PlannedConnection: Sendable {
  var location: SourceLocation
  /// Index among populations, then sources.
  var source: Int
  var target: Int
  var blueprint: ProjectionBlueprint
  /// Whether the source's slow current flows through it, in place of spikes.
  var isSlowCurrent: Bool
  /// What changes the synapses; nil where they stay as they are.
  var plasticity: Plasticity?
  var expectedSynapses: Double
  var storage: Storage
  /// Whether synapses are regenerated instead of stored: as `storage` says, or as memory asked for.
  var isProcedural: Bool
}

/// A number of an input that may be changed while the run goes on.
public struct PlannedLiveValue: Sendable {
  /// In the network file: `inputs.background.rate`.
  public var path: String
  public var unit: SNNSignals.Unit
  public var bound: Bound
  public var initial: Double
  /// The drives that have it: population, and number among its Poisson drives or currents.
  var drives: [(population: Int, number: Int)]
}

/// What is recorded of one population by one entry of `record`.
public struct PlannedRecording: Sendable {
  public enum Subject: Sendable, Equatable { case spikes, rate, state(String), weight, delay }
  public var name: String
  public var subject: Subject
  /// Index among populations, then sources; of weights, among plastic projections.
  public var population: Int
  /// Recorded neurons (or synapses), ascending; nil for all.
  public var ids: [UInt32]?
  /// Of weights: the part of the synapses that is recorded, and the seed of the choice.
  public var fraction: (part: Double, seed: UInt64)?
  public var every: Time
  public var from: Time
  public var to: Time
  /// Of weights and delays: whether every change is recorded, instead of samples.
  public var isAtChanges = false
  /// Of weights and delays.
  public var histogram: HistogramPlan?
  public var location: SourceLocation?

  /// Whether it is of synapses, and so `population` a plastic projection.
  public var isOfSynapses: Bool { subject == .weight || subject == .delay }
}

/// Samples of a run with their classes, and the population that classifies them.
public struct PlannedReadout: Sendable {
  /// Index among the populations.
  public var population: Int
  /// Which of the network's schedules shows them.
  public var schedule: Int
  /// Numbers of the samples, counted from the first that is shown.
  public var assign: Range<Int>
  public var test: Range<Int>
  /// Classes of both.
  public var assignLabels: [UInt8]
  public var testLabels: [UInt8]
}

/// What is known of a connection before it is built.
public struct ConnectionSummary: Sendable {
  public var name: String
  public var source: String
  public var target: String
  public var synapses: Double
  /// 0 where synapses are regenerated.
  public var bytesPerSynapse: Int
  /// Of its tables, and of what its rules of plasticity keep.
  public var bytes: Double
}

/// A checked network with all names gone: what ``Compiler/build(_:pool:)`` makes chunks from.
public struct NetworkPlan: Sendable {
  public var populations: [PlannedPopulation]
  var sources: [PlannedSource]
  var connections: [PlannedConnection]
  /// Per population.
  var poisson: [[PoissonDrive]]
  var currents: [[CurrentDrive]]
  /// Of these drives.
  public var live: [PlannedLiveValue] = []
  public var recordings: [PlannedRecording]
  /// Classification by spike counts.
  public var readout: PlannedReadout?
  public var step: Time
  public var end: Time
  /// Remarks a user should see once, such as delays that were rounded to the grid.
  public var notes: [String]

  /// Names of populations, then of sources: what recordings' indices mean.
  public var names: [String] { populations.map(\.name) + sources.map(\.name) }
  public var sizes: [Int] { populations.map(\.size) + sources.map(\.size) }
  public var neuronCount: Int { populations.reduce(0) { $0 + $1.size } }
  /// The connections that learn, in the order of the network's plastic projections.
  var plasticConnections: [Int] { connections.indices.filter { connections[$0].plasticity != nil } }
  /// Their names.
  public var plasticProjections: [String] { plasticConnections.map { connections[$0].blueprint.name } }
  public var expectedSynapses: Double { connections.reduce(0) { $0 + $1.expectedSynapses } }

  /// What is known of each connection before it is built.
  public var connectionSummaries: [ConnectionSummary] {
    connections.map {
      ConnectionSummary(
        name: $0.blueprint.name, source: names[$0.source], target: names[$0.target], synapses: $0.expectedSynapses,
        bytesPerSynapse: $0.bytesPerSynapse, bytes: $0.isProcedural ? 0 : tableBytes($0))
    }
  }

  /// What the process holds before any network: the program, its libraries and threads.
  static let processBytes = 40e6

  /// Predicted bytes of the process with the built network.
  public var predictedBytes: Double {
    var bytes = Self.processBytes
    for (p, population) in populations.enumerated() {
      bytes += Double(population.size) * (Double(population.stateBytes) + ringBytes(ofNeuronIn: p))
    }
    for connection in connections where !connection.isProcedural { bytes += tableBytes(connection) }
    return bytes
  }

  /// Predicted bytes of the tables of a connection, with what its rules keep where they learn.
  func tableBytes(_ connection: PlannedConnection) -> Double {
    let (target, blueprint) = (populations[connection.target], connection.blueprint)
    let rows = Double(blueprint.rowBytes(chunks: target.chunks.count))
    guard let plasticity = connection.plasticity else {
      return connection.expectedSynapses * Double(blueprint.bytesPerSynapse) + rows
    }
    let prospect = PlasticProspect(
      blueprint, synapses: connection.expectedSynapses, chunks: target.chunks.count, windowLength: step * windowSteps,
      target.engine == .grid ? .steps(step) : .picoseconds, step: step)
    return connection.expectedSynapses * Double(plasticity.bytesPerSynapse(blueprint)) + rows
      + Double(plasticity.neuronBytes(prospect))
  }

  /// Steps of a window, as far as delays are known before they are drawn.
  private var windowSteps: Int {
    let shortest = connections.filter { $0.source < populations.count || $0.plasticity != nil }
      .map { $0.plasticity?.leastDelay?.milliseconds ?? $0.blueprint.delay.lowerBound }.min()
    return max(1, Int(min(shortest ?? .infinity, Compiler.longestWindow.milliseconds) / step.milliseconds))
  }

  /// The input ring of a grid neuron; what waits in a calendar goes with activity.
  private func ringBytes(ofNeuronIn population: Int) -> Double {
    guard populations[population].engine == .grid else { return 0 }
    let window = windowSteps
    let incoming = connections.filter { $0.target == population && !$0.isSlowCurrent }
    let reach = incoming.map { connection in
      Int(min(connection.blueprint.longestDelay / step.milliseconds, Double(UInt16.max)).rounded(.up))
        + (connection.source < populations.count ? 0 : window)
    }
    let (rows, _) = InputRing.rows(
      windowSteps: window, reach: reach.max() ?? 0, hasOwnDelays: incoming.contains { !$0.blueprint.sharesDelay })
    return Double(rows * 8 * populations[population].weightKind.receptors)
  }
}
