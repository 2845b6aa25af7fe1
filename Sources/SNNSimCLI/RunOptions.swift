import ArgumentParser
import Foundation
import SNNRecording
import SNNSignals
import SNNSim

/// How a run is done, new or resumed, and what is said of it.
struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Worker threads; all cores unless given. Results do not depend on it.", valueName: "N"))
  var threads: Int?

  @Flag(help: "Print one JSON object instead of the summary.")
  var json = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  @Option(help: ArgumentHelp("Progress on standard error.", valueName: "auto|plain|none"))
  var progress = ProgressStyle.auto

  @Option(
    help: ArgumentHelp(
      "Write a checkpoint so often, in seconds of wall time; SIGUSR1 asks for one at any time.", valueName: "S"))
  var checkpointEvery: Double?

  @Option(help: ArgumentHelp("How many checkpoints are kept.", valueName: "N"))
  var checkpointKeep = 2

  @Option(help: .hidden)
  var interruptAt: Double?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be from 1 to 1024.") }
    if let checkpointEvery, !(0.01...1e9).contains(checkpointEvery) {
      throw ValidationError("--checkpoint-every takes seconds, from 0.01.")
    }
    if let interruptAt, !(0...1e9).contains(interruptAt) {
      throw ValidationError("--interrupt-at takes milliseconds, or batches.")
    }
    if !(1...1000).contains(checkpointKeep) { throw ValidationError("--checkpoint-keep takes a number from 1 to 1000.") }
  }

  /// Runs `network` and says how it went.
  func run(_ network: LoadedNetwork, _ settings: RunSettings, _ watching: StreamOptions) throws {
    var settings = settings
    if let threads { settings.threads = threads }
    settings.progress = quiet ? .none : progress
    settings.commandLine = CommandLine.arguments
    settings.checkpointInterval = checkpointEvery
    settings.checkpointsKept = checkpointKeep
    settings.interruptAt = interruptAt.map { Time(milliseconds: $0) }
    settings.isCheckpointRequested = { Interruption.takeCheckpointRequest() }
    try watching.apply(to: &settings, network.file.stream)
    if !quiet {
      settings.streamBegan = { complain("streaming on \($0), control on \($1)") }
      settings.notice = { complain($0) }
      for note in network.plan.notes { complain("note: \(note)") }
    }
    let (report, end) = try network.run(settings) { Interruption.isRequested }
    if json {
      try deliver(report.json.line)
    } else if !quiet {
      try deliver(network.training.map { Self.summary(report, $0) } ?? Self.summary(report))
    }
    if end == .interrupted {
      let next = report.output.map { "; go on with: snnsim resume \($0)" } ?? ""
      let place = network.training == nil ? " at \(report.biologicalMs) ms; everything recorded" : "; everything learnt"
      complain("interrupted\(place) so far was written\(next)")
      throw ExitStatus.interrupted
    }
  }

  static func summary(_ report: RunReport) -> String {
    let factor = report.realTimeFactor.map { String(format: "%.3g", $0) } ?? "-"
    var lines = [
      "\(report.name): \(report.neurons) neurons, \(report.synapses) synapses, \(report.threads) threads",
      String(
        format: "built in %.3g s; %g ms simulated in %.3g s (%@ x real time), %.3g synaptic events/s, peak memory %.0f MB",
        report.buildSeconds, report.biologicalMs, report.simulateSeconds, factor,
        Double(report.synapticEvents) / max(report.simulateSeconds, 1e-9), report.peakRSSMegabytes),
    ]
    var rows = [["population", "neurons", "engine", "spikes", "rate (Hz)", "CV ISI"]]
    for (population, engine) in zip(report.populations, report.engines) {
      rows.append([
        population.name, "\(population.size)", engine, "\(population.spikes)",
        population.meanRateHz.map { String(format: "%.3f", $0) } ?? "-",
        population.cvISI.map { String(format: "%.3f", $0) } ?? "-",
      ])
    }
    lines.append(aligned(rows))
    lines.append("digest \(report.spikeDigest.prefix(16))…")
    return (lines + next(report, "raster")).joined(separator: "\n")
  }

  /// The summary of a training.
  static func summary(_ report: RunReport, _ training: PlannedTraining) -> String {
    let lines = [
      "\(report.name): \(training.learner.name), \(training.stateCount ?? 0) numbers of state, \(report.threads) threads",
      String(
        format: "prepared in %.3g s, trained in %.3g s, peak memory %.0f MB", report.buildSeconds, report.simulateSeconds,
        report.peakRSSMegabytes), aligned(report.metrics.map { [$0.0, $0.1.line] }),
      "digest \((report.weightDigest ?? "").prefix(16))…",
    ]
    return (lines + next(report, "training")).joined(separator: "\n")
  }

  private static func next(_ report: RunReport, _ figure: String) -> [String] {
    report.output.map { ["results in \($0)", "next: snnsim plot \($0) \(figure)"] } ?? []
  }
}
