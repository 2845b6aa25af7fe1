import ArgumentParser
import SNNDescription
import SNNDynamics
import SNNSim

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema (draft-07) of the network file.")

  func run() { print(JSONSchema(SNNSimCommand.catalogue.vocabulary).text) }
}
