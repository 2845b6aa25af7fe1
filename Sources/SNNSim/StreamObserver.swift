import SNNCompiler
import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals
import SNNStream

/// Gives the stream what each window brought.
final class StreamObserver: WindowObserver {
  private let publisher: StreamPublisher
  private let network: LoadedNetwork
  /// Indices of the populations and sources whose spikes or rates are streamed.
  private let populations: [Int]
  private let selections: [(spikes: Bool, rate: Bool)]
  /// Records of state variables, with their probes.
  private let states: [(record: StreamPlan.Record, probes: [Int])]
  private let weights: [(plan: StreamPlan.Weights, probe: SynapseProbe)]
  private var shown: [Time]

  init(_ publisher: StreamPublisher, _ network: LoadedNetwork, _ built: BuiltNetwork) {
    self.publisher = publisher
    self.network = network
    let what = Set(network.file.stream?.what ?? StreamSection.everything)
    let plan = network.plan
    // Sources may fire far more than all neurons together: their spikes are streamed only when they are named.
    selections = plan.names.enumerated().map { p, name in
      let isNeurons = p < plan.populations.count
      return (
        what.contains("spikes/\(name)") || isNeurons && what.contains("spikes"),
        what.contains("rate/\(name)") || isNeurons && what.contains("rate")
      )
    }
    populations = plan.names.indices.filter { [selections] p in selections[p].spikes || selections[p].rate }
    let names = plan.recordNames { if case .state = $0 { true } else { false } }
    states = names.filter { what.contains("state") || what.contains("state/\($0)") }.map { name in
      let links = built.probes.filter { plan.recordings[$0.recording].name == name }
      return (Self.record(name, links.map { plan.recordings[$0.recording] }, network), links.map(\.probe))
    }
    var projections: Set<String> = []
    weights = zip(built.synapseProbes, built.network.synapseProbes).compactMap {
      recording, probe -> (plan: StreamPlan.Weights, probe: SynapseProbe)? in
      let projection = built.network.plastic[probe.selection.projection]
      guard plan.recordings[recording].subject == .weight,
        what.contains("weights") || what.contains("weights/\(projection.name)"), projections.insert(projection.name).inserted
      else { return nil }
      let pairs = projection.pairs(probe.selection.synapses)
      return (
        StreamPlan.Weights(
          projection: projection.name, every: plan.recordings[recording].every.milliseconds, pre: pairs.map(\.pre),
          post: pairs.map(\.post)), probe
      )
    }
    shown = weights.map { _ in .zero }
  }

  private static func record(_ name: String, _ recordings: [PlannedRecording], _ network: LoadedNetwork) -> StreamPlan.Record {
    let plan = network.plan
    guard case .state(let variable) = recordings[0].subject else { preconditionFailure("a probe of something that is no state") }
    return StreamPlan.Record(
      name: name, variable: variable, unit: network.catalogue.unit(of: variable), every: recordings[0].every.milliseconds,
      columns: recordings.map { (plan.names[$0.population], $0.ids, $0.ids?.count ?? plan.sizes[$0.population]) })
  }

  /// What subscribers are told of the run.
  func plan(threads: Int) -> StreamPlan {
    let plan = network.plan
    let all = plan.names.indices.map { p in
      StreamPlan.Population(
        name: plan.names[p], size: plan.sizes[p],
        model: p < plan.populations.count ? plan.populations[p].model : network.file.input(plan.names[p])?.type ?? "",
        isInput: p >= plan.populations.count, spikes: selections[p].spikes, rate: selections[p].rate)
    }
    var stream = StreamPlan(
      name: network.file.name, seed: network.file.run.seed, version: snnsimVersion, duration: plan.end, resolution: plan.step,
      threads: threads, populations: all)
    stream.records = states.map(\.record)
    stream.weights = weights.map(\.plan)
    return stream
  }

  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) {
    for p in populations { publisher.publish(spikes[p], of: p, in: window) }
    for (record, state) in states.enumerated() {
      let times = probes[state.probes[0]].times
      publisher.publish(record: record, times: times, parts: state.probes.map { probes[$0].values }, in: window)
    }
    for (w, weights) in weights.enumerated() {
      guard let newest = weights.probe.times.last, newest > shown[w] else { continue }
      shown[w] = newest
      publisher.publish(weights: w, weights.probe.values.suffix(weights.plan.pre.count), at: newest)
    }
    publisher.advance(to: window.end)
  }
}
