import Foundation
import SNNDynamics

/// Soft Hebbian learning for winner-take-all circuits: spikes of competing neurons as samples of a hidden cause, whose weights
/// become the logarithms of conditional probabilities.
///
///     post spike:  w ← w + η (c e^(−w) x − 1)      x = 1 where the presynaptic neuron has spiked within the last σ, else 0
///
/// within [0, w_max]. At equilibrium w = ln(c P(x = 1 | post spike)), so c > 1 makes weights positive. The competition itself is the
/// network's: inhibition among the target neurons. Nessler, Pfeiffer, Buesing & Maass (2013), doi:10.1371/journal.pcbi.1003037.
public struct SoftHebbian: LearningRule {
  public static let name = "soft_hebbian"
  public static let summary = "Soft Hebbian winner-take-all learning: weights become log-probabilities."
  public static let equations = """
    post spike: w += eta*(c*exp(-w)*x - 1), x = 1 where a pre spike came within the last sigma, else 0;  0 <= w <= w_max
    """
  public static let pairing = """
    Window: 1 for 0 < dt <= sigma, 0 before it; every other postsynaptic spike depresses by eta.
    dt = 0: the post spike comes first and does not see this pre spike.
    """
  public static let source = "Nessler et al. (2013), doi:10.1371/journal.pcbi.1003037"
  public static let parameters: [Parameter<Self>] = [
    Parameter("sigma", \.sigma, .ms, "how long a presynaptic spike counts", .positive),
    Parameter("eta", \.eta, .none, "size of a change", .nonNegative),
    Parameter("c", \.c, .none, "factor on probabilities, above 1", .positive),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var sigma = 10.0, eta = 0.01, c = 5.0, wMax = 10.0
  public init() {}

  /// e^(−dt/σ) of the latest spike, which is at least 1/e within σ.
  public var presynapticTraces: Traces { .one(sigma, isNearest: true) }

  @inlinable public func postsynapticSpike(_ s: inout PlasticWeight, _ t: TraceValues) {
    // A margin for the rounding of the exponential where dt = σ.
    let hasSpiked = t.pre.x > 0.36787944117144233 * (1 - 1e-12)
    s.weight = min(wMax, max(0, s.weight + eta * ((hasSpiked ? c * exp(-s.weight) : 0) - 1)))
  }
}
