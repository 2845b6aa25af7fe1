import SNNCompiler
import SNNKernel
import SNNRecording
import SNNSignals

/// Writes one record of weights or delays: samples, histograms or every change.
final class SynapseRecorder: Checkpointed {
  private enum Writer {
    case samples(SampleWriter, [SynapseProbe])
    case histograms(HistogramWriter, [SynapseProbe])
    case changes(ChangeWriter, [ChangeProbe])
  }
  private let writer: Writer
  private var last = Time.zero

  init(_ name: String, _ plan: NetworkPlan, _ built: BuiltNetwork, _ directory: ResultsDirectory) throws {
    let network = built.network
    let sampled = zip(built.synapseProbes, network.synapseProbes).filter { plan.recordings[$0.0].name == name }
    let followed = zip(built.changeProbes, network.changeProbes).filter { plan.recordings[$0.0].name == name }.map(\.1)
    let recording = plan.recordings.first { $0.name == name }!
    let variable = recording.subject == .delay ? "delay" : "weight"
    let probes = sampled.map(\.1)
    let names = (probes.map(\.selection) + followed.map(\.selection)).map { network.plastic[$0.projection].name }
    if !followed.isEmpty {
      writer = .changes(try directory.changeWriter(name, projections: names, variable: variable), followed)
    } else if let plan = recording.histogram {
      let bins = HistogramBins(count: plan.bins, low: plan.low, high: plan.high)
      writer = .histograms(
        try directory.histogramWriter(name, projections: names, variable: variable, bins: bins), probes)
    } else {
      let groups = probes.map { probe in
        let projection = network.plastic[probe.selection.projection]
        let synapses = probe.selection.synapses
        let pairs = projection.pairs(synapses)
        return SampleWriter.Group(
          population: projection.name, ids: synapses?.map { UInt32($0) } ?? (0..<UInt32(projection.count)).map { $0 },
          labels: [("pre", pairs.map(\.pre)), ("post", pairs.map(\.post))])
      }
      writer = .samples(try directory.sampleWriter(name, groups: groups, variables: [variable]), probes)
    }
  }

  func take() throws {
    switch writer {
    case .samples(let writer, let probes):
      if let times = newTimes(probes) { try writer.append(times: times, values: probes.map(\.values)) }
    case .histograms(let writer, let probes):
      if let times = newTimes(probes) { try writer.append(times: times, values: probes.map(\.values)) }
    case .changes(let writer, let probes):
      for (projection, probe) in probes.enumerated() {
        let changes = probe.take()
        guard !changes.isEmpty else { continue }
        try writer.append(
          projection, times: changes.map(\.time), ids: changes.map(\.number), values: changes.map(\.value))
      }
    }
  }

  func pass(through state: StateTransfer) throws {
    try state.value(&last)
    switch writer {
    case .samples(let writer, _): try writer.pass(through: state)
    case .histograms(let writer, _): try writer.pass(through: state)
    case .changes(let writer, _): try writer.pass(through: state)
    }
  }

  func flush() throws {
    switch writer {
    case .samples(let writer, _): try writer.flush()
    case .histograms(let writer, _): try writer.flush()
    case .changes(let writer, _): try writer.flush()
    }
  }

  private func newTimes(_ probes: [SynapseProbe]) -> [Time]? {
    let times = probes[0].times
    guard let newest = times.last, newest > last else { return nil }
    last = newest
    return times
  }

  func close() throws {
    try take()
    switch writer {
    case .samples(let writer, _): try writer.close()
    case .histograms(let writer, _): try writer.close()
    case .changes(let writer, _): try writer.close()
    }
  }
}

extension WindowLoop {
  /// Writes the final values of all plastic projections of `network`, which this loop has run.
  /// - Returns: their digest, nil when nothing is plastic; and a summary of each.
  func writeWeights(
    _ network: CompiledNetwork, _ directory: ResultsDirectory?
  ) throws -> (digest: String?, summaries: [PlasticSummary]) {
    let digest = WeightDigest()
    var summaries: [PlasticSummary] = []
    for (p, projection) in network.plastic.enumerated() {
      let writer = try directory?.weightWriter(projection.name)
      digest.begin(projection.name)
      var total = 0.0
      try forEachSynapse(of: p) { synapse in
        total += synapse.weight
        digest.append(pre: synapse.pre, post: synapse.post, weight: synapse.weight, delay: synapse.delay)
        try writer?.append(pre: synapse.pre, post: synapse.post, weight: synapse.weight, delay: synapse.delay)
      }
      try writer?.close()
      let count = projection.count
      summaries.append(
        PlasticSummary(name: projection.name, synapses: count, meanWeight: count > 0 ? total / Double(count) : nil))
    }
    return (digest.hex, summaries)
  }
}
