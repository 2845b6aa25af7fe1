import Foundation
import SNNDynamics

/// Leaky integrate-and-fire neuron with exponential conductances and a threshold that rises with each spike: ``IafCondExp`` with
///
///     V_m ≥ V_th + θ  ⇒  spike; V_m ← V_reset, held for t_ref; θ ← θ + θ_plus         dθ/dt = −θ/τ_θ
///
/// The excitatory cells of Diehl & Cook (2015), doi:10.3389/fncom.2015.00099, whose conductances are relative to the leak: with
/// g_L = 1 nS they are in nS here, and C_m in pF is the membrane's time constant in ms. Their threshold −52 mV − 20 mV + θ with θ = 20 mV
/// at t = 0 is the default.
public struct DiehlCook2015: ClockedNeuron {
  public static let name = "diehl_cook_2015"
  public static let summary = "Conductance-based leaky integrate-and-fire neuron with an adaptive threshold."
  public static let equations =
    IafCondExp.equations.replacingOccurrences(of: "V_m >= V_th: spike", with: "V_m >= V_th + theta: spike, theta += theta_plus")
      + """

      dtheta/dt = -theta/tau_theta
      """
  public static let source = "Diehl & Cook (2015), doi:10.3389/fncom.2015.00099"
  public static let weightKind = WeightKind.conductance

  public var membrane = IafCondExp()
  public var thetaPlus = 0.05, tauTheta = 1e7

  public init() {
    membrane.gL = 1
    membrane.cM = 100
    membrane.eL = -65
    membrane.vReset = -65
    membrane.vTh = -72
    membrane.tRef = 5
    membrane.eEx = 0
    membrane.eIn = -100
    membrane.tauSynEx = 1
    membrane.tauSynIn = 2
  }

  public static let parameters: [Parameter<Self>] = [
    Parameter("V_th", \.membrane.vTh, .mV, "spike threshold without theta"),
    Parameter("V_reset", \.membrane.vReset, .mV, "reset potential"),
    Parameter("t_ref", \.membrane.tRef, .ms, "absolute refractory period", .nonNegative),
    Parameter("g_L", \.membrane.gL, .nS, "leak conductance", .nonNegative),
    Parameter("C_m", \.membrane.cM, .pF, "membrane capacitance", .positive),
    Parameter("E_ex", \.membrane.eEx, .mV, "excitatory reversal potential"),
    Parameter("E_in", \.membrane.eIn, .mV, "inhibitory reversal potential"),
    Parameter("E_L", \.membrane.eL, .mV, "leak reversal potential"),
    Parameter("tau_syn_ex", \.membrane.tauSynEx, .ms, "decay time of the excitatory conductance", .positive),
    Parameter("tau_syn_in", \.membrane.tauSynIn, .ms, "decay time of the inhibitory conductance", .positive),
    Parameter("I_e", \.membrane.iE, .pA, "constant input current"),
    Parameter("theta_plus", \.thetaPlus, .mV, "rise of the threshold at a spike", .nonNegative),
    Parameter("tau_theta", \.tauTheta, .ms, "decay time of the threshold", .positive),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.membrane.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("g_ex", \.membrane.gEx, .nS, "excitatory conductance"),
    StateVariable<State, Lanes>("g_in", \.membrane.gIn, .nS, "inhibitory conductance"),
    StateVariable<State, Lanes>("theta", \.theta, .mV, "rise of the threshold"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var membrane: IafCondExp.State
    public var theta: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    public var membrane: IafCondExp.Propagator
    public var decay, plus: Lanes
  }

  public var refractoryPeriod: Double { membrane.tRef }

  public func initialState() -> State { State(membrane: membrane.initialState(), theta: Lanes(repeating: 20)) }

  public func propagator(step h: Double) -> Propagator {
    Propagator(
      membrane: membrane.propagator(step: h), decay: Lanes(repeating: exp(-h / tauTheta)), plus: Lanes(repeating: thetaPlus))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    var membrane = p.membrane
    membrane.vTh = p.membrane.vTh + s.theta
    let fired = IafCondExp.step(&s.membrane, membrane, input)
    s.theta = p.decay * s.theta
    s.theta.replace(with: s.theta + p.plus, where: fired)
    return fired
  }
}
