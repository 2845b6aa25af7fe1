import ArgumentParser
import Foundation
import SNNFiles
import SNNSim

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Prints a commented network to start from.",
    discussion: "Templates:\n" + NetworkTemplate.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

  @Argument(help: ArgumentHelp("Which one.", valueName: "TEMPLATE"))
  var template: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file, which must not exist.", valueName: "net.json"))
  var output: String?

  func validate() throws {
    guard NetworkTemplate.all.contains(where: { $0.name == template }) else {
      let names = NetworkTemplate.all.map(\.name).joined(separator: ", ")
      throw ValidationError("There is no template \"\(template)\". The templates are \(names).")
    }
  }

  func run() throws {
    try reporting {
      guard let found = NetworkTemplate.all.first(where: { $0.name == template }) else { return }
      guard let output else {
        print(found.text, terminator: "")
        return
      }
      guard !FileManager.default.fileExists(atPath: output) else {
        throw FileError(.write, output, "exists already", hint: "choose another name")
      }
      try AtomicFile.write(found.text, to: output)
      print("wrote \(output)\nnext: snnsim run \(output)")
    }
  }
}
