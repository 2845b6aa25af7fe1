import Foundation
import SNNDynamics

/// Voltage-based plasticity: a presynaptic spike depresses where the target was depolarised before it, and a strongly depolarised
/// target potentiates what has lately been active.
///
///     pre spike:    w ← w − A_LTD (ū₋ − θ₋)₊ [ū̄² / u_ref²]              dx̄/dt = −x̄/τ_x,  x̄ ← x̄ + 1/τ_x at a pre spike
///     every step h: w ← w + A_LTP h x̄ (u − θ₊)₊ (ū₊ − θ₋)₊               w_min ≤ w ≤ w_max
///     ū₊, ū₋: low-pass filters (τ₊, τ₋) of u = V_m, seen `delay_u_bars` later, after the spike itself; ū̄: of ū₋ (τ̄)
///
/// The potential is read at the end of each step of the grid, on both engines; everything else is at its own moment. Between two
/// looks a filter sees the later of them. A model that has u_bar_plus, u_bar_minus and u_bar_bar (`aeif_psc_delta_clopath`) is
/// taken at its word: the time constants of the rule then mean nothing.
///
/// Clopath, Büsing, Vasilaki & Gerstner (2010), doi:10.1038/nn.2479; NEST's clopath_synapse, whose parameters stand on the
/// neuron but for τ_x and the bounds. In the first `delay_u_bars` NEST takes ū₊ and ū₋ for 0 mV; here they are what the first step
/// shows.
public struct Clopath: LearningRule {
  public static let name = "clopath"
  public static let summary = "Voltage-based plasticity of synapses onto neurons with a membrane potential."
  public static let equations = """
    pre spike: w -= A_LTD*max(0, u_minus - theta_minus), times u_bar_bar^2/u_ref_squared if homeostatic
    every step of h ms: w += A_LTP*h*x_bar*max(0, V_m - theta_plus)*max(0, u_plus - theta_minus);  w_min <= w <= w_max
    dx_bar/dt = -x_bar/tau_x, x_bar += 1/tau_x at a pre spike
    u_plus, u_minus: V_m filtered with tau_plus, tau_minus, delay_u_bars ago; u_bar_bar: u_minus filtered with tau_bar_bar
    """
  public static let pairing = """
    No pairs of spikes: the potential V_m of the target counts, the dendritic delay later.
    dt = 0: a step that ends when a pre spike arrives comes first, with an x_bar that lacks the spike (as in NEST).
    """
  public static let source = "Clopath et al. (2010), doi:10.1038/nn.2479; NEST clopath_synapse"
  public static let choices = [
    ParameterChoice<Self>("depression", \.depression, ["constant", "homeostatic"], "whether it grows with u_bar_bar^2")
  ]
  public static let parameters: [Parameter<Self>] = [
    Parameter("A_LTD", \.aLTD, .none, "depression, weight per mV", .nonNegative),
    Parameter("A_LTP", \.aLTP, .none, "potentiation, weight per mV^2", .nonNegative),
    Parameter("theta_plus", \.thetaPlus, .mV, "least potential that potentiates"),
    Parameter("theta_minus", \.thetaMinus, .mV, "least filtered potential"),
    Parameter("tau_x", \.tauX, .ms, "decay of x_bar", .positive),
    Parameter("tau_plus", \.tauPlus, .ms, "filter of u_plus", .positive),
    Parameter("tau_minus", \.tauMinus, .ms, "filter of u_minus", .positive),
    Parameter("tau_bar_bar", \.tauBarBar, .ms, "filter of u_bar_bar", .positive),
    Parameter("u_ref_squared", \.uRefSquared, .none, "reference of homeostatic depression, mV^2", .positive),
    Parameter("delay_u_bars", \.delay, .ms, "age of u_plus and u_minus", .nonNegative),
    Parameter("w_min", \.wMin, .none, "lower bound, in the unit of the weight", .nonNegative),
    Parameter("w_max", \.wMax, .none, "upper bound, in the unit of the weight", .positive),
  ]
  public var aLTD = 14e-5, aLTP = 8e-5, thetaPlus = -45.3, thetaMinus = -70.6, tauX = 15.0, tauPlus = 7.0, tauMinus = 10.0
  public var tauBarBar = 500.0, uRefSquared = 60.0, delay = 5.0, wMin = 0.0, wMax = 100.0, depression = 0
  public init() {}
  public func problems() -> [String] { wMin > wMax ? ["w_min (\(wMin)) must not be above w_max (\(wMax))"] : [] }

  public var presynapticTraces: Traces { .one(tauX) }
  @inlinable public static var observes: Bool { true }
  public static let observables = ["V_m", "u_bar_plus", "u_bar_minus", "u_bar_bar"]
  public var observationDelay: Double { delay }

  @inlinable public func observe(
    _ filtered: inout SIMD4<Double>, _ now: SIMD4<Double>, _ earlier: SIMD4<Double>, _ h: Double
  ) -> Observation {
    var bars = SIMD4(0, earlier.y, earlier.z, now.w)
    if now.y.isNaN {
      filtered.y += (earlier.x - filtered.y) * -expm1(-h / tauPlus)
      filtered.z += (earlier.x - filtered.z) * -expm1(-h / tauMinus)
      filtered.w += (filtered.z - filtered.w) * -expm1(-h / tauBarBar)
      bars = filtered
    }
    let share = depression == 0 ? 1 : bars.w * bars.w / uRefSquared
    return Observation(
      event: aLTP * h * max(0, now.x - thetaPlus) * max(0, bars.y - thetaMinus),
      level: aLTD * max(0, bars.z - thetaMinus) * share)
  }
  @inlinable public func postsynapticSpike(_ s: inout PlasticWeight, _ t: TraceValues) {
    s.weight = min(wMax, s.weight + t.post.x * t.pre.x / tauX)
  }
  @inlinable public func presynapticSpike(_ s: inout PlasticWeight, _ t: TraceValues) {
    s.weight = max(wMin, s.weight - t.post.x)
  }
}
