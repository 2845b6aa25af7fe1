import SNNDynamics
import SNNSignals

/// Izhikevich's simple neuron: a quadratic membrane and one recovery variable.
///
///     dV_m/dt = 0.04 V_m² + 5 V_m + 140 − U_m + I_e + I,     V_m ← V_m + w at each input spike
///     dU_m/dt = a (b V_m − U_m)
///     V_m ≥ V_th  ⇒  spike; V_m ← c, U_m ← U_m + d
///
/// Izhikevich (2003), doi:10.1109/TNN.2003.820440. Dimensionless in the paper; here V_m and U_m count as mV, currents as pA.
/// Forward Euler with the resolution of the run, both variables from their old values: NEST's `izhikevich` with
/// `consistent_integration` true. The paper's two half-steps of 1 ms and NEST's lower bound `V_min` are left out. Results depend
/// on the resolution, in NEST as here.
public struct Izhikevich: ClockedNeuron {
  public static let name = "izhikevich"
  public static let summary = "Izhikevich's simple model: quadratic membrane with a recovery variable, no refractory period."
  public static let equations = """
    dV_m/dt = 0.04 V_m^2 + 5 V_m + 140 - U_m + I_e + I;  V_m += weight at each input spike
    dU_m/dt = a (b V_m - U_m)
    V_m >= V_th: spike, V_m = c, U_m += d   (forward Euler at the resolution)
    """
  public static let source = "Izhikevich (2003), doi:10.1109/TNN.2003.820440; NEST izhikevich"
  public static let weightKind = WeightKind.potential

  public var vTh = 30.0
  public var a = 0.02
  public var b = 0.2
  public var c = -65.0
  public var d = 8.0
  public var iE = 0.0

  public init() {}

  public static let parameters: [Parameter<Self>] = [
    Parameter("V_th", \.vTh, .mV, "spike cut-off"),
    Parameter("a", \.a, .none, "rate of the recovery variable, 1/ms"),
    Parameter("b", \.b, .none, "sensitivity of the recovery variable to V_m"),
    Parameter("c", \.c, .mV, "reset potential"),
    Parameter("d", \.d, .mV, "step of the recovery variable at a spike"),
    Parameter("I_e", \.iE, .pA, "constant input current"),
  ]
  public static let stateVariables = [
    StateVariable<State, Lanes>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<State, Lanes>("U_m", \.u, .mV, "recovery variable"),
  ]

  public struct State: BitwiseCopyable, Sendable {
    public var v, u: Lanes
  }
  public struct Propagator: BitwiseCopyable, Sendable {
    /// Length of the step, and a times it.
    public var h, ha: Lanes
    public var b, c, d, iE, vTh: Lanes
  }

  public var refractoryPeriod: Double { 0 }
  public func problems() -> [String] {
    c < vTh ? [] : ["c (\(c) mV), the reset potential, must be below V_th (\(vTh) mV)"]
  }

  /// V_m = −65 and U_m = −13 whatever the parameters, as NEST's.
  public func initialState() -> State { State(v: Lanes(repeating: -65), u: Lanes(repeating: -13)) }

  public func propagator(step h: Double) -> Propagator {
    Propagator(
      h: Lanes(repeating: h), ha: Lanes(repeating: h * a), b: Lanes(repeating: b), c: Lanes(repeating: c),
      d: Lanes(repeating: d), iE: Lanes(repeating: iE), vTh: Lanes(repeating: vTh))
  }

  @inlinable @inline(__always)
  public static func step(_ s: inout State, _ p: Propagator, _ input: StepInput) -> LaneMask {
    let v = s.v
    let drift = 0.04 * v * v + 5.0 * v + 140.0 - s.u + input.current + p.iE
    s.v = v + (p.h * drift + input.excitatory)
    s.u = s.u + p.ha * (p.b * v - s.u)
    let fired = s.v .>= p.vTh
    s.v.replace(with: p.c, where: fired)
    s.u.replace(with: s.u + p.d, where: fired)
    return fired
  }
}
