import SNNSignals

/// What a run streams: known when its network is built.
public struct StreamPlan: Sendable {
  /// A population of neurons, or of sources.
  public struct Population: Sendable {
    public var name: String
    public var size: Int
    public var model: String
    public var isInput: Bool
    /// Its place among all of the run.
    public internal(set) var number = 0
    /// Which of its topics are sent.
    public var spikes: Bool
    public var rate: Bool

    public init(name: String, size: Int, model: String, isInput: Bool, spikes: Bool, rate: Bool) {
      self.name = name
      self.size = size
      self.model = model
      self.isInput = isInput
      self.spikes = spikes
      self.rate = rate
    }
  }

  /// A record of a state variable.
  public struct Record: Sendable {
    public var name: String
    public var variable: String
    public var unit: String
    /// ms.
    public var every: Double
    /// Columns: of each population, all neurons or those named.
    public var columns: [(population: String, ids: [UInt32]?, count: Int)]

    public init(
      name: String, variable: String, unit: String, every: Double, columns: [(population: String, ids: [UInt32]?, count: Int)]
    ) {
      self.name = name
      self.variable = variable
      self.unit = unit
      self.every = every
      self.columns = columns
    }
  }

  /// Recorded weights of a projection.
  public struct Weights: Sendable {
    public var projection: String
    /// ms.
    public var every: Double
    public var pre: [UInt32]
    public var post: [UInt32]

    public init(projection: String, every: Double, pre: [UInt32], post: [UInt32]) {
      self.projection = projection
      self.every = every
      self.pre = pre
      self.post = post
    }
  }

  public var name: String
  public var seed: UInt64
  public var version: String
  public var duration: Time
  public var resolution: Time
  public var threads: Int
  public var populations: [Population]
  public var records: [Record] = []
  public var weights: [Weights] = []
  /// Paths of the numbers that may be set while the run goes on.
  public var live: [String] = []
  /// Where the run begins, and how far its topics had come: of a run that goes on from a checkpoint.
  public var begin = Time.zero
  public var progress: [StreamProgress] = []

  public init(
    name: String, seed: UInt64, version: String, duration: Time, resolution: Time, threads: Int, populations: [Population]
  ) {
    self.name = name
    self.seed = seed
    self.version = version
    self.duration = duration
    self.resolution = resolution
    self.threads = threads
    self.populations = populations
    for p in populations.indices { self.populations[p].number = p }
  }

  /// Bins of `rate/`.
  static let rateBin = Time(milliseconds: 10)

  /// The members of `meta/` that don't change.
  var members: [JSONText.Member] {
    [
      ("name", .text(name)), ("seed", .unsigned(seed)), ("version", .text(version)),
      ("duration_ms", .number(duration.milliseconds)), ("resolution_ms", .number(resolution.milliseconds)),
      ("threads", .integer(threads)), ("neurons", .integer(populations.filter { !$0.isInput }.reduce(0) { $0 + $1.size })),
      ("rate_bin_ms", .number(Self.rateBin.milliseconds)), ("populations", .array(populationMembers)),
      ("records", .array(records.map(\.json))), ("weights", .array(weights.map(\.json))),
      ("live", .array((["realtime"] + live).map { .text($0) })),
    ]
  }

  private var populationMembers: [JSONText] {
    var offset = 0
    return populations.map { population in
      defer { offset += population.size }
      return .object([
        ("name", .text(population.name)), ("size", .integer(population.size)), ("model", .text(population.model)),
        ("offset", .integer(offset)), ("topic", population.spikes ? .text("spikes/\(population.name)/") : .null),
        ("is_input", .boolean(population.isInput)),
      ])
    }
  }
}

extension StreamPlan.Record {
  var json: JSONText {
    let parts = columns.map { part -> JSONText in
      let ids: JSONText = part.ids.map { .array($0.map { .integer(Int($0)) }) } ?? .null
      return .object([("population", .text(part.population)), ("ids", ids), ("count", .integer(part.count))])
    }
    return .object([
      ("name", .text(name)), ("topic", .text("state/\(name)/")), ("variable", .text(variable)), ("unit", .text(unit)),
      ("every_ms", .number(every)), ("columns", .array(parts)),
    ])
  }
}

extension StreamPlan.Weights {
  var json: JSONText {
    .object([
      ("projection", .text(projection)), ("topic", .text("weights/\(projection)/")), ("synapses", .integer(pre.count)),
      ("every_ms", .number(every)),
    ])
  }
}
