import ArgumentParser
import SNNSim

/// The command `snnsim`.
@main
struct SNNSimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snnsim",
    abstract: "Simulates spiking neural networks.",
    discussion: """
      Start with:  snnsim run networks/Brunel2000.json

      Exit codes: 0 done; 1 failed while running; 2 network or data invalid; 3 stopped by a guard (NaN, runaway rate, memory);
      64 wrong usage; 74 cannot write; 130 interrupted, after everything recorded so far was written.
      """,
    version: snnsimVersion,
    subcommands: [
      RunCommand.self, CheckCommand.self, VerifyCommand.self, PlotCommand.self, AnalyzeCommand.self, ModelsCommand.self,
      SchemaCommand.self, NewCommand.self, BenchCommand.self,
    ])

  static func main() {
    InstructionSet.handOver()
    main(nil)
  }
}
