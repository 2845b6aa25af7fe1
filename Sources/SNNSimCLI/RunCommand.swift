import ArgumentParser
import Foundation
import SNNRecording
import SNNSim

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Builds a network, simulates it, records and summarises.")

  @OptionGroup var network: NetworkOptions
  @OptionGroup(title: "Watching") var watching: StreamOptions

  @Option(help: ArgumentHelp("Worker threads; all cores unless given. Results do not depend on it.", valueName: "N"))
  var threads: Int?

  @Option(help: ArgumentHelp("Results directory; runs/<name>-<time>-<hash>/ unless given.", valueName: "DIR"))
  var output: String?

  @Flag(help: "Replace results of an earlier run in the output directory.")
  var force = false

  @Flag(help: "Print one JSON object instead of the summary.")
  var json = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  @Option(help: ArgumentHelp("Progress on standard error.", valueName: "auto|plain|none"))
  var progress = ProgressStyle.auto

  @Flag(help: "Write no results directory.")
  var noRecord = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be from 1 to 1024.") }
  }

  func run() throws {
    Interruption.watch()
    try reporting {
      let loaded = try network.load()
      var settings = RunSettings()
      if let threads { settings.threads = threads }
      settings.output = output
      settings.force = force
      settings.records = !noRecord
      settings.progress = quiet ? .none : progress
      settings.commandLine = CommandLine.arguments
      try watching.apply(to: &settings, loaded.file.stream)
      if !quiet { settings.streamBegan = { complain("streaming on \($0), control on \($1)") } }
      if !quiet { for note in loaded.plan.notes { complain("note: \(note)") } }
      let (report, end) = try Simulation(loaded, settings: settings).run { Interruption.isRequested }
      if json {
        print(report.json.line)
      } else if !quiet {
        print(Self.summary(report))
      }
      if end == .interrupted {
        complain("interrupted at \(report.biologicalMs) ms; everything recorded so far was written")
        throw ExitStatus.interrupted
      }
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
    if let output = report.output {
      lines.append("results in \(output)")
      lines.append("next: snnsim plot \(output) raster")
    }
    return lines.joined(separator: "\n")
  }
}

extension ProgressStyle: ExpressibleByArgument {}
