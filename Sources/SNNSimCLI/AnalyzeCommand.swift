import ArgumentParser
import SNNSim

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Rates, irregularity, correlations and spectra of a results directory.",
    discussion: "Definitions are those of Elephant 1.2.")

  @Argument(help: ArgumentHelp("Results directory.", valueName: "DIR"))
  var directory: String

  @Option(help: ArgumentHelp("Leave out the time before.", valueName: "ms"))
  var from = 0.0

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try reporting {
      let analysis = try RecordedRun(path: directory).analysis(from: from)
      print(json ? analysis.json.pretty : analysis.description, terminator: "")
    }
  }
}
