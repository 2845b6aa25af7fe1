import SNNTraining
import Testing

@testable import SNNDense

/// What every learner of dense networks promises.
@Suite struct DenseLearnerTests {
  private static func learners(_ setup: LearnerSetup) throws -> [any Learner] {
    var backpropagation = Backpropagation.Parameters()
    (backpropagation.layers, backpropagation.projection.rows) = ([40], [10, 12])
    (backpropagation.projection.growth, backpropagation.projection.rates) = ([5, 5], [0.01, 0.01])
    var forward = ForwardForward.Parameters()
    forward.layers = [50, 40]
    var equilibrium = EquilibriumPropagation.Parameters()
    (equilibrium.layers, equilibrium.points) = ([40], 4)
    var untied = EquilibriumPropagation.Parameters()
    (untied.layers, untied.loss, untied.isTied, untied.angle, untied.homeostasis) = ([40, 30], .crossEntropy, false, 45, 0.1)
    var dual = DualPropagation.Parameters()
    (dual.layers, dual.sweeps) = ([40, 30], 2)
    var surrogate = SurrogateGradient.Parameters()
    surrogate.layers = [40, 30]
    var online = surrogate
    (online.method, online.output) = (.ottt, .eachStep)
    var spiking = SpikingForwardForward.Parameters()
    (spiking.layers, spiking.negatives) = ([50, 40], .hard)
    var settling = SpikingEquilibriumPropagation.Parameters()
    (settling.layers, settling.freeSteps, settling.nudgedSteps, settling.projection) = ([40], 20, 10, backpropagation.projection)
    return [
      try SpikingForwardForward(spiking, setup), try SpikingEquilibriumPropagation(settling, setup),
      try Backpropagation(backpropagation, setup), try ForwardForward(forward, setup),
      try EquilibriumPropagation(equilibrium, setup), try EquilibriumPropagation(untied, setup),
      try DualPropagation(dual, setup), try SurrogateGradient(surrogate, setup), try SurrogateGradient(online, setup),
    ]
  }
  private static func setup(_ parallel: Parallel = .serial) -> LearnerSetup {
    LearnerSetup(features: 64, classes: 5, seed: 11, parallel: parallel)
  }
  private static let batches = (0..<4).map { randomBatch(60, features: 64, classes: 5, seed: $0) }

  private static func train(_ learner: inout any Learner, _ range: Range<Int>) {
    for step in range {
      if step == 2 {
        learner.endTask(0)
        learner.beginTask(1)
      }
      _ = learner.learn(batches[step], at: Moment(epoch: step, step: step, progress: Double(step) / 4))
    }
  }

  @Test("A training has the same bits on any number of threads") func sameBits() throws {
    let trained = try [Parallel.serial, threaded].map { parallel in
      try Self.learners(Self.setup(parallel)).map { learner in
        var learner = learner
        Self.train(&learner, 0..<4)
        return (learner.state, learner.answer(Self.batches[0]))
      }
    }
    for (one, many) in zip(trained[0], trained[1]) {
      #expect(one.0 == many.0)
      #expect(one.1 == many.1)
    }
  }

  @Test("A training taken up from its state is the training not interrupted") func resumes() throws {
    let fresh = { try Self.learners(Self.setup()) }
    for (i, learner) in try fresh().enumerated() {
      var (whole, cut, resumed) = (learner, try fresh()[i], try fresh()[i])
      Self.train(&whole, 0..<4)
      Self.train(&cut, 0..<3)
      try resumed.restore(cut.state)
      Self.train(&resumed, 3..<4)
      #expect(resumed.state == whole.state, "\(type(of: learner).name)")
    }
  }

  @Test("Names of arrays are unique, and answering changes none") func names() throws {
    for learner in try Self.learners(Self.setup()) {
      var learner = learner
      _ = learner.learn(Self.batches[0], at: Moment())
      let state = learner.state
      #expect(Set(state.map(\.name)).count == state.count)
      let answers = learner.answer(Self.batches[1])
      #expect(answers.count == 60 && answers.allSatisfy { (0..<5).contains($0) })
      #expect(learner.state == state)
    }
  }

  @Test("A state of another network is refused") func otherState() throws {
    var p = Backpropagation.Parameters()
    p.layers = [7]
    let state = try Backpropagation(p, Self.setup()).state
    p.layers = [8]
    var other = try Backpropagation(p, Self.setup())
    #expect(throws: TrainingError.self) { try other.restore(state) }
  }

  @Test("Sequences are for learners that know time") func sequences() {
    let setup = LearnerSetup(features: 64, steps: 3, classes: 5, seed: 1)
    #expect(throws: TrainingError.self) { try ForwardForward(.init(), setup) }
    #expect(throws: TrainingError.self) { try DualPropagation(.init(), setup) }
    #expect(throws: TrainingError.self) { try SpikingEquilibriumPropagation(.init(), setup) }
    #expect(throws: Never.self) { try SurrogateGradient(.init(), setup) }
  }
}
