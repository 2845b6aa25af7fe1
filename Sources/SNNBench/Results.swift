/// What one benchmark gave.
public struct CaseResult: Sendable {
  public var benchmark: BenchmarkCase
  /// ms.
  public var duration: Double
  public var threads: [ThreadsResult] = []
  public var accuracy: Accuracy?

  public init(benchmark: BenchmarkCase, duration: Double) {
    self.benchmark = benchmark
    self.duration = duration
  }

  func result(threads: Int) -> ThreadsResult? { self.threads.first { $0.threads == threads } }

  /// Speed on two threads over that on one.
  public var speedUp: Double? {
    guard let one = result(threads: 1), let two = result(threads: 2) else { return nil }
    return one.median(\.simulate) / two.median(\.simulate)
  }

  /// The fastest median of a peer over the fastest of snnsim, over all numbers of threads.
  public func bestRatio(_ peer: Peer) -> Double? {
    let theirs = threads.compactMap { $0.pairs(with: peer)?.median(\.theirs.simulate) }
    let ours = threads.compactMap { $0.pairs(with: peer)?.median(\.ours.simulate) }
    guard let best = theirs.min(), let own = ours.min() else { return nil }
    return best / own
  }
}

/// One benchmark on one number of threads.
public struct ThreadsResult: Sendable {
  public var threads: Int
  /// All runs of snnsim, and one of the network with one synapse for each pair of connected populations, or of those whose
  /// synapses learn.
  public var own: [Cost]
  public var bare: Cost?
  public var pairs: [PeerPairs]

  public init(threads: Int, own: [Cost], pairs: [PeerPairs]) {
    self.threads = threads
    self.own = own
    self.pairs = pairs
  }

  public func pairs(with peer: Peer) -> PeerPairs? { pairs.first { $0.peer == peer && !$0.runs.isEmpty } }
  public func median(_ figure: (Cost) -> Double) -> Double { SNNBench.median(own.map(figure)) }

  public var eventsPerSecond: Double { median { $0.events / $0.simulate } }
  public var eventsPerSecondAndThread: Double { eventsPerSecond / Double(threads) }
  /// Growth of the process over that of the bare network, for each synapse more.
  public var bytesPerSynapse: Double? { bare.map { bare in median { $0.bytesPerSynapse(over: bare) } } }
  public var connectionsPerSecondAndThread: Double { median { $0.synapses / $0.build } / Double(threads) }
}

/// Runs of a peer, each with the run of snnsim that followed it.
public struct PeerPairs: Sendable {
  public typealias Pair = (theirs: Cost, ours: Cost)
  public var peer: Peer
  public var runs: [Pair]
  /// The peer's run of the bare network.
  public var bare: Cost?

  public init(peer: Peer, runs: [Pair]) {
    self.peer = peer
    self.runs = runs
  }

  /// Pairs count when both have as many spikes within this part: some networks fall silent by chance, and so does their cost.
  public static let agreement = 0.1

  public var agreeing: [Pair] {
    runs.filter { abs($0.theirs.spikes - $0.ours.spikes) <= Self.agreement * max($0.theirs.spikes, $0.ours.spikes) }
  }
  /// Those that agree, or all when none do.
  private var counted: [Pair] { agreeing.isEmpty ? runs : agreeing }

  public func median(_ figure: (Pair) -> Double) -> Double { SNNBench.median(counted.map(figure)) }
  /// The median of the pairs' ratios, theirs to ours: how many times less snnsim takes.
  public func ratio(_ figure: (Cost) -> Double) -> Double { median { figure($0.theirs) / figure($0.ours) } }

  /// The peer's growth over its run of the bare network.
  public var bytesPerSynapse: Double? {
    bare.map { bare in median { $0.theirs.bytesPerSynapse(over: bare) } }
  }

  /// Mean rates in Hz, theirs and ours, of a population.
  public func rates(_ population: String) -> (theirs: Double, ours: Double) { means { $0.rates[population] ?? 0 } }
  /// The same of the final weights of a projection; NaN for who does not know them.
  public func meanWeights(_ projection: String) -> (theirs: Double, ours: Double) {
    means { $0.meanWeights[projection] ?? .nan }
  }

  private func means(_ figure: (Cost) -> Double) -> (theirs: Double, ours: Double) {
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    return (mean(counted.map { figure($0.theirs) }), mean(counted.map { figure($0.ours) }))
  }
}

extension Cost {
  func bytesPerSynapse(over bare: Cost) -> Double { (peakMemory - bare.peakMemory) * 1e6 / max(synapses - bare.synapses, 1) }
}

/// The middle value, or the mean of the two in the middle; NaN of nothing.
public func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
