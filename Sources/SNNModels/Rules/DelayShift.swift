import Foundation
import SNNDynamics

/// Delay shift: arrivals of a pattern are moved towards one another, each early one delayed and each late one sped up.
///
///     s = t_post − t_arrival         D = η (s − s₀) exp(−|s − s₀| / σ)         for |s| ≤ W
///     when the window closes:        d ← d + D − ⟨D⟩
///
/// The mean ⟨D⟩ over the synapses that took part is removed (`common_mode`), because nothing else holds the offset that all
/// delays share: with it they drift to a bound. Our form of the shift rule of Eurich, Pawelzik, Ernst, Cowan & Milton (1999),
/// doi:10.1103/PhysRevLett.82.1594.
public struct DelayShift: DelayRule {
  public static let name = "delay_shift"
  public static let summary = "Moves delays so that spikes which made a neuron fire arrive together."
  public static let equations = """
    s = t_post - t_arrival;  D = eta*(s - s_0)*exp(-|s - s_0|/sigma) for |s| <= W
    W after the post spike, or at the next one: delay += D - mean(D) (common_mode keep: delay += D)
    delay_min <= delay <= delay_max; a changed delay holds for spikes sent afterwards
    """
  public static let pairing = """
    Each post spike with the latest arrival of every synapse, each arrival with the latest post spike; one synapse may do both.
    The mean is that over all synapses of the projection onto the neuron (of one receptor) that met the post spike.
    s = 0: the arrival comes first, as the cause.
    """
  public static let source = "Eurich et al. (1999), doi:10.1103/PhysRevLett.82.1594 (family; this form is ours)"
  public static let choices = [
    ParameterChoice<Self>("common_mode", \.keepsMean, ["remove", "keep"], "what happens to the mean of the changes")
  ]
  public static let parameters: [Parameter<Self>] = [
    Parameter("eta", \.eta, .none, "part of the distance that a delay moves", .nonNegative),
    Parameter("sigma", \.sigma, .ms, "decay of the change with distance", .positive),
    Parameter("s_0", \.s0, .ms, "how long before the post spike arrivals are to come"),
    Parameter("W", \.w, .ms, "half width of the window around a post spike", .positive),
  ]
  public var eta = 0.3, sigma = 4.0, s0 = 1.0, w = 30.0
  public var keepsMean = 0
  public init() {}

  public var window: Double? { w }

  @inlinable public func pair(_ s: inout DelaySynapse, lag: Double) {
    s.propose(eta * (lag - s0) * exp(-abs(lag - s0) / sigma))
  }
  @inlinable public func settle(_ s: inout DelaySynapse, mean: Double) {
    s.delay += keepsMean == 1 ? s.proposal : s.proposal - mean
  }
}
