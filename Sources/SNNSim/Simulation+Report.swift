import Foundation
import SNNCompiler
import SNNDescription
import SNNFiles
import SNNRecording
import SNNSignals

extension Simulation {
  func makeReport(_ built: BuiltNetwork, _ recorder: RunRecorder, from begin: Time, to now: Time) -> RunReport {
    let plan = network.plan
    let summaries = plan.populations.enumerated().map {
      recorder.statistics.summary(of: $0.offset, name: $0.element.name, duration: now - begin)
    }
    var report = RunReport(
      name: network.file.name, seed: network.file.run.seed, threads: settings.threads,
      engines: plan.populations.map(\.engine.rawValue), biologicalMs: now.milliseconds, buildSeconds: 0, simulateSeconds: 0,
      neurons: plan.neuronCount, synapses: built.network.synapseCount,
      synapticEvents: recorder.synapticEvents(built.network),
      peakRSSMegabytes: MemoryLimit.peakResidentMegabytes,
      synapseBytes: built.network.synapseCount > 0
        ? Double(built.network.synapseBytes) / Double(built.network.synapseCount) : nil,
      populations: summaries, spikeDigest: recorder.digest.hex, output: nil)
    report.begunMs = begin.milliseconds
    return report
  }

  /// What is known before anything has run.
  func firstManifest() -> Manifest {
    if case .resuming(let run) = settings.start {
      var manifest = run.manifest
      manifest.status = .running
      manifest.ended = nil
      manifest.threads = settings.threads
      return manifest
    }
    var manifest = Manifest(
      name: network.file.name, version: snnsimVersion, gitHash: ProcessInfo.processInfo.environment["SNNSIM_GIT_HASH"],
      threads: settings.threads, commandLine: settings.commandLine, seed: network.seed, started: Date())
    manifest.inputs = network.inputFiles.compactMap { path in
      (try? SHA256.hex(ofFile: path)).map { Manifest.Input(path: path, sha256: $0) }
    }
    manifest.notes = network.plan.notes
    // For those who look at a run that has not ended.
    manifest.recordedPopulations = SpikeRecorder.names(of: network.plan.spikeSelections)
    manifest.populations = network.plan.populations.map {
      PopulationSummary(name: $0.name, size: $0.size, spikes: 0, meanRateHz: nil, cvISI: nil)
    }
    return manifest
  }
}

extension Manifest {
  /// Adds how a run ended.
  mutating func end(_ report: RunReport, _ status: Status, _ recorded: [String], writeSeconds: Double) {
    self.status = status
    ended = Self.text(of: Date())
    wallTime = .init(build: report.buildSeconds, simulate: report.simulateSeconds, write: writeSeconds)
    biologicalMs = report.biologicalMs
    neurons = report.neurons
    synapses = report.synapses
    spikes = report.spikes
    populations = report.populations
    recordedPopulations = recorded
    spikeDigest = report.spikeDigest
    weightDigest = report.weightDigest
  }
}

extension LoadedNetwork {
  /// The network file and every data file it names.
  var inputFiles: [String] {
    var files = [url.path]
    func add(_ source: ValueSource?) { if case .file(let path) = source { files.append(path) } }
    func add(_ fields: [String: FieldValue]) {
      for key in fields.keys.sorted() {
        switch fields[key] {
        case .path(let path): files.append(path)
        case .value(let source): add(source)
        default: break
        }
      }
    }
    for population in file.populations {
      for key in population.params.keys.sorted() { add(population.params[key]) }
      for key in population.initial.keys.sorted() { add(population.initial[key]) }
    }
    for input in file.inputs {
      add(input.fields)
      add(input.weight)
    }
    for projection in file.projections { add(projection.rule.fields) }
    for data in file.data { add(data.fields) }
    if let initial = file.train?.initial { files.append(initial) }
    var seen = Set<String>()
    return files.filter { seen.insert($0).inserted }
  }
}
