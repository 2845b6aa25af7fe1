import SNNDynamics
import SNNSignals

/// Everything a chunk is made from.
public struct ChunkPlan: Sendable {
  public var neurons: Range<Int>
  public var inlets: [Inlet] = []
  public var plastic: [PlasticInlet] = []
  /// The longest delay of `inlets` and `plastic`.
  public var longestDelay = Time.zero
  public var windowLength: Time
  public var poisson: [PoissonDrive] = []
  public var currents: [CurrentDrive] = []
  public var slowCurrents: [CurrentInlet] = []
  /// What others read of these neurons.
  public var signals: [Signal] = []
  public var probes: [(probe: StateProbe, part: ProbePart)] = []

  public init(neurons: Range<Int>, windowLength: Time) {
    self.neurons = neurons
    self.windowLength = windowLength
  }
}

/// The parameters of a population: one value for all neurons, or one per neuron.
public enum ModelValues<Model: NeuronModel>: Sendable {
  case shared(Model)
  case each([Model])
}

/// Values of one state variable at t = 0: one for all neurons of the population or one per neuron.
public struct InitialValues: Sendable {
  public var variable: String
  public var values: [Double]
  public init(variable: String, values: [Double]) {
    self.variable = variable
    self.values = values
  }
  func value(_ neuron: Int) -> Double { values.count == 1 ? values[0] : values[neuron] }
}

/// Makes chunks of a model known only at run time: the existential is opened here, once per chunk.
public enum ChunkFactory {
  public static func grid<Model: ClockedNeuron>(
    _ plan: ChunkPlan, _ models: ModelValues<Model>, initial: [InitialValues], step: Time
  ) -> any Chunk {
    GridChunk(plan, models: models, initial: initial, step: step)
  }

  public static func exact<Model: EventDrivenNeuron>(
    _ plan: ChunkPlan, _ models: ModelValues<Model>, initial: [InitialValues], step: Time
  ) -> any Chunk {
    EventChunk(plan, models: models, initial: initial, step: step)
  }
}

extension ChunkFactory {
  /// - Parameters:
  ///   - schedule: of trains that show samples.
  ///   - external: what comes from outside.
  ///   - onGrid: whether Poisson spikes are moved to the end of their step, as NEST's are.
  public static func source(
    neurons: Range<Int>, trains: SourceTrains, schedule: SampleSchedule?, external: ExternalSpikes?, step: Time, onGrid: Bool
  ) -> any Chunk {
    SourceChunk(neurons: neurons, trains: trains, schedule: schedule, external: external, step: step, onGrid: onGrid)
  }
}
