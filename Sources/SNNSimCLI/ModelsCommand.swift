import ArgumentParser
import SNNDynamics
import SNNFiles
import SNNSignals
import SNNSim

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists neurons, inputs, rules of connection and plasticity, learners, encoders and formats, or describes one.")

  @Argument(help: ArgumentHelp("A name from the list.", valueName: "NAME"))
  var name: String?

  @Flag(help: "Print as tables of Markdown, as the documentation has them.")
  var markdown = false

  func run() throws {
    try reporting {
      let vocabulary = SNNSimCommand.catalogue.vocabulary
      guard let name else {
        print(markdown ? EntryPage.markdown(vocabulary) : EntryPage.list(vocabulary))
        return
      }
      let found = vocabulary.entries.filter { $0.name == name }
      guard !found.isEmpty else {
        complain("there is nothing called \"\(name)\"\n  hint: `snnsim models` lists all names")
        throw ExitCode(64)
      }
      print(found.map { markdown ? EntryPage.markdown($0) : EntryPage.text($0) }.joined(separator: "\n\n"))
    }
  }
}
