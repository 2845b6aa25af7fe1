import ArgumentParser
import SNNDynamics
import SNNSim

/// The command `snnsim`. A package with models or rules of its own has the same command with them:
///
///     SNNSimCommand.run(.standard.adding(learningRule: MyRule.self))
public struct SNNSimCommand: ParsableCommand {
  /// What network files may name.
  @TaskLocal static var catalogue = Catalogue.standard

  public static let configuration = CommandConfiguration(
    commandName: "snnsim",
    abstract: "Simulates spiking neural networks.",
    discussion: """
      Start with:  snnsim run networks/Brunel2000.json

      Exit codes: 0 done; 1 failed while running; 2 network or data invalid; 3 stopped by a guard (NaN, runaway rate, memory);
      64 wrong usage; 74 cannot write; 130 interrupted, after everything recorded so far was written.
      """,
    version: snnsimVersion,
    subcommands: [
      RunCommand.self, ResumeCommand.self, CheckCommand.self, VerifyCommand.self, PlotCommand.self, AnalyzeCommand.self,
      ViewCommand.self, ModelsCommand.self, SchemaCommand.self, NewCommand.self, StreamCommand.self, KeysCommand.self,
      BenchCommand.self,
    ])

  public init() {}

  /// Does what the command line says, with the names of `catalogue`; ends the process.
  public static func run(_ catalogue: Catalogue) {
    InstructionSet.handOver()
    $catalogue.withValue(catalogue) { main(nil) }
  }
}
