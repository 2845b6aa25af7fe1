import Foundation
import SNNDynamics

/// Delay selection: of many delay lines between two neurons, those whose spikes arrive together with postsynaptic spikes gain
/// weight and the others lose it. Delays stay as they are.
///
///     at a post spike:   w ← w + η (e^(−w) / p₀ − 1)   if a spike arrived within the last W        w ← w − η   otherwise
///                        within 0 ≤ w ≤ w_max
///
/// In the mean w comes to ln(P / p₀), with P the probability that the line delivers a spike at a postsynaptic one: the logarithm of
/// the odds against chance p₀, of which a sum over lines tells how well a motif fits. Selection among delay lines is the second
/// family of Eurich, Cowan & Milton (ICANN 1997); the form of the change that of Nessler, Pfeiffer, Buesing &
/// Maass (2013), doi:10.1371/journal.pcbi.1003037.
public struct DelaySelection: DelayRule {
  public static let name = "delay_selection"
  public static let summary = "Strengthens the delay lines whose spikes arrive with postsynaptic ones, and weakens the others."
  public static let equations = """
    at a post spike: w += eta*(exp(-w)/p_0 - 1) if a spike arrived within the last W, else w -= eta;  0 <= w <= w_max
    mean of w in the end: ln(P/p_0), P the probability of an arrival at a post spike
    """
  public static let pairing = """
    Each post spike with the latest arrival of every synapse that has had one; nothing happens at an arrival.
    dt = 0: the arrival comes first, and counts as together.
    """
  public static let source = "Eurich, Cowan & Milton (ICANN 1997); Nessler et al. (2013), doi:10.1371/journal.pcbi.1003037"
  public static let parameters: [Parameter<Self>] = [
    Parameter("eta", \.eta, .none, "size of a change, in the unit of the weight", .nonNegative),
    Parameter("p_0", \.p0, .none, "probability of an arrival by chance", .range(1e-9...1)),
    Parameter("W", \.w, .ms, "an arrival so long before the post spike is together with it", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var eta = 0.01, p0 = 0.1, w = 0.5, wMax = 10.0
  public init() {}

  @inlinable public func pair(_ s: inout DelaySynapse, lag: Double) {
    guard lag >= 0 else { return }
    let change = lag <= w ? exp(-s.weight) / p0 - 1 : -1
    s.weight = min(wMax, max(0, s.weight + eta * change))
  }
}
