import ArgumentParser
import Foundation
import SNNDescription
import SNNSim

/// The network file and what the command line changes in it.
struct NetworkOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Network file.", valueName: "net.json"))
  var path: String

  @OptionGroup var changes: NetworkChanges

  func load() throws -> LoadedNetwork { try changes.load(path) }
}

/// What the command line changes in a network.
struct NetworkChanges: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set a value of the file by its dotted path. Repeatable.", valueName: "path=value"))
  var assignments: [String] = []

  @Option(help: ArgumentHelp("Seed of all random numbers.", valueName: "N"))
  var seed: String?

  @Option(help: ArgumentHelp("Duration of the run.", valueName: "ms"))
  var duration: String?

  @Option(help: ArgumentHelp("Engine of populations that name none.", valueName: "auto|grid|exact"))
  var engine: String?

  @Option(
    help: ArgumentHelp(
      "A directory or file that the network may read beside its own directory and those of data sets. Repeatable.",
      valueName: "PATH"))
  var data: [String] = []

  func validate() throws {
    if let seed, UInt64(seed) == nil { throw ValidationError("--seed takes a whole number from 0 to \(UInt64.max).") }
    if let engine, EngineChoice(rawValue: engine) == nil {
      throw ValidationError("--engine takes auto, grid or exact, not \"\(engine)\".")
    }
  }

  var overrides: [Override] {
    var overrides = assignments.map { Override.set($0) }
    if let seed { overrides.append(.seed(seed)) }
    if let duration { overrides.append(.duration(duration)) }
    if let engine { overrides.append(.engine(engine)) }
    return overrides
  }

  func load(_ path: String) throws -> LoadedNetwork {
    try LoadedNetwork(
      URL(fileURLWithPath: path), name: path, overrides: overrides, catalogue: SNNSimCommand.catalogue, readable: data)
  }
}
