import SNNCompiler
import SNNDescription
import SNNKernel
import SNNRecording
import SNNSignals

/// Everything that a run keeps: digest and statistics always, files when there is a results directory.
final class RunRecorder: WindowObserver, Checkpointed {
  let digest = SpikeDigest()
  let statistics: PopulationStatistics
  private let neuronPopulations: Int
  /// Spikes of each source of each input that projections start from.
  private var sourceCounts: [[Int]]
  private var sinks: [any SpikeSink] = []
  private var samples: [SampleRecorder] = []
  private var rates: [RateRecorder] = []
  private var synapses: [SynapseRecorder] = []

  init(_ plan: NetworkPlan, _ built: BuiltNetwork, output: OutputPlan, directory: ResultsDirectory?) throws {
    neuronPopulations = plan.populations.count
    sourceCounts = plan.sizes.dropFirst(neuronPopulations).map { Array(repeating: 0, count: $0) }
    statistics = PopulationStatistics(sizes: plan.populations.map(\.size))
    guard let directory else { return }
    let selections = plan.spikeSelections
    if !selections.isEmpty {
      let writers = try output.spikes.map {
        try directory.spikeSink(.init(rawValue: $0.rawValue)!, populations: SpikeRecorder.names(of: selections))
      }
      sinks.append(SpikeRecorder(selections, writers: writers))
    }
    for name in plan.recordNames(where: { if case .state = $0 { true } else { false } }) {
      samples.append(try SampleRecorder(name, plan, built, directory))
    }
    for name in plan.recordNames(where: { $0 == .weight || $0 == .delay }) {
      synapses.append(try SynapseRecorder(name, plan, built, directory))
    }
    for name in plan.recordNames(where: { $0 == .rate }) { rates.append(try RateRecorder(name, plan, directory)) }
  }

  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) throws {
    if spikes.contains(where: { !$0.isEmpty }) {
      let all = WindowSpikes(window: window, populations: spikes)
      let neurons =
        spikes.count == neuronPopulations
        ? all : WindowSpikes(window: window, populations: Array(spikes.prefix(neuronPopulations)))
      digest.take(neurons)
      statistics.take(neurons)
      for sink in sinks { try sink.take(all) }
      for (source, list) in spikes.dropFirst(neuronPopulations).enumerated() {
        for spike in list { sourceCounts[source][Int(spike.id)] += 1 }
      }
    }
    for sample in samples { try sample.take(probes) }
    for record in synapses { try record.take() }
    for rate in rates { try rate.take(window, spikes) }
  }

  func pass(through state: StateTransfer) throws {
    try state.section("statistics") {
      try digest.pass(through: state)
      try statistics.pass(through: state)
      for source in sourceCounts.indices { try state.values(&sourceCounts[source]) }
    }
    try state.section("spikes") { for sink in sinks { try sink.pass(through: state) } }
    try state.section("records") {
      for sample in samples { try sample.writer.pass(through: state) }
      for rate in rates { try rate.pass(through: state) }
      for record in synapses { try record.pass(through: state) }
    }
  }

  /// The run begins at `time`.
  func begin(at time: Time) { for rate in rates { rate.begin(at: time) } }

  /// Synapses crossed by the spikes of neurons and sources.
  func synapticEvents(_ network: CompiledNetwork) -> Int {
    let counts = (0..<neuronPopulations).map(statistics.spikeCounts) + sourceCounts
    return counts.enumerated().reduce(0) { $0 + network.synapticEvents(of: $1.offset, spikeCounts: $1.element) }
  }

  /// Brings as much to the disk as there is room for.
  func flush() {
    for sink in sinks { try? sink.flush() }
    for sample in samples { try? sample.writer.flush() }
    for rate in rates { try? rate.writer.flush() }
    for record in synapses { try? record.flush() }
  }

  func close() throws {
    for sink in sinks { try sink.close() }
    for sample in samples { try sample.close() }
    for rate in rates { try rate.close() }
    for record in synapses { try record.close() }
  }
}

extension NetworkPlan {
  /// What `record` asks of spikes, for the writers.
  var spikeSelections: [SpikeSelection] {
    recordings.filter { $0.subject == .spikes }.map {
      SpikeSelection(
        population: $0.population, name: names[$0.population], ids: $0.ids, from: $0.from > .zero ? $0.from : nil,
        to: $0.to < .never ? $0.to : nil)
    }
  }

  /// Names of records of a kind, each once, in file order.
  func recordNames(where matches: (PlannedRecording.Subject) -> Bool) -> [String] {
    var names: [String] = []
    for recording in recordings where matches(recording.subject) && !names.contains(recording.name) {
      names.append(recording.name)
    }
    return names
  }
}

/// Writes one record of a state variable.
private final class SampleRecorder {
  let writer: SampleWriter
  private let probes: [Int]

  init(_ name: String, _ plan: NetworkPlan, _ built: BuiltNetwork, _ directory: ResultsDirectory) throws {
    let links = built.probes.filter { plan.recordings[$0.recording].name == name }
    probes = links.map(\.probe)
    guard case .state(let variable) = plan.recordings[links[0].recording].subject else {
      preconditionFailure("a probe of something that is no state")
    }
    let groups = links.map { link in
      let recording = plan.recordings[link.recording]
      return SampleWriter.Group(
        population: plan.names[recording.population],
        ids: recording.ids ?? Array(0..<UInt32(plan.sizes[recording.population])))
    }
    writer = try directory.sampleWriter(name, groups: groups, variables: [variable])
  }

  func take(_ all: [StateProbe]) throws {
    let times = all[probes[0]].times
    guard !times.isEmpty else { return }
    try writer.append(times: times, values: probes.map { Array(all[$0].values) })
  }

  func close() throws { try writer.close() }
}

/// Counts the spikes of populations in bins and writes their rates, in Hz per neuron, at the ends of the bins.
private final class RateRecorder: Checkpointed {
  let writer: SampleWriter
  private let recordings: [PlannedRecording]
  private let members: [Set<UInt32>?]
  private let sizes: [Int]
  private var counts: [Int]
  private var binEnd: Time
  /// Where the first whole bin begins at the earliest.
  private var firstBin = Time.zero

  init(_ name: String, _ plan: NetworkPlan, _ directory: ResultsDirectory) throws {
    let recordings = plan.recordings.filter { $0.name == name }
    self.recordings = recordings
    members = recordings.map { $0.ids.map(Set.init) }
    sizes = recordings.map { $0.ids?.count ?? plan.sizes[$0.population] }
    counts = recordings.map { _ in 0 }
    binEnd = recordings[0].every
    writer = try directory.sampleWriter(
      name, groups: recordings.map { SampleWriter.Group(population: plan.names[$0.population], ids: [0]) }, variables: ["rate"])
  }

  func pass(through state: StateTransfer) throws {
    try state.values(&counts)
    try state.value(&binEnd)
    try state.require(binEnd > .zero, "has a bin before the run")
    try writer.pass(through: state)
  }

  /// Begins with the first whole bin after `time`.
  func begin(at time: Time) { firstBin = time }

  func take(_ window: Window, _ spikes: [[Spike]]) throws {
    var next = recordings.map { _ in 0 }
    while binEnd <= window.end {
      for (r, recording) in recordings.enumerated() { count(r, spikes[recording.population], from: &next[r], until: binEnd) }
      if binEnd > recordings[0].from && binEnd <= recordings[0].to && binEnd - recordings[0].every >= firstBin {
        let seconds = recordings[0].every.milliseconds / 1000
        try writer.append(
          times: [binEnd], values: counts.indices.map { [Double(counts[$0]) / Double(max(1, sizes[$0])) / seconds] })
      }
      for r in counts.indices { counts[r] = 0 }
      binEnd = binEnd + recordings[0].every
    }
    for (r, recording) in recordings.enumerated() {
      count(r, spikes[recording.population], from: &next[r], until: window.end)
    }
  }

  private func count(_ r: Int, _ spikes: [Spike], from next: inout Int, until end: Time) {
    while next < spikes.count, spikes[next].time <= end {
      if members[r]?.contains(spikes[next].id) ?? true { counts[r] += 1 }
      next += 1
    }
  }

  func close() throws { try writer.close() }
}
