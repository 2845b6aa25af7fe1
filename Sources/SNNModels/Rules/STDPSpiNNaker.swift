import Foundation
import SNNDynamics

/// Additive pair-based spike-timing-dependent plasticity in the order of SpiNNaker's software, which looks at a synapse only when
/// its presynaptic neuron spikes. All postsynaptic spikes that have reached the synapse since the last look potentiate, then those
/// until now depress, one at this very moment with its full weight:
///
///     pre spike at t:  w ← min(w_max, w + A₊ Σ_q Σ_x e^(−(q − x)/τ₊))        x < q earlier pre spikes, q post spikes since the last one
///                      w ← max(0, w − A₋ Σ_q e^(−(t − q)/τ₋))                q ≤ t
///
/// It differs from ``STDP`` where two spikes meet: there a pair at one moment changes nothing. The weights are those of the
/// recordings of Casanueva-Morato et al. (2024), arXiv:2310.05868.
public struct STDPSpiNNaker: LearningRule {
  public static let name = "stdp_spinnaker"
  public static let summary = "Additive pair-based plasticity in the order of SpiNNaker's software: coincident spikes depress."
  public static let equations = """
    pre spike at t:  w = min(w_max, w + A_plus*sum of exp(-(q - x)/tau_plus) over post spikes q since the last one, pre spikes x < q)
                     w = max(0, w - A_minus*sum of exp(-(t - q)/tau_minus) over post spikes q <= t)
    """
  public static let pairing = """
    Window: exp(-dt/tau_plus) for dt > 0, exp(dt/tau_minus) for dt <= 0, all pairs.
    dt = 0: the post spike comes first and the pair depresses fully.
    """
  public static let source = "Casanueva-Morato et al. (2024), arXiv:2310.05868"
  public static let parameters: [Parameter<Self>] = [
    Parameter("tau_plus", \.tauPlus, .ms, "decay of the presynaptic trace", .positive),
    Parameter("tau_minus", \.tauMinus, .ms, "decay of the postsynaptic trace", .positive),
    Parameter("A_plus", \.aPlus, .none, "potentiation of a pair, in the unit of the weight", .nonNegative),
    Parameter("A_minus", \.aMinus, .none, "depression of a pair, in the unit of the weight", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var tauPlus = 20.0, tauMinus = 20.0, aPlus = 0.01, aMinus = 0.012, wMax = 1.0
  public init() {}

  public struct Synapse: PlasticSynapse {
    public var weight: Double
    /// The postsynaptic trace with the spikes of this moment.
    @usableFromInline var y = 0.0
    public init(weight: Double) { self.weight = weight }
  }
  public var presynapticTraces: Traces { .one(tauPlus) }
  @inlinable public static var evolves: Bool { true }

  @inlinable public func evolve(_ s: inout Synapse, _ dt: Double, modulator: Double) { s.y *= exp(-dt / tauMinus) }
  @inlinable public func postsynapticSpike(_ s: inout Synapse, _ k: TraceValues) {
    s.weight = min(wMax, s.weight + aPlus * k.pre.x)
    s.y += 1
  }
  @inlinable public func presynapticSpike(_ s: inout Synapse, _ k: TraceValues) {
    s.weight = max(0, s.weight - aMinus * s.y)
  }
}
