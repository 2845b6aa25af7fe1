import Foundation
import SNNCompiler
import SNNDescription
import SNNFiles
import SNNKernel
import SNNRecording
import SNNSignals
import SNNStream

/// The program's version, written into every manifest.
public let snnsimVersion = "0.1.0"

/// How a run is done and where its results go: everything but the network.
public struct RunSettings: Sendable {
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  /// Directory of the results; nil for `runs/<name>-<time>-<hash>/`.
  public var output: String?
  public var force = false
  /// Whether a results directory is written at all.
  public var records = true
  public var progress = ProgressStyle.none
  public var commandLine: [String] = []
  /// Where the run can be watched; nil for nowhere.
  public var stream: StreamSettings?
  /// Told once the endpoints are bound.
  public var streamBegan: (@Sendable (_ endpoint: String, _ control: String) -> Void)?
  /// Simulated time per wall time that the run may not exceed; the stream has its own.
  public var realtime: Double?
  /// Random waits in the scheduler, for tests.
  public var pauses: PauseInjection?

  public init() {}
}

/// How a run ended.
public enum RunEnd: Sendable { case done, interrupted }

/// Builds and runs a loaded network: the straight line from values to results.
public struct Simulation {
  public let network: LoadedNetwork
  public var settings: RunSettings

  public init(_ network: LoadedNetwork, settings: RunSettings) {
    self.network = network
    self.settings = settings
  }

  /// Runs to the end of the network file's `run.duration`.
  ///
  /// - Parameter shouldStop: asked between windows; when true the run ends early with everything recorded so far written.
  /// - Throws: `DescriptionErrors` (invalid data), ``GuardStop``, `NonFiniteState`, `FileError`, `StreamError` (an endpoint that
  ///   can't be bound). What was recorded before is kept.
  public func run(shouldStop: @escaping () -> Bool = { false }) throws -> (report: RunReport, end: RunEnd) {
    let started = Date()
    let clock = ContinuousClock()
    let plan = network.plan
    try checkMemory()
    let publisher = try settings.stream.map { try StreamPublisher($0) }
    if let publisher { settings.streamBegan?(publisher.endpoint, publisher.control) }
    let controls = publisher?.controls ?? StreamControls(realtime: settings.realtime)
    let isEnding = { controls.isStopRequested || shouldStop() }
    let directory = try makeDirectory(started)
    let pool = WorkStealingPool(workers: settings.threads, pauses: settings.pauses)
    defer { pool.close() }

    let beforeBuild = clock.now
    let built: BuiltNetwork
    do {
      built = try Compiler(catalogue: network.catalogue, data: .files).build(plan, pool: pool)
    } catch {
      // Nothing was run: no half-made results stay behind.
      directory?.discard()
      throw error
    }
    let recorder = try RunRecorder(plan, built, output: network.file.output, directory: directory)
    let progress = Progress(
      settings.progress, end: plan.end, neurons: plan.neuronCount, environment: ProcessInfo.processInfo.environment)
    var observers: [any WindowObserver] = [recorder, RateGuard(network.file, plan), WallClockGuard(network.file)]
    if let progress { observers.append(progress) }
    let readout = plan.readout.map {
      Readout($0, built.network.schedules[$0.schedule], size: plan.populations[$0.population].size)
    }
    if let readout { observers.append(readout) }
    var streamEnd = Manifest.Status.failed
    defer { publisher?.finish(streamEnd.rawValue) }
    if let publisher {
      let stream = StreamObserver(publisher, network, built)
      try publisher.start(stream.plan(threads: settings.threads), shouldStop: isEnding)
      observers.append(stream)
    }
    let external = try ExternalInputs(built, end: plan.end, settings: settings, shouldStop: isEnding)
    defer { external.close() }
    if !built.external.isEmpty { observers.append(external) }
    if publisher != nil || settings.realtime != nil { observers.append(Pace(controls, shouldStop: isEnding)) }
    let loop = WindowLoop(built.network, pool: pool, observers: observers, shouldStop: isEnding)
    let beforeRun = clock.now
    let outcome = Result { try loop.run(until: plan.end) }
    let afterRun = clock.now
    progress?.finish()
    loop.finishProbes()
    try recorder.close()

    let weights = try loop.writeWeights(built.network, directory)
    var report = makeReport(built, recorder, loop.now)
    report.weightDigest = weights.digest
    report.plastic = weights.summaries
    report.metrics = (readout?.metrics ?? []) + external.metrics
    report.buildSeconds = seconds(beforeRun - beforeBuild)
    report.simulateSeconds = seconds(afterRun - beforeRun)
    report.output = directory?.path
    let end: RunEnd = if case .success(.stopped) = outcome { .interrupted } else { .done }
    let status: Manifest.Status =
      switch outcome {
      case .success(.reachedEnd): .done
      case .success(.stopped): .interrupted
      case .failure(let error): error is GuardStop || error is NonFiniteState ? .stopped : .failed
      }
    streamEnd = status
    try directory?.write(manifest(report, status, plan, started, writeSeconds: seconds(clock.now - afterRun)))
    _ = try outcome.get()
    return (report, end)
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  /// Stops before building what cannot fit.
  private func checkMemory() throws {
    let needed = network.plan.predictedBytes
    let available = MemoryLimit.available
    guard needed > available else { return }
    throw GuardStop(
      "memory: this network needs about \(Self.gigabytes(needed)) GB (\(network.plan.neuronCount) neurons, "
        + String(format: "%.3g", network.plan.expectedSynapses) + " synapses), but \(Self.gigabytes(available)) GB are available"
        + "\n  hint: `snnsim check` shows where it goes; make populations or in-degrees smaller")
  }

  public static func gigabytes(_ bytes: Double) -> String { String(format: "%.3g", bytes / 1e9) }

  private func makeDirectory(_ started: Date) throws -> ResultsDirectory? {
    guard settings.records else { return nil }
    let path = settings.output ?? "runs/" + directoryName(at: started)
    let directory = try ResultsDirectory(path: path, force: settings.force)
    try directory.write(
      network: String(decoding: network.text, as: UTF8.self), resolved: network.resolvedText)
    try directory.write(emptyManifest(started))
    return directory
  }

  /// `<name>-<time>-<hash>`: the hash is of the resolved network, the time in UTC.
  private func directoryName(at date: Date) -> String {
    let time = date.formatted(
      Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt)
        .year().month().day().time(includingFractionalSeconds: true))
    let hash = SHA256.hex(of: Array(network.resolvedText.utf8)).prefix(8)
    let name = network.file.name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
    return "\(String(name))-\(time)-\(hash)"
  }

  private func makeReport(_ built: BuiltNetwork, _ recorder: RunRecorder, _ now: Time) -> RunReport {
    let plan = network.plan
    let summaries = plan.populations.enumerated().map {
      recorder.statistics.summary(of: $0.offset, name: $0.element.name, duration: now)
    }
    return RunReport(
      name: network.file.name, seed: network.file.run.seed, threads: settings.threads,
      engines: plan.populations.map(\.engine.rawValue), biologicalMs: now.milliseconds, buildSeconds: 0, simulateSeconds: 0,
      neurons: plan.neuronCount, synapses: built.network.synapseCount,
      synapticEvents: recorder.synapticEvents(built.network),
      peakRSSMegabytes: MemoryLimit.peakResidentMegabytes,
      synapseBytes: built.network.synapseCount > 0
        ? Double(built.network.synapseBytes) / Double(built.network.synapseCount) : nil,
      populations: summaries, spikeDigest: recorder.digest.hex, output: nil)
  }

  /// What is known before anything has run.
  private func emptyManifest(_ started: Date) -> Manifest {
    Manifest(
      name: network.file.name, version: snnsimVersion, gitHash: ProcessInfo.processInfo.environment["SNNSIM_GIT_HASH"],
      threads: settings.threads, commandLine: settings.commandLine, seed: network.file.run.seed, started: started)
  }

  private func manifest(
    _ report: RunReport, _ status: Manifest.Status, _ plan: NetworkPlan, _ started: Date, writeSeconds: Double
  ) -> Manifest {
    var manifest = emptyManifest(started)
    manifest.status = status
    manifest.inputs = network.inputFiles.compactMap { path in
      (try? SHA256.hex(ofFile: path)).map { Manifest.Input(path: path, sha256: $0) }
    }
    manifest.ended = Manifest.text(of: Date())
    manifest.wallTime = .init(build: report.buildSeconds, simulate: report.simulateSeconds, write: writeSeconds)
    manifest.biologicalMs = report.biologicalMs
    manifest.neurons = report.neurons
    manifest.synapses = report.synapses
    manifest.spikes = report.spikes
    manifest.populations = report.populations
    manifest.recordedPopulations = SpikeRecorder.names(of: plan.spikeSelections)
    manifest.spikeDigest = report.spikeDigest
    manifest.weightDigest = report.weightDigest
    manifest.notes = plan.notes
    return manifest
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
    var seen = Set<String>()
    return files.filter { seen.insert($0).inserted }
  }
}
