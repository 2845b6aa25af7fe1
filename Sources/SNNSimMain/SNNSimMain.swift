import SNNSim
import SNNSimCLI

/// The command `snnsim` with the standard catalogue.
@main
enum SNNSimMain {
  static func main() { SNNSimCommand.run(.standard) }
}
