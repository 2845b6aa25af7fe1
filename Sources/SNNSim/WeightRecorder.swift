import SNNCompiler
import SNNKernel
import SNNRecording
import SNNSignals

/// Writes one record of weights.
final class WeightRecorder {
  private let writer: SampleWriter
  private let probes: [WeightProbe]
  private var last = Time.zero

  init(_ name: String, _ plan: NetworkPlan, _ built: BuiltNetwork, _ directory: ResultsDirectory) throws {
    let network = built.network
    probes = zip(built.weightProbes, network.weightProbes).filter { plan.recordings[$0.0].name == name }.map(\.1)
    let groups = probes.map { probe in
      let projection = network.plastic[probe.projection]
      let pairs = projection.pairs(probe.synapses)
      return SampleWriter.Group(
        population: projection.name, ids: probe.synapses?.map { UInt32($0) } ?? (0..<UInt32(projection.count)).map { $0 },
        labels: [("pre", pairs.map(\.pre)), ("post", pairs.map(\.post))])
    }
    writer = try directory.sampleWriter(name, groups: groups, variables: ["weight"])
  }

  func take() throws {
    let times = probes[0].times
    guard let newest = times.last, newest > last else { return }
    last = newest
    try writer.append(times: times, values: probes.map(\.values))
  }

  func close() throws { try writer.close() }
}

extension WindowLoop {
  /// Writes the final values of all plastic projections of `network`, which this loop has run.
  /// - Returns: their digest; nil when nothing is plastic.
  func writeWeights(_ network: CompiledNetwork, _ directory: ResultsDirectory?) throws -> String? {
    let digest = WeightDigest()
    for (p, projection) in network.plastic.enumerated() {
      let writer = try directory?.weightWriter(projection.name)
      digest.begin(projection.name)
      try forEachSynapse(of: p) { synapse in
        digest.append(pre: synapse.pre, post: synapse.post, weight: synapse.weight, delay: synapse.delay)
        try writer?.append(pre: synapse.pre, post: synapse.post, weight: synapse.weight, delay: synapse.delay)
      }
      try writer?.close()
    }
    return digest.hex
  }
}
