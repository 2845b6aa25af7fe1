import SNNSim
import SNNSimCLI

/// `snnsim` with one more rule of plasticity and one more learner.
@main
enum Main {
  static func main() {
    SNNSimCommand.run(.standard.adding(learningRule: NonHebbianSTDP.self).adding(learner: SoftmaxRegression.self))
  }
}
