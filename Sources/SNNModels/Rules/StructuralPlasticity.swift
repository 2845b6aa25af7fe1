import SNNDynamics

/// Structural plasticity on a schedule: weak synapses are pruned, and as many grow from other sources.
///
///     every `interval`:  of the k synapses onto a neuron are pruned all with w < threshold,
///                        and the weakest as long as fewer than round(fraction · k) are
///     for each of them:  a synapse from a random source that the neuron has none from, with w = w_new
///
/// It goes by the weights that the learning rule beside it made, or by constant ones. A threshold prunes as Deep-R does (Bellec et
/// al. 2018, arXiv:1711.05136), a fraction as sparse evolutionary training (Mocanu et al. 2018, doi:10.1038/s41467-018-04316-3);
/// in spiking networks beside STDP: Spiess, George, Cook & Diehl (2016), doi:10.3389/fncom.2016.00093.
public struct StructuralPlasticity: StructuralRule {
  public static let name = "structural_plasticity"
  public static let summary =
    "Prunes weak synapses on a schedule and grows as many from random sources; combines with every rule of weights."
  public static let equations = """
    every interval, of the k synapses onto a neuron: prune those with w < threshold, and the weakest up to round(fraction*k)
    for each pruned synapse: a new one with w = w_new, from a source drawn among those that the neuron has no synapse from;
    it has the delay of the pruned one, and traces of all earlier spikes of its two neurons
    """
  public static let source =
    "Spiess et al. (2016), doi:10.3389/fncom.2016.00093; Mocanu et al. (2018), doi:10.1038/s41467-018-04316-3"
  public static let parameters: [Parameter<Self>] = [
    Parameter("threshold", \.threshold, .none, "magnitude of w that keeps a synapse, in the unit of the weight", .nonNegative),
    Parameter("fraction", \.fraction, .none, "part of a neuron's synapses that is pruned at least", .fraction),
  ]
  public var threshold = 0.0, fraction = 0.0
  public init() {}
  public func problems() -> [String] {
    threshold == 0 && fraction == 0 ? ["without a threshold or fraction above 0 nothing would ever be pruned"] : []
  }

  public func pruned(_ weights: [Double]) -> Int {
    max(weights.prefix { $0 < threshold }.count, Int((fraction * Double(weights.count)).rounded()))
  }
}
