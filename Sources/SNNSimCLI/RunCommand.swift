import ArgumentParser
import Foundation
import SNNFiles
import SNNSim

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Builds a network, simulates or trains it, records and summarises.",
    discussion: """
      With --from, the network and the state are those of a checkpoint (or of the newest one of a results directory), and --set changes
      parameters on the way:  snnsim run --from runs/a/checkpoints/000002.checkpoint --set populations.E.params.I_e=200 --duration 5000
      """)

  @Argument(help: ArgumentHelp("Network file.", valueName: "net.json"))
  var path: String?

  @OptionGroup var changes: NetworkChanges

  @Option(help: ArgumentHelp("Begin with the state of a checkpoint, in a new results directory.", valueName: "CHECKPOINT|DIR"))
  var from: String?

  @OptionGroup var options: RunOptions
  @OptionGroup(title: "Watching") var watching: StreamOptions

  @Option(help: ArgumentHelp("Results directory; runs/<name>-<time>-<hash>/ unless given.", valueName: "DIR"))
  var output: String?

  @Flag(help: "Replace results of an earlier run in the output directory.")
  var force = false

  @Flag(help: "Write no results directory.")
  var noRecord = false

  func validate() throws {
    if (path == nil) == (from == nil) { throw ValidationError("Give a network file, or a checkpoint with --from.") }
    if noRecord && options.checkpointEvery != nil {
      throw ValidationError("--checkpoint-every needs a results directory, so it does not go with --no-record.")
    }
  }

  func run() throws {
    Interruption.watch()
    try reporting {
      var settings = RunSettings()
      settings.output = output
      settings.force = force
      settings.records = !noRecord
      let network: LoadedNetwork
      if let from {
        let checkpoint = try CheckpointFile(path: Self.checkpoint(from))
        network = try LoadedNetwork(
          branching: checkpoint, overrides: changes.overrides, catalogue: SNNSimCommand.catalogue, readable: changes.data)
        settings.start = .branching(checkpoint)
      } else {
        network = try changes.load(path!)
      }
      try options.run(network, settings, watching)
    }
  }

  /// The file of a checkpoint, or the newest one of a directory.
  private static func checkpoint(_ path: String) throws -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else { return path }
    for folder in [path, path + "/checkpoints"] {
      if let number = CheckpointFolder.numbers(in: folder).last { return CheckpointFolder.file(number, in: folder) }
    }
    throw FileError(.read, path, "has no checkpoints", hint: "`snnsim run --checkpoint-every S` writes some")
  }
}

extension ProgressStyle: ExpressibleByArgument {}
