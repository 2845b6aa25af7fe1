import Foundation
import SNNBench
import Testing

/// A peer's or snnsim's answer, with one population that fires `spikes` times.
private func cost(
  simulate: Double, spikes: Int = 1000, build: Double = 1, memory: Double = 100, synapses: Int = 2000, more: String = ""
) throws -> Cost {
  let text = """
    {"build_s": \(build), "simulate_s": \(simulate), "peak_rss_mb": \(memory), "spikes": \(spikes), "synapses": \(synapses),
     "synaptic_events": \(10 * spikes), "rates_hz": {"E": \(spikes)}\(more)}
    """
  return try JSONDecoder().decode(Cost.self, from: Data(text.utf8))
}

@Suite struct ComparisonTests {
  @Test("The median is the middle value, or the mean of the two in the middle")
  func medians() {
    #expect(median([5, 1, 9]) == 5)
    #expect(median([4, 1, 2, 9]) == 3)
    #expect(median([]).isNaN)
  }

  @Test("A ratio is the median of the pairs' ratios, not the ratio of the medians")
  func ratios() throws {
    let runs = try [(2.0, 1.0), (9.0, 3.0), (10.0, 1.0)].map { (theirs: try cost(simulate: $0), ours: try cost(simulate: $1)) }
    let pairs = PeerPairs(peer: .nest, runs: runs)
    #expect(pairs.ratio(\.simulate) == 3)  // of 2, 3 and 10; the medians' ratio is 9
    #expect(pairs.median(\.theirs.simulate) == 9)
  }

  @Test("A training's ratio is the median of the pairs' ratios, ours to theirs, and meets or misses its target")
  func trainings() throws {
    func cost(_ rate: Double) throws -> TrainingCost {
      let text = #"{"samples_per_second": \#(rate), "test_accuracy": 0.5, "peak_rss_mb": 9}"#
      return try JSONDecoder().decode(TrainingCost.self, from: Data(text.utf8))
    }
    var runs = TrainingRuns(threads: 2)
    runs.ours = try [4, 9, 10].map(cost)
    runs.theirs = try [1, 3, 10].map(cost)
    #expect(runs.ratio(\.samplesPerSecond) == 3)  // of 4, 3 and 1
    var result = TrainingResult(training: TrainingCase.all[0])
    result.threads = [runs, TrainingRuns(threads: 1)]
    #expect(result.outcomes.map(\.isMet) == [true, nil])
  }

  @Test("Pairs whose spikes differ by more than a tenth do not count")
  func agreement() throws {
    let runs = [
      (theirs: try cost(simulate: 6, spikes: 1000), ours: try cost(simulate: 2, spikes: 1050)),
      (theirs: try cost(simulate: 1, spikes: 100), ours: try cost(simulate: 2, spikes: 1050)),
    ]
    let pairs = PeerPairs(peer: .brian2, runs: runs)
    #expect(pairs.agreeing.count == 1)
    #expect(pairs.ratio(\.simulate) == 3)
    #expect(pairs.rates("E") == (1000, 1050))
    let silent = PeerPairs(peer: .brian2, runs: [runs[1]])
    #expect(silent.agreeing.isEmpty)
    #expect(silent.ratio(\.simulate) == 0.5)
  }

  @Test("A peak of 140 MB over 100 MB of the bare network is 20,000 bytes for each of 2,000 synapses")
  func bytes() throws {
    var result = try onThreads(4, ours: 2)
    result.own = [try cost(simulate: 2, memory: 140)]
    result.bare = try cost(simulate: 2, memory: 100, synapses: 0)
    #expect(result.bytesPerSynapse == 20_000)
    // Where the bare network has all synapses but 500 that learn, bytes are theirs.
    result.bare = try cost(simulate: 2, memory: 100, synapses: 1500)
    #expect(result.bytesPerSynapse == 80_000)
    #expect(result.eventsPerSecondAndThread == 1250)  // 10,000 in 2 s on 4 threads
    #expect(result.connectionsPerSecondAndThread == 500)  // 2,000 in 1 s on 4 threads
  }

  @Test("Best of each compares the fastest of both over all numbers of threads, and two threads are held against one")
  func best() throws {
    var result = CaseResult(benchmark: Benchmark.cuba.cases[0], duration: 1000)
    result.threads = [try onThreads(1, ours: 4, theirs: 6), try onThreads(2, ours: 2, theirs: 9)]
    #expect(result.bestRatio(.brian2) == 3)
    #expect(result.speedUp == 2)
    #expect(result.bestRatio(.nest) == nil)
    let outcomes = result.outcomes(nil)
    let found = Dictionary(uniqueKeysWithValues: outcomes.map { ($0.what, $0.isMet) })
    #expect(found["times faster than Brian2, best of each"] == true)
    #expect(found["two threads against one"] == true)
    #expect(found["times faster than NEST, 1 thread"] == .some(nil))
  }

  @Test("Final weights are read from both sides' answers, and who gives none has none")
  func weights() throws {
    let theirs = try cost(simulate: 1, more: #", "mean_weights": {"p": 3.5}"#)
    let ours = try cost(simulate: 1, more: #", "plastic": {"p": {"synapses": 9, "mean_weight": 3}}"#)
    let pairs = PeerPairs(peer: .brian2, runs: [(theirs: theirs, ours: ours)])
    #expect(pairs.meanWeights("p") == (3.5, 3))
    let silent = PeerPairs(peer: .nest, runs: [(theirs: try cost(simulate: 1), ours: ours)])
    #expect(silent.meanWeights("p").theirs.isNaN)
  }

  @Test("Without a name all benchmarks are run but those that take gigabytes or minutes")
  func all() {
    let all = Benchmark.all.cases.map(\.label)
    let long = ["hpc_benchmark", "microcircuit, full scale"]
    for one in Benchmark.allCases.flatMap(\.cases) { #expect(all.contains(one.label) != long.contains(one.label)) }
  }

  @Test("A target is met at its bound")
  func targets() {
    #expect(Target.atLeast(1.8, .speedUp).isMet(by: 1.8))
    #expect(!Target.atLeast(1.8, .speedUp).isMet(by: 1.79))
    #expect(Target.atMost(4000, .memory).isMet(by: 4000))
    #expect(!Target.atMost(4000, .memory).isMet(by: 4001))
  }

  private func onThreads(_ threads: Int, ours: Double, theirs: Double? = nil) throws -> ThreadsResult {
    let own = try cost(simulate: ours)
    let pairs = try theirs.map { [PeerPairs(peer: .brian2, runs: [(theirs: try cost(simulate: $0), ours: own)])] } ?? []
    return ThreadsResult(threads: threads, own: [own], pairs: pairs)
  }
}
