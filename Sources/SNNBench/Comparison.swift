import Foundation

/// Runs benchmarks: each simulation is a process of its own, and peer and snnsim take turns.
public struct Comparison {
  public var installation: Installation
  public var pairs = 5
  public var threads = [1, 2]
  public var peers: Set<Peer> = Set(Peer.allCases)
  /// ms, instead of that of the benchmark.
  public var duration: Double?
  /// Told what is being run.
  public var progress: (String) -> Void = { _ in }

  public init(_ installation: Installation) { self.installation = installation }

  /// Runs one benchmark.
  /// - Throws: ``BenchError`` when a simulator fails.
  public func run(_ benchmark: BenchmarkCase) throws -> CaseResult { try withScratch { try run(benchmark, $0) } }

  private func run(_ benchmark: BenchmarkCase, _ scratch: URL) throws -> CaseResult {
    let duration = duration ?? benchmark.duration
    var result = CaseResult(benchmark: benchmark, duration: duration)
    let asked = installation.python == nil ? [] : benchmark.peers.filter(peers.contains)
    if asked.contains(.brian2Fine) { result.accuracy = try accuracy(scratch) }
    let contestants = try asked.map { peer in
      var assignments = benchmark.assignments
      if peer == .brian2Fine, let step = result.accuracy?.step { assignments.append("run.resolution=\(step)") }
      return try Contestant(peer: peer, network: resolved(benchmark.network, assignments, scratch), duration: duration)
    }
    let counts = benchmark.threads ?? threads
    let bareAssignments = try bareAssignments(benchmark, scratch)
    let bare = try asked.map { peer in
      progress("\(benchmark.label) with hardly a synapse: \(peer.name)")
      let network = try resolved(benchmark.network, bareAssignments, scratch)
      let contestant = Contestant(peer: peer, network: network, duration: Self.bareDuration, folder: "bare")
      return try self.peer(contestant, threads: counts[0], seed: 1, scratch)
    }
    for threads in counts {
      var found = try compare(benchmark, contestants, duration: duration, threads: threads, scratch: scratch)
      found.bare = try own(
        benchmark, bareAssignments, duration: Self.bareDuration, threads: threads, seed: 1, scratch)
      for (index, cost) in bare.enumerated() { found.pairs[index].bare = cost }
      result.threads.append(found)
    }
    return result
  }

  /// ms, of the bare network: what a run takes beside its synapses.
  private static let bareDuration = 1.0

  /// Leaves one synapse of each projection between two populations, or of each that learns: without any, windows would be longer
  /// and so would buffers.
  private func bareAssignments(_ benchmark: BenchmarkCase, _ scratch: URL) throws -> [String] {
    let text = try installation.resolved(benchmark.network, benchmark.assignments, scratch: scratch)
    let network = try JSONSerialization.jsonObject(with: text) as? [String: Any]
    let projections = network?["projections"] as? [String: [String: Any]] ?? [:]
    let names = projections.filter { !benchmark.learns || $0.value["plasticity"] != nil }.keys.sorted()
    return benchmark.assignments + names.map { "projections.\($0).rule={\"type\":\"fixed_total_number\",\"n\":1}" }
  }

  private struct Contestant {
    var peer: Peer
    /// Resolved, as text.
    var network: String
    var duration: Double
    /// Keeps what the peer compiles.
    var folder = "run"
  }

  private func compare(
    _ benchmark: BenchmarkCase, _ contestants: [Contestant], duration: Double, threads: Int, scratch: URL
  ) throws -> ThreadsResult {
    var result = ThreadsResult(threads: threads, own: [], pairs: contestants.map { PeerPairs(peer: $0.peer, runs: []) })
    for pair in 1...min(pairs, benchmark.mostPairs) {
      for (index, contestant) in contestants.enumerated() {
        progress("\(benchmark.label), \(threads) threads, pair \(pair): \(contestant.peer.name)")
        let theirs = try self.peer(contestant, threads: threads, seed: pair, scratch)
        let ours = try own(benchmark, benchmark.assignments, duration: duration, threads: threads, seed: pair, scratch)
        result.pairs[index].runs.append((theirs, ours))
        result.own.append(ours)
      }
      if contestants.isEmpty {
        progress("\(benchmark.label), \(threads) threads, run \(pair)")
        result.own.append(
          try own(benchmark, benchmark.assignments, duration: duration, threads: threads, seed: pair, scratch))
      }
    }
    return result
  }

  private func own(
    _ benchmark: BenchmarkCase, _ assignments: [String], duration: Double, threads: Int, seed: Int, _ scratch: URL
  ) throws -> Cost {
    let results = scratch.appendingPathComponent("results")
    defer { try? FileManager.default.removeItem(at: results) }
    let run =
      ["run", installation.network(benchmark.network)] + sets(assignments)
      + ["--duration", "\(duration)", "--threads", "\(threads)", "--seed", "\(seed)", "--json", "--quiet"]
      + (benchmark.learns ? ["--no-record"] : ["--output", results.path])
    let said = try answer(of: installation.executable, run, scratch: scratch)
    return try lastObject(Cost.self, in: said, from: "snnsim run")
  }

  private func resolved(_ network: String, _ assignments: [String], _ scratch: URL) throws -> String {
    String(decoding: try installation.resolved(network, assignments, scratch: scratch), as: UTF8.self)
  }

  private func peer(_ contestant: Contestant, threads: Int, seed: Int, _ scratch: URL) throws -> Cost {
    guard let python = installation.python else { preconditionFailure("a peer without its Python") }
    let folder = scratch.appendingPathComponent("\(contestant.folder)-\(contestant.peer)-\(threads)").path
    let request =
      "{\"resolved\": \(contestant.network), \"duration\": \(contestant.duration), \"threads\": \(threads), "
      + "\"seed\": \(seed), \"folder\": \"\(folder)\"}"
    let call = [installation.tool("peer.py"), "--simulator", contestant.peer.simulator]
    let said = try answer(of: python, call, input: Data(request.utf8), scratch: scratch)
    return try lastObject(Cost.self, in: said, from: "peer.py --simulator \(contestant.peer.simulator)")
  }

  private func accuracy(_ scratch: URL) throws -> Accuracy {
    guard let python = installation.python else { preconditionFailure("a peer without its Python") }
    progress("accuracy of iaf_cond_exp against a fine reference")
    let call = [installation.tool("coba_accuracy.py"), "--json", "--snnsim", installation.executable.path]
    let said = try answer(of: python, call, scratch: scratch)
    return try lastObject(Accuracy.self, in: said, from: "coba_accuracy.py")
  }

  /// Measures this machine's limits, in a process of its own too: what starts another lends it its peak of memory.
  public func roofline() throws -> Roofline {
    progress("roofline")
    let said = try withScratch { try answer(of: installation.executable, ["bench", "roofline", "--json"], scratch: $0) }
    return try lastObject(Roofline.self, in: said, from: "snnsim bench roofline")
  }
}

/// How exact conductance-based neurons are: what `tools/peers/coba_accuracy.py --json` prints.
public struct Accuracy: Sendable, Decodable {
  /// mV, the largest error of V_m: snnsim at 0.1 ms, Brian2 at 0.1 ms and at `step`.
  public var own, coarse, fine: Double
  /// ms: the finest step that Brian2 is run with here.
  public var step: Double
  /// ms: the step with which Brian2's error would be ours, by its order of convergence.
  public var equalStep: Double

  enum CodingKeys: String, CodingKey {
    case own = "snnsim_mV"
    case coarse = "brian2_mV"
    case fine = "brian2_fine_mV"
    case step = "step_ms"
    case equalStep = "equal_step_ms"
  }
}
