import Foundation
import SNNDynamics
import SNNSignals

/// `iaf_psc_alpha` from event to event.
///
///     V(t) = V∞ + (V₀ − V∞) e^(−t/τ_m) + Σ_s I_s K_s(t) + J_s L_s(t),  V∞ = E_L + (τ_m/C_m)(I_e + I)
///
/// with K and L of ``CurrentResponse``. The current turns three times at most, when ``AlphaCurrentTurns`` says; between
/// turns the membrane has the shapes of ``MembraneCourse``. As in NEST's `iaf_psc_alpha_ps` the synaptic currents go on
/// while the membrane is held at V_reset. Morrison, Straube, Plesser & Diesmann (2007), doi:10.1162/neco.2007.19.1.47.
extension IafPscAlpha: EventDrivenNeuron {
  public struct EventState: BitwiseCopyable, Sendable {
    /// Membrane potential, mV.
    public var v: Double
    /// Synaptic currents, pA.
    public var iEx, iIn: Double
    /// Their rising parts, pA/ms: I(t) = (I + J t) e^(−t/τ).
    public var jEx, jIn: Double
  }

  public struct EventConstants: BitwiseCopyable, Sendable {
    var tauM, leak: Double
    /// τ_m/C_m in mV/pA, and V∞ without injected current.
    var resistance, vRest: Double
    var vTh, vReset: Double
    /// J per weight: e/τ.
    var kickEx, kickIn: Double
    /// How far the currents are looked at in one piece, ms: they are below 10⁻¹⁵ of their height then.
    var reach: Double
    var excitatory, inhibitory: CurrentResponse
  }

  public static let eventStateVariables = [
    StateVariable<EventState, Double>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<EventState, Double>("I_syn_ex", \.iEx, .pA, "excitatory synaptic current"),
    StateVariable<EventState, Double>("I_syn_in", \.iIn, .pA, "inhibitory synaptic current"),
  ]

  public func initialEventState() -> EventState { EventState(v: eL, iEx: 0, iIn: 0, jEx: 0, jIn: 0) }

  public func eventConstants() -> EventConstants {
    EventConstants(
      tauM: tauM, leak: -1 / tauM, resistance: tauM / cM, vRest: eL + iE * tauM / cM, vTh: vTh, vReset: vReset,
      kickEx: M_E / tauSynEx, kickIn: M_E / tauSynIn, reach: 40 * max(tauSynEx, tauSynIn),
      excitatory: CurrentResponse(tauM: tauM, tauSyn: tauSynEx, cM: cM),
      inhibitory: CurrentResponse(tauM: tauM, tauSyn: tauSynIn, cM: cM))
  }

  public static func flow(_ state: inout EventState, _ c: EventConstants, current: Double, dt: Double, held: Bool) {
    let ex = exp(-dt * c.excitatory.decay)
    let inh = c.inhibitory.decay == c.excitatory.decay ? ex : exp(-dt * c.inhibitory.decay)
    if !held {
      let membrane = exp(dt * c.leak)
      let vFinal = c.vRest + c.resistance * current
      state.v = vFinal + (state.v - vFinal) * membrane + synaptic(state, c, dt, membrane: membrane, ex: ex, inh: inh)
    }
    state.iEx = (state.iEx + state.jEx * dt) * ex
    state.iIn = (state.iIn + state.jIn * dt) * inh
    state.jEx *= ex
    state.jIn *= inh
  }

  /// What the synaptic currents have moved the membrane by, given the three exponentials of `t`.
  @inline(__always)
  static func synaptic(
    _ s: EventState, _ c: EventConstants, _ t: Double, membrane: Double, ex: Double, inh: Double
  ) -> Double {
    let excitatory =
      s.iEx * c.excitatory.k(t, membrane: membrane, synapse: ex)
      + s.jEx * c.excitatory.l(t, membrane: membrane, synapse: ex)
    let inhibitory =
      s.iIn * c.inhibitory.k(t, membrane: membrane, synapse: inh)
      + s.jIn * c.inhibitory.l(t, membrane: membrane, synapse: inh)
    return excitatory + inhibitory
  }

  public static func receive(
    _ state: inout EventState, _ c: EventConstants, weight: Double, receptor: Receptor, held: Bool
  ) {
    switch receptor {
    case .excitatory: state.jEx += c.kickEx * weight
    case .inhibitory: state.jIn += c.kickIn * weight
    }
  }

  public static func isAboveThreshold(_ state: EventState, _ c: EventConstants) -> Bool { state.v >= c.vTh }

  public static func nextCrossing(
    _ state: EventState, _ c: EventConstants, current: Double, horizon: Double
  ) -> Crossing {
    let vFinal = c.vRest + c.resistance * current
    let start = state.v - vFinal
    let threshold = c.vTh - vFinal
    let (iEx, iIn, jEx, jIn) = (max(state.iEx, 0), max(state.iIn, 0), max(state.jEx, 0), max(state.jIn, 0))
    // Each positive term at its highest, though these are reached at different times.
    let highest =
      iEx * c.excitatory.highestK + jEx * c.excitatory.highestL + iIn * c.inhibitory.highestK
      + jIn * c.inhibitory.highestL
    if max(start, 0) + highest < threshold { return .never }
    // (I + J t) e^(−t/τ) ≤ I + J τ/e, or I + J t: V runs after V∞ plus what the positive terms may drive it to.
    let rise = jEx * min(horizon, 1 / c.kickEx) + jIn * min(horizon, 1 / c.kickIn)
    let drive = c.resistance * (iEx + iIn + rise)
    if drive <= threshold { return horizon == .infinity ? .never : .notBefore(horizon) }
    if (drive - start) * horizon < (threshold - start) * c.tauM { return .notBefore(horizon) }
    return Course(state: state, c: c, start: start, finalGap: -threshold).firstCrossing(horizon: horizon)
  }

  public static func fire(_ state: inout EventState, _ c: EventConstants) { state.v = c.vReset }
}

extension IafPscAlpha {
  /// The membrane from one event on.
  struct Course: MembraneCourse {
    var state: EventState
    var c: EventConstants
    /// V₀ − V∞ in mV.
    var start: Double
    var finalGap: Double
    var tauM: Double { c.tauM }

    @inline(__always)
    func gapAndSlope(_ t: Double) -> (gap: Double, slope: Double) {
      let membrane = exp(t * c.leak)
      let ex = exp(-t * c.excitatory.decay)
      let inh = c.inhibitory.decay == c.excitatory.decay ? ex : exp(-t * c.inhibitory.decay)
      let x = start * membrane + IafPscAlpha.synaptic(state, c, t, membrane: membrane, ex: ex, inh: inh)
      let drive = c.resistance * ((state.iEx + state.jEx * t) * ex + (state.iIn + state.jIn * t) * inh)
      return (finalGap + x, (drive - x) / c.tauM)
    }

    func firstCrossing(horizon: Double) -> Crossing {
      let ex = AlphaCurrentTurns.Share(i: state.iEx, j: state.jEx, decay: c.excitatory.decay)
      let inh = AlphaCurrentTurns.Share(i: state.iIn, j: state.jIn, decay: c.inhibitory.decay)
      // Beyond its reach the current is as good as gone, and the next look is answered at once.
      let end = AlphaCurrentTurns.isStraight(ex, inh) ? horizon : min(horizon, c.reach)
      let turns = AlphaCurrentTurns.of(ex, inh, end: end)
      var left = 0.0
      for n in 0...turns.count {
        let right = n < turns.count ? turns.times[n] : end
        let middle = right == .infinity ? left + c.tauM : 0.5 * (left + right)
        let falls = ex.value(middle) + inh.value(middle) <= 0
        let crossing =
          falls
          ? crossingWhileCurrentFalls(from: left, to: right) : crossingWhileCurrentRises(from: left, to: right)
        if let crossing { return .at(crossing) }
        left = right
      }
      return end == .infinity ? .never : .notBefore(end)
    }
  }
}
