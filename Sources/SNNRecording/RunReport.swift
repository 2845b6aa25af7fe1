import SNNSignals

/// The one JSON object that `snnsim run --json` prints.
public struct RunReport: Sendable {
  public var name: String
  public var seed: UInt64
  public var threads: Int
  /// Engine of each population, in the order of the network file.
  public var engines: [String]
  /// When the run ended.
  public var biologicalMs: Double
  /// When it began: later than 0 with another run's state.
  public var begunMs = 0.0
  public var buildSeconds: Double
  public var simulateSeconds: Double
  public var neurons: Int
  public var synapses: Int
  public var synapticEvents: Int
  public var peakRSSMegabytes: Double
  /// Size of the synapse tables over the number of synapses; `nil` without synapses.
  public var synapseBytes: Double?
  public var populations: [PopulationSummary]
  public var spikeDigest: String
  public var weightDigest: String?
  /// The projections that learn, in the order of the network file.
  public var plastic: [PlasticSummary] = []
  /// A training's last evaluation.
  public var metrics: [JSONText.Member] = []
  /// The results directory; `nil` when nothing was recorded.
  public var output: String?

  public init(
    name: String, seed: UInt64, threads: Int, engines: [String], biologicalMs: Double, buildSeconds: Double,
    simulateSeconds: Double, neurons: Int, synapses: Int, synapticEvents: Int, peakRSSMegabytes: Double, synapseBytes: Double?,
    populations: [PopulationSummary], spikeDigest: String, weightDigest: String? = nil, output: String?
  ) {
    precondition(engines.count == populations.count)
    self.name = name
    self.seed = seed
    self.threads = threads
    self.engines = engines
    self.biologicalMs = biologicalMs
    self.buildSeconds = buildSeconds
    self.simulateSeconds = simulateSeconds
    self.neurons = neurons
    self.synapses = synapses
    self.synapticEvents = synapticEvents
    self.peakRSSMegabytes = peakRSSMegabytes
    self.synapseBytes = synapseBytes
    self.populations = populations
    self.spikeDigest = spikeDigest
    self.weightDigest = weightDigest
    self.output = output
  }

  public var spikes: Int { populations.reduce(0) { $0 + $1.spikes } }

  /// Simulate seconds over biological seconds; `nil` when no time passed.
  public var realTimeFactor: Double? {
    biologicalMs > begunMs ? simulateSeconds / ((biologicalMs - begunMs) / 1000) : nil
  }

  public var json: JSONText {
    [
      "name": .text(name), "seed": .unsigned(seed), "threads": .integer(threads),
      "engine": .object(zip(populations, engines).map { ($0.name, .text($1)) }),
      "biological_ms": .number(biologicalMs), "build_s": .number(buildSeconds), "simulate_s": .number(simulateSeconds),
      "real_time_factor": JSONText(realTimeFactor), "neurons": .integer(neurons), "synapses": .integer(synapses),
      "spikes": .integer(spikes), "synaptic_events": .integer(synapticEvents), "peak_rss_mb": .number(peakRSSMegabytes),
      "synapse_bytes": JSONText(synapseBytes), "populations": .object(populations.map { ($0.name, $0.json) }),
      "plastic": .object(plastic.map { ($0.name, $0.json) }),
      "digests": ["spikes": .text(spikeDigest), "weights": JSONText(weightDigest)], "metrics": .object(metrics),
      "output": JSONText(output),
    ]
  }
}

/// What the summary of a run says about one projection that learns.
public struct PlasticSummary: Sendable, Equatable {
  public var name: String
  public var synapses: Int
  /// At the end, in the unit of the target model's weights; `nil` without synapses.
  public var meanWeight: Double?

  public init(name: String, synapses: Int, meanWeight: Double?) {
    self.name = name
    self.synapses = synapses
    self.meanWeight = meanWeight
  }

  public var json: JSONText { ["synapses": .integer(synapses), "mean_weight": JSONText(meanWeight)] }
}
