import ArgumentParser
import Foundation
import SNNBench
import SNNSignals

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Runs the benchmarks, beside NEST, Brian2 and PyTorch where those are installed.",
    discussion: """
      Peer and snnsim simulate the same network in turn, each simulation in a process of its own; figures are medians, ratios
      the medians of the pairs' ratios. tools/peers/setup installs the peers. Run it on a machine that does nothing else.

      \(Benchmark.allCases.map { $0.rawValue.padding(toLength: 14, withPad: " ", startingAt: 0) + $0.about }.joined(separator: "\n"))
      """)

  @Argument(help: ArgumentHelp("Benchmark.", valueName: "name"))
  var name = "all"

  @Option(help: ArgumentHelp("Pairs of runs.", valueName: "N"))
  var pairs = 5

  @Option(help: ArgumentHelp("Numbers of threads.", valueName: "N,N"))
  var threads = "1,2"

  @Option(help: ArgumentHelp("Peers; none for snnsim alone.", valueName: "nest,brian2,torch|none"))
  var peers = "nest,brian2,torch"

  @Option(help: ArgumentHelp("Simulated time instead of the benchmark's own.", valueName: "ms"))
  var duration: Double?

  @Flag(help: "Print one JSON object.")
  var json = false

  var threadCounts: [Int] { threads.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard Benchmark(rawValue: name) != nil else {
      let names = Benchmark.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no benchmark \"\(name)\"; the names are \(names).")
    }
    guard pairs >= 1 else { throw ValidationError("--pairs takes a whole number from 1 on.") }
    guard threadCounts.count == threads.split(separator: ",", omittingEmptySubsequences: false).count,
      threadCounts.allSatisfy({ (1...1024).contains($0) })
    else { throw ValidationError("--threads takes whole numbers from 1 to 1024 with commas between, not \"\(threads)\".") }
    guard peers == "none" || peers.split(separator: ",").allSatisfy({ ["nest", "brian2", "torch"].contains($0) }) else {
      throw ValidationError("--peers takes nest, brian2, torch, several with commas between, or none, not \"\(peers)\".")
    }
    guard duration.map({ $0 > 0 && $0.isFinite }) ?? true else { throw ValidationError("--duration takes a time in ms.") }
  }

  func run() throws {
    guard let benchmark = Benchmark(rawValue: name) else { return }
    try reporting {
      if benchmark == .roofline {
        let measured = Roofline(cores: ProcessInfo.processInfo.activeProcessorCount)
        print(json ? measured.json.line : Self.text(measured))
        return
      }
      let installation = try Installation(executable: Installation.runningExecutable)
      if installation.python == nil && peers != "none" { complain(Installation.hint) }
      if benchmark == .training { return try train(installation) }
      var comparison = Comparison(installation)
      comparison.pairs = pairs
      comparison.threads = threadCounts
      comparison.peers = Set(Peer.allCases.filter { peers.split(separator: ",").contains(Substring($0.simulator)) })
      comparison.duration = duration
      comparison.progress = { complain($0) }
      let roofline = benchmark.measuresRoofline ? try comparison.roofline() : nil
      if !json, let roofline { show(Self.text(roofline)) }
      let results = try benchmark.cases.map { name in
        let result = try comparison.run(name)
        // At once: what an interrupted run has measured is not lost.
        if !json { show(Self.text(result, roofline)) }
        return result
      }
      if json {
        let all: JSONText = [
          "benchmarks": .array(results.map { $0.json(roofline) }), "roofline": roofline.map(\.json) ?? .null,
        ]
        print(all.line)
      }
    }
  }

  func show(_ text: String) {
    print(text)
    fflush(nil)
  }
}

extension BenchCommand {
  static func text(_ roofline: Roofline) -> String {
    aligned([
      ["this machine", "one core", "\(roofline.cores) together"],
      ["triad (GB/s)", number(roofline.triadOneCore / 1e9), number(roofline.triadAllCores / 1e9)],
      [
        "random adds, list streamed (10^6/s, a core)", number(roofline.streamedAdds / 1e6),
        number(roofline.streamedAddsTogether / 1e6),
      ],
      ["random adds, list in cache", number(roofline.cachedAdds / 1e6), ""],
    ])
  }

  static func text(_ result: CaseResult, _ roofline: Roofline?) -> String {
    var lines = ["\(result.benchmark.label), \(number(result.duration)) ms"]
    for threads in result.threads {
      lines.append("\(threads.threads) thread\(threads.threads == 1 ? "" : "s"), medians of \(threads.own.count) runs of snnsim")
      lines.append(aligned(rows(threads, learns: result.benchmark.learns)))
      for pairs in threads.pairs where pairs.agreeing.count < pairs.runs.count {
        lines.append(
          "  \(pairs.peer.name): \(pairs.runs.count - pairs.agreeing.count) of \(pairs.runs.count) pairs disagree by more than "
            + "\(number(100 * PeerPairs.agreement)) % in spikes"
            + (pairs.agreeing.isEmpty ? "; the ratios compare unlike activity" : " and do not count"))
      }
    }
    if let accuracy = result.accuracy {
      lines.append(
        "accuracy of V_m: snnsim \(number(accuracy.own)) mV, Brian2 \(number(accuracy.coarse)) mV at the same step and "
          + "\(number(accuracy.fine)) mV at \(number(accuracy.step)) ms; as exact as snnsim at \(number(accuracy.equalStep)) ms")
    }
    lines.append(text(result.outcomes(roofline)))
    return lines.joined(separator: "\n") + "\n"
  }

  static func text(_ outcomes: [TargetOutcome]) -> String {
    aligned(
      [["target", "bound", "found", ""]]
        + outcomes.map { outcome in
          [
            outcome.what, (outcome.target.isUpper ? "<= " : ">= ") + number(outcome.target.bound),
            outcome.found.map(number) ?? "-", outcome.isMet.map { $0 ? "met" : "missed" } ?? "not measured",
          ]
        })
  }

  private static func rows(_ result: ThreadsResult, learns: Bool) -> [[String]] {
    let peers = result.pairs
    let row = { (title: String, own: Double?, of: (PeerPairs) -> String) in
      [title, own.map(number) ?? "-"] + peers.map(of)
    }
    let beside = { (title: String, figure: @escaping (Cost) -> Double) in
      row(title, result.median(figure)) { pairs in
        "\(number(pairs.median { figure($0.theirs) })) (x \(number(pairs.ratio(figure))))"
      }
    }
    var rows = [["", "snnsim"] + peers.map { $0.runs.first?.theirs.version ?? $0.peer.name }]
    rows.append(beside("simulate (s)", \.simulate))
    rows.append(beside("build (s)", \.build))
    rows.append(row("compile (s)", nil) { $0.runs.first?.theirs.compile.map(number) ?? "-" })
    rows.append(beside("peak memory (MB)", \.peakMemory))
    rows.append(
      row("synaptic events (10^6/s)", result.eventsPerSecond / 1e6) { pairs in
        number(pairs.median { $0.theirs.events / $0.theirs.simulate } / 1e6)
      })
    rows.append(
      row("  per core", result.eventsPerSecondAndThread / 1e6) { pairs in
        number(pairs.median { $0.theirs.events / $0.theirs.simulate } / 1e6 / Double(result.threads))
      })
    rows.append(
      row("bytes per \(learns ? "plastic " : "")synapse", result.bytesPerSynapse) { $0.bytesPerSynapse.map(number) ?? "-" })
    for population in result.own.first?.rates.keys.sorted() ?? [] {
      rows.append(
        row("rate \(population) (Hz)", median(result.own.map { $0.rates[population] ?? 0 })) { pairs in
          number(pairs.rates(population).theirs)
        })
    }
    for projection in result.own.first?.meanWeights.keys.sorted() ?? [] {
      rows.append(
        row("mean weight \(projection)", median(result.own.compactMap { $0.meanWeights[projection] })) { pairs in
          let weight = pairs.meanWeights(projection).theirs
          return weight.isNaN ? "-" : number(weight)
        })
    }
    return rows
  }

  static func number(_ value: Double) -> String {
    abs(value) >= 1000 ? String(format: "%.0f", value) : String(format: "%.3g", value)
  }
}
