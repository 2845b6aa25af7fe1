import Foundation
import SNNDynamics
import SNNSignals

/// `iaf_psc_delta` from event to event.
///
///     V(t) = V∞ + (V₀ − V∞) e^(−t/τ_m),  V∞ = E_L + (τ_m/C_m)(I_e + I)
///
/// V is monotone, so it crosses V_th > V₀ if and only if V∞ > V_th, at t = τ_m ln(1 + (V_th − V₀)/(V∞ − V_th)).
/// As in NEST's `iaf_psc_delta_ps` a spike that arrives while the neuron is refractory is lost. Hanuschkin et al. (2010),
/// doi:10.3389/fninf.2010.00113.
extension IafPscDelta: EventDrivenNeuron {
  public struct EventState: BitwiseCopyable, Sendable {
    /// Membrane potential, mV.
    public var v: Double
  }

  public struct EventConstants: BitwiseCopyable, Sendable {
    /// τ_m in ms and −1/τ_m.
    var tauM, leak: Double
    /// τ_m/C_m in mV/pA, and V∞ without injected current.
    var resistance, vRest: Double
    var vTh, vReset: Double
  }

  public static let eventStateVariables = [
    StateVariable<EventState, Double>("V_m", \.v, .mV, "membrane potential")
  ]

  public func initialEventState() -> EventState { EventState(v: eL) }

  public func eventConstants() -> EventConstants {
    EventConstants(
      tauM: tauM, leak: -1 / tauM, resistance: tauM / cM, vRest: eL + iE * tauM / cM, vTh: vTh, vReset: vReset)
  }

  public static func flow(_ state: inout EventState, _ c: EventConstants, current: Double, dt: Double, held: Bool) {
    if held { return }
    let vFinal = c.vRest + c.resistance * current
    state.v = vFinal + (state.v - vFinal) * exp(dt * c.leak)
  }

  public static func receive(
    _ state: inout EventState, _ c: EventConstants, weight: Double, receptor: Receptor, held: Bool
  ) {
    if !held { state.v += weight }
  }

  public static func isAboveThreshold(_ state: EventState, _ c: EventConstants) -> Bool { state.v >= c.vTh }

  public static func nextCrossing(
    _ state: EventState, _ c: EventConstants, current: Double, horizon: Double
  ) -> Crossing {
    let drive = c.vRest + c.resistance * current - c.vTh
    guard drive > 0 else { return .never }
    let gap = c.vTh - state.v
    // V′ ≤ (V∞ − V₀)/τ_m from now on, so V cannot cover the gap sooner than this.
    if gap * c.tauM > (drive + gap) * horizon { return .notBefore(horizon) }
    return .at(c.tauM * log1p(gap / drive))
  }

  public static func fire(_ state: inout EventState, _ c: EventConstants) { state.v = c.vReset }
}
