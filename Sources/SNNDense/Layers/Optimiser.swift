import SNNTraining

/// How gradients change weights.
public enum OptimiserKind: String, CaseIterable, Sendable {
  /// v ← μ v + g + λ w, w ← w − η v.
  case sgd
  /// Kingma & Ba (2015), arXiv:1412.6980, with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸; the decay acts on the weights themselves
  /// (Loshchilov & Hutter 2019, arXiv:1711.05101).
  case adam
}

/// The parameters that all gradients and rules of dense networks share.
public struct OptimiserParameters: Sendable {
  public var kind = OptimiserKind.sgd
  public var rate = 0.1
  public var momentum = 0.0
  public var decay = 0.0
  public var schedule = Schedule.constant

  public init(
    _ kind: OptimiserKind = .sgd, rate: Double, momentum: Double = 0, decay: Double = 0, _ schedule: Schedule = .constant
  ) {
    self.kind = kind
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
    self.schedule = schedule
  }

  func rate(_ progress: Double) -> Double { rate * schedule.factor(at: progress) }
}

public protocol OptimisedParameters: LearnerParameters {
  var optimiser: OptimiserParameters { get set }
}

extension LearnerParameter where Parameters: OptimisedParameters {
  static var optimiser: [LearnerParameter] {
    [
      LearnerParameter("optimizer", \Parameters.optimiser.kind, "how gradients change weights"),
      LearnerParameter("learning_rate", \Parameters.optimiser.rate, "step along the gradient", .nonNegative),
      LearnerParameter("momentum", \Parameters.optimiser.momentum, "of sgd", .fraction),
      LearnerParameter("weight_decay", \Parameters.optimiser.decay, "pull of weights, not biases, to 0", .nonNegative),
      LearnerParameter("schedule", \Parameters.optimiser.schedule, "course of the learning rate over all epochs"),
    ]
  }
}

/// Single or double arithmetic; gradients are checked in double.
public enum Precision: String, CaseIterable, Sendable { case single, double }
