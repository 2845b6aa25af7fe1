import ArgumentParser
import SNNStream

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Makes CURVE keys for a stream that other machines may read.",
    discussion: """
      DIR then holds server.key_secret, for the machine that runs (snnsim run --stream-keys DIR), and client.key_secret with server.key,
      for the one that watches (snnsim stream tail --keys DIR). Every NAME.key in the server's DIR is let in; --client NAME adds one.
      """)

  @Argument(help: ArgumentHelp("Directory of the keys.", valueName: "DIR"))
  var directory: String

  @Option(help: ArgumentHelp("Name of the client's files.", valueName: "NAME"))
  var client = "client"

  func validate() throws {
    let isPlain = client.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
    if client.isEmpty || !isPlain || client == "server" { throw ValidationError("--client takes a word other than \"server\".") }
  }

  func run() throws {
    try reporting {
      for path in try StreamKeys.make(in: directory, client: client) { print(path) }
    }
  }
}
