import Foundation
import SNNDynamics

/// STDP-shaped delay rule: arrivals that helped a spike come sooner the next time, those that came too late come later still.
///
///     s = t_post − t_arrival         s ≥ 0:  d ← d − B₋ exp(−s / σ₋)         s < 0:  d ← d + B₊ exp(s / σ₊)
///
/// It shortens the latency of a reply rather than align inputs. Nadafian & Ganjtabesh (2020), arXiv:2011.09380; parameters as
/// in third parties' implementations. `guard` stops all changes at a neuron one of whose synapses has become faster than that.
public struct DelaySTDP: DelayRule {
  public static let name = "delay_stdp"
  public static let summary = "Speeds up the synapses that made a neuron fire and slows down those that came too late."
  public static let equations = """
    s = t_post - t_arrival;  s >= 0: delay -= B_minus*exp(-s/sigma_minus);  s < 0: delay += B_plus*exp(s/sigma_plus)
    no change while one of the synapses onto the neuron has a delay below guard (0: no guard)
    delay_min <= delay <= delay_max; a changed delay holds for spikes sent afterwards
    """
  public static let pairing = """
    Each post spike with the latest arrival of every synapse, each arrival with the latest post spike.
    s = 0: the arrival comes first, as the cause, and the delay shrinks.
    """
  public static let source = "Nadafian & Ganjtabesh (2020), arXiv:2011.09380"
  public static let parameters: [Parameter<Self>] = [
    Parameter("B_plus", \.bPlus, .ms, "growth of the delay of a late arrival", .nonNegative),
    Parameter("B_minus", \.bMinus, .ms, "shrinkage of the delay of an early arrival", .nonNegative),
    Parameter("sigma_plus", \.sigmaPlus, .ms, "decay of growth with distance", .positive),
    Parameter("sigma_minus", \.sigmaMinus, .ms, "decay of shrinkage with distance", .positive),
    Parameter("guard", \.guardDelay, .ms, "delay below which a neuron's synapses stop changing; 0 for none", .nonNegative),
  ]
  public var bPlus = 0.1, bMinus = 0.1, sigmaPlus = 10.0, sigmaMinus = 10.0, guardDelay = 0.0
  public init() {}

  public func problems() -> [String] {
    guardDelay > 0 && guardDelay <= bMinus ? ["guard (\(guardDelay) ms) must be above B_minus (\(bMinus) ms), or 0 for none"] : []
  }

  @inlinable public func pair(_ s: inout DelaySynapse, lag: Double) {
    s.delay += lag >= 0 ? -bMinus * exp(-lag / sigmaMinus) : bPlus * exp(lag / sigmaPlus)
  }
}
