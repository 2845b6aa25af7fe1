import SNNSignals

/// Structural plasticity: which synapses are pruned, now and then. As many grow at once from sources drawn at random, so that
/// every neuron keeps its number of synapses.
///
/// It combines with a ``LearningRule``, by whose weights it goes, and with a ``ReleaseRule``.
public protocol StructuralRule: PlasticityRule {
  /// How many of the synapses onto one neuron are pruned: those of the smallest weights, chance deciding among equal ones.
  /// - Parameter weights: magnitudes of the weights of all of them, ascending.
  func pruned(_ weights: [Double]) -> Int
}

extension StructuralRule {
  public static var kernelFields: [FieldDescription] {
    [
      FieldDescription("interval", .scalar, .ms, default: .number(1000), .positive, "time between two rewirings"),
      FieldDescription(
        "w_new", .scalar, default: .required, .nonNegative, "magnitude of a new weight, in the unit of the weight"),
      FieldDescription("until", .scalar, .ms, default: .absent, .positive, "when rewiring ends; with the run unless given"),
    ]
  }
}
