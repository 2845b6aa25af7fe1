/// A network that simulators are compared on, and what is expected of snnsim there.
public struct BenchmarkCase: Sendable {
  public var label: String
  /// File in `networks/`, without `.json`.
  public var network: String
  /// `path=value` for `--set`.
  public var assignments: [String] = []
  /// ms.
  public var duration: Double
  /// Whom it is compared with; the command may ask for fewer.
  public var peers: [Peer]
  /// Threads instead of those the command asks for.
  public var threads: [Int]?
  /// No more pairs than these, whatever the command asks for: of a network that takes a peer minutes.
  public var mostPairs = Int.max
  /// Whether it is about synapses that learn: bytes are theirs alone, and no file of final weights is written.
  public var learns = false
  public var targets: [Target]
}

/// A figure that snnsim should reach.
public struct Target: Sendable {
  public enum Figure: Sendable, Equatable {
    /// Times faster than a peer on the same number of threads.
    case faster(than: Peer)
    /// The same, of the best of both over all numbers of threads.
    case fasterThanBest(of: Peer)
    /// Speed on two threads over that on one.
    case speedUp
    /// Process growth over the same network with hardly a synapse (of those that learn, where it is about them), in bytes for
    /// each of the synapses that it lacks.
    case bytesPerSynapse
    /// Synapses made per second of building and thread.
    case connections
    /// Synaptic events per second and thread as a part of streamed random adds (``Roofline``).
    case roofline
    /// s.
    case build
    /// MB.
    case memory
    case realTimeFactor
  }
  public var figure: Figure
  public var bound: Double
  /// Whether the figure must be at most the bound instead of at least.
  public var isUpper: Bool

  public static func atLeast(_ bound: Double, _ figure: Figure) -> Target { Target(figure: figure, bound: bound, isUpper: false) }
  public static func atMost(_ bound: Double, _ figure: Figure) -> Target { Target(figure: figure, bound: bound, isUpper: true) }

  public func isMet(by value: Double) -> Bool { isUpper ? value <= bound : value >= bound }
}

/// The benchmarks by name.
public enum Benchmark: String, CaseIterable, Sendable {
  case brunel, cuba, coba, microcircuit, sparse, plasticity, roofline, all
  /// Not part of `all`: minutes, and 4 GB.
  case full
  /// Not part of `all`: ``TrainingComparison``.
  case training

  public var about: String {
    switch self {
    case .brunel: "Brunel2000, 12,500 neurons, 1 s"
    case .cuba: "Vogels & Abbott 2005 with currents, 10 s"
    case .coba: "Vogels & Abbott 2005 with conductances, 3 s; Brian2 also with the step that comes nearest to our accuracy"
    case .microcircuit: "Potjans & Diesmann 2014 at scale 0.1 and, beside NEST, 0.3"
    case .sparse: "200,000 neurons at 0.1 Hz on the exact engine"
    case .plasticity: "pair STDP from 1,000 sources onto 100 neurons, 10 s; NEST's hpc_benchmark, 0.2 s (NEST: minutes, 7 GB)"
    case .roofline: "memory bandwidth and random adds of this machine"
    case .all: "all of the above but hpc_benchmark"
    case .full: "the microcircuit at full scale on 2 threads, by itself"
    case .training: "an epoch of MNIST with three learners, beside snnTorch and PyTorch"
    }
  }

  public var measuresRoofline: Bool { [.brunel, .roofline, .all].contains(self) }

  public var cases: [BenchmarkCase] {
    switch self {
    case .brunel:
      [
        BenchmarkCase(
          label: "Brunel2000", network: "Brunel2000", duration: 1000, peers: [.nest, .brian2],
          targets: [
            .atLeast(2, .faster(than: .brian2)), .atLeast(8, .faster(than: .nest)), .atLeast(1.8, .speedUp),
            .atMost(4, .bytesPerSynapse), .atLeast(20e6, .connections), .atLeast(0.5, .roofline),
          ])
      ]
    case .cuba:
      [
        BenchmarkCase(
          label: "CUBA", network: "VogelsAbbott2005_CUBA", duration: 10_000, peers: [.nest, .brian2],
          targets: [.atLeast(2, .fasterThanBest(of: .brian2)), .atLeast(10, .faster(than: .nest)), .atLeast(1, .speedUp)])
      ]
    case .coba:
      [
        BenchmarkCase(
          label: "COBA", network: "VogelsAbbott2005_COBA", duration: 3000, peers: [.nest, .brian2, .brian2Fine],
          targets: [
            .atLeast(2, .faster(than: .brian2Fine)), .atLeast(50, .faster(than: .nest)), .atLeast(1, .speedUp),
          ])
      ]
    case .microcircuit:
      [
        BenchmarkCase(
          label: "microcircuit, scale 0.1", network: "PotjansDiesmann2014", assignments: ["parameters.scale=0.1"],
          duration: 1000, peers: [.nest, .brian2],
          targets: [.atLeast(3, .faster(than: .brian2)), .atLeast(12, .faster(than: .nest)), .atLeast(1.8, .speedUp)]),
        BenchmarkCase(
          label: "microcircuit, scale 0.3", network: "PotjansDiesmann2014", assignments: ["parameters.scale=0.3"],
          duration: 1000, peers: [.nest], targets: [.atLeast(12, .faster(than: .nest)), .atLeast(1.8, .speedUp)]),
      ]
    case .sparse:
      [
        BenchmarkCase(
          label: "sparse", network: "SparseActivity", duration: 1000, peers: [.nest, .brian2],
          targets: [.atLeast(12, .faster(than: .brian2)), .atLeast(100, .faster(than: .nest)), .atLeast(1, .speedUp)])
      ]
    case .full:
      [
        BenchmarkCase(
          label: "microcircuit, full scale", network: "PotjansDiesmann2014", assignments: ["parameters.scale=1"],
          duration: 1000, peers: [], threads: [2],
          targets: [.atMost(60, .build), .atMost(4000, .memory), .atMost(2.5, .realTimeFactor)])
      ]
    case .plasticity: [.pairSTDP, .hpc]
    case .roofline, .training: []
    case .all: [Benchmark.brunel, .cuba, .coba, .microcircuit, .sparse].flatMap(\.cases) + [.pairSTDP]
    }
  }
}

extension BenchmarkCase {
  static let pairSTDP = BenchmarkCase(
    label: "pair STDP", network: "PairSTDP", duration: 10_000, peers: [.nest, .brian2], learns: true,
    targets: [.atLeast(3, .fasterThanBest(of: .brian2))])
  static let hpc = BenchmarkCase(
    label: "hpc_benchmark", network: "MorrisonAertsenDiesmann2007", duration: 200, peers: [.nest], threads: [2], mostPairs: 2,
    learns: true, targets: [.atLeast(4, .faster(than: .nest)), .atMost(16, .bytesPerSynapse)])
}
