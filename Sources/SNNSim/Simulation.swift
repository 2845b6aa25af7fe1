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
  public var start = RunStart.beginning
  /// Wall seconds from one checkpoint to the next; nil for only when one is asked for.
  public var checkpointInterval: Double?
  /// Ends the run early at this simulated time, as an interruption would; for tests. A training, after so many batches.
  public var interruptAt: Time?
  /// How many checkpoints are kept.
  public var checkpointsKept = 2
  /// Asked between windows whether somebody has asked for a checkpoint since it was asked last.
  public var isCheckpointRequested: @Sendable () -> Bool = { false }
  /// Told what the user should know while the run goes on.
  public var notice: @Sendable (String) -> Void = { _ in }

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
  /// - Parameter shouldStop: asked between windows; when true the run ends early, with everything recorded so far written and a
  ///   checkpoint from which it can go on.
  /// - Throws: `DescriptionErrors` (invalid data), ``GuardStop``, `NonFiniteState`, `FileError`, `CheckpointError`, `StreamError` (an
  ///   endpoint that can't be bound). What was recorded before is kept.
  public func run(shouldStop: @escaping () -> Bool = { false }) throws -> (report: RunReport, end: RunEnd) {
    let clock = ContinuousClock()
    let plan = network.plan
    try checkMemory()
    let publisher = try settings.stream.map { try StreamPublisher($0) }
    if let publisher { settings.streamBegan?(publisher.endpoint, publisher.control) }
    let controls = publisher?.controls ?? StreamControls(realtime: settings.realtime)
    let isEnding = { controls.isStopRequested || shouldStop() }
    // The resolved text takes time to make: only a results directory needs it.
    let given = settings.records ? GivenNetwork(network) : GivenNetwork()
    var manifest = firstManifest()
    let directory = try makeDirectory(manifest, given.resolved)
    let checkpointClock = directory.map { _ in CheckpointClock(interval: settings.checkpointInterval) }
    let pool = WorkStealingPool(workers: settings.threads, pauses: settings.pauses)
    defer { pool.close() }

    let beforeBuild = clock.now
    let built: BuiltNetwork
    do {
      built = try Compiler(catalogue: network.catalogue, data: .files).build(plan, pool: pool)
    } catch {
      // Nothing was run: no half-made results stay behind.
      if case .resuming = settings.start {} else { directory?.discard() }
      throw error
    }
    let recorder = try RunRecorder(plan, built, output: network.file.output, directory: directory)
    let (rates, wall) = (RateGuard(network.file, plan), WallClockGuard(network.file))
    let readout = plan.readout.map {
      Readout($0, built.network.schedules[$0.schedule], size: plan.populations[$0.population].size)
    }
    let live = built.live.isEmpty ? nil : LiveInputs(built, plan, controls)
    let history = RunHistory(given)
    let loop = WindowLoop(
      built.network, pool: pool, observers: [recorder, rates, wall],
      shouldStop: { isEnding() || checkpointClock?.isDue ?? false })
    var state: [any Checkpointed] = [loop]
    if let readout {
      loop.attach(readout)
      state.append(readout)
    }
    if let live { state.append(live) }
    let more: [any Checkpointed] = [history, loop.probes, recorder, rates, wall]
    let parts = state + more
    if let note = try restore(state, parts, { "\(loop.now.milliseconds) ms" }) {
      manifest.notes.append(note)
      settings.notice(note)
    }
    let begin = loop.now
    // What statistics are about: of a run that goes on, all of it.
    var counted = Time.zero
    if case .branching = settings.start {
      counted = begin
      guard begin < plan.end else {
        directory?.discard()
        throw FileError(
          .read, "run.duration", "ends at \(plan.end.milliseconds) ms, but the checkpoint is of \(begin.milliseconds) ms",
          hint: "give a longer --duration")
      }
      for part in [recorder.begin, rates.begin, loop.probes.begin] { part(begin) }
    }
    let checkpoints: RunCheckpoints? =
      if let directory, let checkpointClock {
        RunCheckpoints(parts, directory, checkpointClock, settings, controls)
      } else { nil }
    if let checkpoints { loop.attach(checkpoints) }

    let progress = Progress(
      settings.progress, begin: begin, end: plan.end, neurons: plan.neuronCount,
      environment: ProcessInfo.processInfo.environment)
    if let progress { loop.attach(progress) }
    var streamEnd = Manifest.Status.failed
    defer { publisher?.finish(streamEnd.rawValue) }
    if let publisher {
      let stream = StreamObserver(publisher, network, built)
      var plan = stream.plan(threads: settings.threads)
      plan.live = controls.liveParameters.map(\.path)
      plan.begin = begin
      plan.progress = history.topics
      let run = history.streamRun.isEmpty ? UUID().uuidString.lowercased() : history.streamRun
      try publisher.start(plan, run: run, shouldStop: isEnding)
      loop.attach(stream)
    }
    let external = try ExternalInputs(built, end: plan.end, settings: settings, shouldStop: isEnding)
    defer { external.close() }
    if !built.external.isEmpty { loop.attach(external) }
    if publisher != nil || settings.realtime != nil { loop.attach(Pace(controls, begin: begin, shouldStop: isEnding)) }
    // Behind the wait of a pause, so that what is set in it holds when the run goes on.
    if let live { loop.attach(live) }
    let beforeRun = clock.now
    history.present = { [self] in
      (seconds(clock.now - beforeRun), publisher.map { ($0.run, $0.progress(at: loop.now)) })
    }
    let outcome = Result { try advance(loop, checkpoints, isEnding) }
    let afterRun = clock.now
    progress?.finish()

    do {
      // After an error of writing there is no place for more; what was recorded stays as it is.
      if case .failure(let error as FileError) = outcome { throw error }
      try checkpoints?.finish()
      loop.finishProbes()
      try recorder.close()
      let weights = try loop.writeWeights(built.network, directory)
      var report = makeReport(built, recorder, from: counted, to: loop.now)
      report.weightDigest = weights.digest
      report.plastic = weights.summaries
      report.metrics = (readout?.metrics ?? []) + external.metrics
      report.buildSeconds = seconds(beforeRun - beforeBuild)
      report.simulateSeconds = history.simulateSeconds + seconds(afterRun - beforeRun)
      report.output = directory?.path
      let status = Self.status(outcome)
      streamEnd = status
      manifest.liveChanges = live?.record ?? []
      manifest.end(report, status, SpikeRecorder.names(of: plan.spikeSelections), writeSeconds: seconds(clock.now - afterRun))
      try directory?.write(manifest)
      if status == .done || checkpoints?.isEmpty ?? false { directory?.finish() }
      _ = try outcome.get()
      return (report, status == .interrupted ? .interrupted : .done)
    } catch let error as FileError {
      recorder.flush()
      manifest.status = .failed
      try? directory?.write(manifest)
      throw error
    }
  }

  /// Runs, with checkpoints between windows; one more where the run is ended early.
  private func advance(_ loop: WindowLoop, _ checkpoints: RunCheckpoints?, _ isEnding: () -> Bool) throws -> LoopEnd {
    let goal = min(network.plan.end, settings.interruptAt ?? .never)
    while true {
      let end = try loop.run(until: goal)
      guard end == .stopped || goal < network.plan.end else { return .reachedEnd }
      let isLast = isEnding() || end == .reachedEnd
      if isLast || checkpoints?.isDue ?? false { try checkpoints?.write() }
      if isLast { return .stopped }
    }
  }

  private static func status(_ outcome: Result<LoopEnd, any Error>) -> Manifest.Status {
    switch outcome {
    case .success(.reachedEnd): .done
    case .success(.stopped): .interrupted
    case .failure(let error): error is GuardStop || error is NonFiniteState ? .stopped : .failed
    }
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  /// Stops before building what cannot fit.
  private func checkMemory() throws {
    let needed = network.plan.predictedBytes
    let available = MemoryLimit.available
    guard needed > available else { return }
    let synapses = String(format: "%.3g", network.plan.expectedSynapses)
    throw GuardStop(memory: needed, "\(network.plan.neuronCount) neurons, \(synapses) synapses", available: available)
  }

  public static func gigabytes(_ bytes: Double) -> String { String(format: "%.3g", bytes / 1e9) }

  func makeDirectory(_ manifest: Manifest, _ resolved: String) throws -> ResultsDirectory? {
    guard settings.records else { return nil }
    if case .resuming(let run) = settings.start {
      let directory = try ResultsDirectory(continuing: run.path, keepsRows: !run.checkpoints.isEmpty)
      try directory.write(manifest)
      return directory
    }
    let path = settings.output ?? "runs/" + directoryName(at: Date(), resolved)
    let directory = try ResultsDirectory(path: path, force: settings.force)
    try directory.write(network: String(decoding: network.text, as: UTF8.self), resolved: resolved)
    try directory.write(manifest)
    return directory
  }

  /// `<name>-<time>-<hash>`: the hash is of the resolved network, the time in UTC.
  private func directoryName(at date: Date, _ resolved: String) -> String {
    let time = date.formatted(
      Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt)
        .year().month().day().time(includingFractionalSeconds: true))
    let hash = SHA256.hex(of: Array(resolved.utf8)).prefix(8)
    let name = network.file.name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
    return "\(String(name))-\(time)-\(hash)"
  }
}
