import SNNSim
import SNNSimCLI

/// `snnsim` with one more rule.
@main
enum Main {
  static func main() { SNNSimCommand.run(.standard.adding(learningRule: NonHebbianSTDP.self)) }
}
