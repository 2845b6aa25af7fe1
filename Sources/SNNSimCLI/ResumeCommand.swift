import ArgumentParser
import SNNRecording
import SNNSignals
import SNNSim

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Goes on with a run that was interrupted or killed.",
    discussion: """
      Continues from the newest checkpoint of a results directory that is whole, on any number of threads, and ends with the results that
      the run would have had if nothing had happened to it. A run without a checkpoint begins again.
      """)

  @Argument(help: ArgumentHelp("Results directory.", valueName: "DIR"))
  var directory: String

  @OptionGroup var options: RunOptions
  @OptionGroup(title: "Watching") var watching: StreamOptions

  func run() throws {
    Interruption.watch()
    try reporting {
      let resumable = try ResumableRun(path: directory)
      guard !resumable.isDone else { return try report(resumable.manifest) }
      var settings = RunSettings()
      settings.start = .resuming(resumable)
      try options.run(try resumable.network(SNNSimCommand.catalogue), settings, watching)
    }
  }

  /// Of a run that had ended.
  private func report(_ manifest: Manifest) throws {
    complain("nothing to resume: the run has reached its end")
    guard options.json else { return }
    let json: JSONText = [
      "name": .text(manifest.name), "seed": .unsigned(manifest.seed), "biological_ms": .number(manifest.biologicalMs),
      "spikes": .integer(manifest.spikes),
      "digests": ["spikes": JSONText(manifest.spikeDigest), "weights": JSONText(manifest.weightDigest)],
      "output": .text(directory),
    ]
    try deliver(json.line)
  }
}
