import SNNTraining

/// The learners of this module: one line each.
public var denseLearners: [any Learner.Type] {
  [
    Backpropagation.self, ForwardForward.self, PhysicalLocalLearning.self, EquilibriumPropagation.self, DualPropagation.self,
    SpikingForwardForward.self, SpikingEquilibriumPropagation.self, SurrogateGradient.self, HebbianProjectionLearner.self,
    EventProp.self,
  ]
}
