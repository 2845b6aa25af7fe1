/// Sampled state variables of some neurons of one population.
public struct SampleSeries: Sendable {
  /// Name of the population.
  public var population: String
  /// The state variable, for instance `V_m`.
  public var variable: String
  /// Its unit, for instance `mV`; empty for a plain number.
  public var unit: String
  /// Sample times, ms.
  public var times: [Double]
  /// The sampled neurons.
  public var ids: [UInt32]
  /// One row of samples for each neuron of `ids`.
  public var values: [[Double]]

  /// - Throws: ``AnalysisError`` when there is not one row for each neuron and one sample for each time.
  public init(
    population: String, variable: String, unit: String, times: [Double], ids: [UInt32], values: [[Double]]
  ) throws(AnalysisError) {
    guard values.count == ids.count, values.allSatisfy({ $0.count == times.count }) else {
      throw AnalysisError(
        subject: "\(population).\(variable)", problem: "\(ids.count) neurons and \(times.count) times do not fit the samples",
        hint: "one row for each neuron, one sample for each time")
    }
    self.population = population
    self.variable = variable
    self.unit = unit
    self.times = times
    self.ids = ids
    self.values = values
  }
}

/// What a figure is drawn from.
public struct FigureInput: Sendable {
  /// Name of the run.
  public var title: String
  public var seed: UInt64
  /// Simulated time, ms.
  public var duration: Double
  public var populations: [PopulationSpikes]
  public var samples: [SampleSeries]
  /// The most points a raster draws; beyond that whole neurons are left out, evenly.
  public var pointLimit = 50_000

  public init(
    title: String, seed: UInt64, duration: Double, populations: [PopulationSpikes], samples: [SampleSeries] = []
  ) {
    self.title = title
    self.seed = seed
    self.duration = duration
    self.populations = populations
    self.samples = samples
  }
  var captionStart: [String] { ["\(title)", "seed \(seed)"] }
}

/// The figures of a run, each a complete SVG document 180 mm wide: see ``raster(_:)``, ``rates(_:)``, ``isi(_:)``, ``traces(_:)``.
public enum Figure {}
