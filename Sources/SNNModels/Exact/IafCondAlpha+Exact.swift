import Foundation
import SNNDynamics
import SNNSignals

/// `iaf_cond_alpha` from event to event: conductances in closed form, the membrane by ``MembraneSeries``, in pieces.
///
/// The conductances go on while the membrane is held at V_reset, as in the grid form and in NEST, which has no precise
/// form of this model.
extension IafCondAlpha: EventDrivenNeuron {
  public struct EventState: BitwiseCopyable, Sendable {
    /// Membrane potential, mV.
    public var v: Double
    /// Synaptic conductances, nS.
    public var gEx, gIn: Double
    /// Their rising parts, nS/ms: g(t) = (g + d t) e^(−t/τ).
    public var dEx, dIn: Double
  }

  public typealias EventConstants = ConductanceConstants

  public static let eventStateVariables = [
    StateVariable<EventState, Double>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<EventState, Double>("g_ex", \.gEx, .nS, "excitatory conductance"),
    StateVariable<EventState, Double>("g_in", \.gIn, .nS, "inhibitory conductance"),
  ]

  public func initialEventState() -> EventState { EventState(v: eL, gEx: 0, gIn: 0, dEx: 0, dIn: 0) }

  public func eventConstants() -> EventConstants {
    ConductanceConstants(
      gL: gL, cM: cM, eL: eL, iE: iE, vTh: vTh, vReset: vReset, eEx: eEx, eIn: eIn, tauSynEx: tauSynEx, tauSynIn: tauSynIn)
  }

  public static func flow(_ state: inout EventState, _ c: EventConstants, current: Double, dt: Double, held: Bool) {
    if !held { state.v = c.vTh + course(state, c, current).gap(after: dt) }
    let ex = exp(-dt * c.decayEx)
    let inh = exp(-dt * c.decayIn)
    state.gEx = (state.gEx + state.dEx * dt) * ex
    state.gIn = (state.gIn + state.dIn * dt) * inh
    state.dEx *= ex
    state.dIn *= inh
  }

  private static func course(_ s: EventState, _ c: EventConstants, _ current: Double) -> ConductanceCourse {
    ConductanceCourse(v: s.v, c, current: current, gEx: s.gEx, dEx: s.dEx, gIn: s.gIn, dIn: s.dIn)
  }

  public static func receive(
    _ state: inout EventState, _ c: EventConstants, weight: Double, receptor: Receptor, held: Bool
  ) {
    switch receptor {
    case .excitatory: state.dEx += M_E * c.decayEx * abs(weight)
    case .inhibitory: state.dIn += M_E * c.decayIn * abs(weight)
    }
  }

  public static func isAboveThreshold(_ state: EventState, _ c: EventConstants) -> Bool { state.v >= c.vTh }

  public static func nextCrossing(
    _ state: EventState, _ c: EventConstants, current: Double, horizon: Double
  ) -> Crossing {
    course(state, c, current).nextCrossing(c, horizon: horizon)
  }

  public static func fire(_ state: inout EventState, _ c: EventConstants) { state.v = c.vReset }
}
