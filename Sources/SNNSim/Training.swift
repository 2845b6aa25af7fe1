import Foundation
import SNNFiles
import SNNKernel
import SNNRecording
import SNNSignals
import SNNStream
import SNNTraining

/// Trains a learner as the section `train` of a network file says: what ``Simulation`` is for simulations.
public struct Training {
  public let network: LoadedNetwork
  public let planned: PlannedTraining
  public var settings: RunSettings

  init(_ network: LoadedNetwork, _ planned: PlannedTraining, settings: RunSettings) {
    self.network = network
    self.planned = planned
    self.settings = settings
  }

  /// Trains to the last epoch.
  ///
  /// - Parameter shouldStop: asked between batches; when true the training ends early, with everything learnt so far written and a
  ///   checkpoint from which it can go on.
  /// - Throws: ``GuardStop`` (memory), `NonFiniteTraining`, `FileError`, `CheckpointError`. What was written before is kept.
  public func run(shouldStop: @escaping () -> Bool = { false }) throws -> (report: RunReport, end: RunEnd) {
    let clock = ContinuousClock()
    guard planned.stateCount != nil else {
      throw GuardStop(
        "memory: this learner needs about \(Simulation.gigabytes(planned.predictedBytes)) GB, but "
          + "\(Simulation.gigabytes(MemoryLimit.available)) GB are available\n  hint: make its layers smaller")
    }
    let simulation = Simulation(network, settings: settings)
    let given = settings.records ? GivenNetwork(network) : GivenNetwork()
    var manifest = simulation.firstManifest()
    let directory = try simulation.makeDirectory(manifest, given.resolved)
    let pool = WorkStealingPool(workers: settings.threads, pauses: settings.pauses)
    defer { pool.close() }
    let parallel = Parallel { count, body in pool.forEach(count, body) }

    let beforeBuild = clock.now
    let plan = try planned.prepared(parallel)
    let training = TrainingState(try TrainingLoop(plan, parallel: parallel), try planned.makeLearner(parallel))
    let beforeRun = clock.now
    var recorder = try TrainingRecorder(
      directory, progress: ProgressLine(settings.progress, environment: ProcessInfo.processInfo.environment))
    let history = RunHistory(given)
    history.present = { ((clock.now - beforeRun) / .seconds(1), nil) }
    var parts: [any Checkpointed] = [history, training]
    if let metrics = recorder.metrics { parts.append(metrics) }
    if let note = try simulation.restore([training], parts, { training.loop.description }) {
      manifest.notes.append(note)
      settings.notice(note)
    }
    let checkpoints = directory.map {
      RunCheckpoints(
        parts, $0, recorded: $0.path, CheckpointClock(interval: settings.checkpointInterval), settings, StreamControls())
    }
    let outcome = Result { try advance(training, &recorder, checkpoints, shouldStop) }
    let afterRun = clock.now
    recorder.progress?.finish()
    do {
      // After an error of writing there is no place for more.
      if case .failure(let error as FileError) = outcome { throw error }
      try checkpoints?.finish()
      try recorder.close()
      var report = makeReport(try? outcome.get(), training.learner)
      report.buildSeconds = (beforeRun - beforeBuild) / .seconds(1)
      report.simulateSeconds = history.simulateSeconds + (afterRun - beforeRun) / .seconds(1)
      report.output = directory?.path
      if case .success(let outcome) = outcome, let directory {
        try ModelFile.write(training.learner.state, to: directory.modelPath("last"))
        if let test = outcome.test {
          try directory.write(confusion: test.counts.map(UInt32.init), unanswered: test.unanswered.map(UInt32.init))
        }
      }
      let status: Manifest.Status =
        switch outcome {
        case .success(let outcome): outcome.isInterrupted ? .interrupted : .done
        case .failure(let error): error is NonFiniteTraining ? .stopped : .failed
        }
      manifest.end(report, status, [], writeSeconds: (clock.now - afterRun) / .seconds(1))
      try directory?.write(manifest)
      directory?.finish()
      _ = try outcome.get()
      return (report, status == .interrupted ? .interrupted : .done)
    } catch let error as FileError {
      manifest.status = .failed
      try? directory?.write(manifest)
      throw error
    }
  }

  /// Trains, with checkpoints between batches; one more where the training is ended early.
  private func advance(
    _ training: TrainingState, _ recorder: inout TrainingRecorder, _ checkpoints: RunCheckpoints?,
    _ shouldStop: @escaping () -> Bool
  ) throws -> TrainingOutcome {
    let most = settings.interruptAt.map { Int($0.milliseconds) } ?? .max
    var done = training.loop.batches
    while true {
      var isLast = false
      let outcome = try training.run(&recorder) {
        isLast = shouldStop() || done >= most
        checkpoints?.look()
        if isLast || checkpoints?.isDue ?? false { return true }
        done += 1
        return false
      }
      guard outcome.isInterrupted else { return outcome }
      try checkpoints?.write()
      if isLast { return outcome }
    }
  }

  private func makeReport(_ outcome: TrainingOutcome?, _ learner: any Learner) -> RunReport {
    var report = RunReport(
      name: network.file.name, seed: network.seed, threads: settings.threads, engines: [], biologicalMs: 0, buildSeconds: 0,
      simulateSeconds: 0, neurons: 0, synapses: 0, synapticEvents: 0, peakRSSMegabytes: MemoryLimit.peakResidentMegabytes,
      synapseBytes: nil, populations: [], spikeDigest: SpikeDigest().hex, output: nil)
    report.weightDigest = ModelFile.digest(learner.state)
    report.metrics = outcome?.metrics ?? []
    return report
  }
}

extension TrainingOutcome {
  /// The `metrics` of `run --json`. They depend on the network file alone, so that no times are among them.
  var metrics: [JSONText.Member] {
    var members: [JSONText.Member] = []
    if let test { members.append(("test_accuracy", .number(test.accuracy))) }
    if let trainAccuracy { members.append(("train_accuracy", .number(trainAccuracy))) }
    if let best { members += [("best_test_accuracy", .number(best.accuracy)), ("best_epoch", .integer(best.epoch))] }
    if let accuracy = tasks.accuracy { members.append(("acc", .number(accuracy))) }
    if let transfer = tasks.backwardTransfer { members.append(("bwt", .number(transfer))) }
    members.append(("epochs", .integer(epochs.count)))
    for entry in epochs.last?.measures.entries ?? [] where entry.name != "accuracy" {
      members.append((entry.name, .number(entry.mean)))
    }
    if let test { members.append(("test_samples", .integer(test.total))) }
    return members
  }
}
