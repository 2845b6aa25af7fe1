import Foundation
import SNNDynamics
import SNNSignals

/// `iaf_psc_exp` from event to event.
///
///     V(t) = V∞ + (V₀ − V∞) e^(−t/τ_m) + I_ex K_ex(t) + I_in K_in(t),  V∞ = E_L + (τ_m/C_m)(I_e + I)
///
/// with K of ``CurrentResponse``. I′ is a sum of two exponentials and changes sign once at most, at a known time, which
/// splits the future into one or two stretches with the shapes of ``MembraneCourse``. As in NEST's `iaf_psc_exp_ps` the
/// synaptic currents go on while the membrane is held at V_reset. Hanuschkin et al. (2010), doi:10.3389/fninf.2010.00113;
/// the lossless search for crossings answers Krishnan, Porta Mana, Helias, Diesmann & Di Napoli (2018),
/// doi:10.3389/fninf.2017.00075.
extension IafPscExp: EventDrivenNeuron {
  public struct EventState: BitwiseCopyable, Sendable {
    /// Membrane potential, mV.
    public var v: Double
    /// Synaptic currents, pA.
    public var iEx, iIn: Double
  }

  public struct EventConstants: BitwiseCopyable, Sendable {
    var tauM, leak: Double
    /// τ_m/C_m in mV/pA, and V∞ without injected current.
    var resistance, vRest: Double
    var vTh, vReset: Double
    var excitatory, inhibitory: CurrentResponse
  }

  public static let eventStateVariables = [
    StateVariable<EventState, Double>("V_m", \.v, .mV, "membrane potential"),
    StateVariable<EventState, Double>("I_syn_ex", \.iEx, .pA, "excitatory synaptic current"),
    StateVariable<EventState, Double>("I_syn_in", \.iIn, .pA, "inhibitory synaptic current"),
  ]

  public func initialEventState() -> EventState { EventState(v: eL, iEx: 0, iIn: 0) }

  public func eventConstants() -> EventConstants {
    EventConstants(
      tauM: tauM, leak: -1 / tauM, resistance: tauM / cM, vRest: eL + iE * tauM / cM, vTh: vTh, vReset: vReset,
      excitatory: CurrentResponse(tauM: tauM, tauSyn: tauSynEx, cM: cM),
      inhibitory: CurrentResponse(tauM: tauM, tauSyn: tauSynIn, cM: cM))
  }

  public static func flow(_ state: inout EventState, _ c: EventConstants, current: Double, dt: Double, held: Bool) {
    let ex = exp(-dt * c.excitatory.decay)
    let inh = c.inhibitory.decay == c.excitatory.decay ? ex : exp(-dt * c.inhibitory.decay)
    if !held {
      let membrane = exp(dt * c.leak)
      let vFinal = c.vRest + c.resistance * current
      state.v =
        vFinal + (state.v - vFinal) * membrane
        + state.iEx * c.excitatory.k(dt, membrane: membrane, synapse: ex)
        + state.iIn * c.inhibitory.k(dt, membrane: membrane, synapse: inh)
    }
    state.iEx *= ex
    state.iIn *= inh
  }

  public static func receive(
    _ state: inout EventState, _ c: EventConstants, weight: Double, receptor: Receptor, held: Bool
  ) {
    switch receptor {
    case .excitatory: state.iEx += weight
    case .inhibitory: state.iIn += weight
    }
  }

  public static func isAboveThreshold(_ state: EventState, _ c: EventConstants) -> Bool { state.v >= c.vTh }

  public static func nextCrossing(
    _ state: EventState, _ c: EventConstants, current: Double, horizon: Double
  ) -> Crossing {
    let vFinal = c.vRest + c.resistance * current
    let start = state.v - vFinal
    let threshold = c.vTh - vFinal
    let iEx = max(state.iEx, 0)
    let iIn = max(state.iIn, 0)
    // Each positive term at its highest, though these are reached at different times.
    if max(start, 0) + iEx * c.excitatory.highestK + iIn * c.inhibitory.highestK < threshold { return .never }
    // V runs after V∞ + (τ_m/C_m) (I_ex + I_in), which only falls if the positive currents count alone.
    let drive = c.resistance * (iEx + iIn)
    if drive <= threshold { return .never }
    let slope = drive - start
    if slope * horizon < (threshold - start) * c.tauM { return .notBefore(horizon) }
    return Course(state: state, c: c, start: start, finalGap: -threshold).firstCrossing(horizon: horizon)
  }

  public static func fire(_ state: inout EventState, _ c: EventConstants) { state.v = c.vReset }
}

extension IafPscExp {
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
      let x =
        start * membrane + state.iEx * c.excitatory.k(t, membrane: membrane, synapse: ex)
        + state.iIn * c.inhibitory.k(t, membrane: membrane, synapse: inh)
      let drive = c.resistance * (state.iEx * ex + state.iIn * inh)
      return (finalGap + x, (drive - x) / c.tauM)
    }

    /// When I′ = −(I_ex/τ_ex) e^(−t/τ_ex) − (I_in/τ_in) e^(−t/τ_in) changes sign, or infinity.
    var turn: Double {
      let ex = state.iEx * c.excitatory.decay
      let inh = state.iIn * c.inhibitory.decay
      let rate = c.excitatory.decay - c.inhibitory.decay
      guard ex * inh < 0, rate != 0 else { return .infinity }
      let t = log(-ex / inh) / rate
      return t > 0 ? t : .infinity
    }

    func firstCrossing(horizon: Double) -> Crossing {
      let turn = self.turn
      let change = -(state.iEx * c.excitatory.decay + state.iIn * c.inhibitory.decay)
      // At a turn right now the slower current decides; with one time constant the currents are one.
      let falls = change != 0 ? change < 0 : (c.excitatory.decay < c.inhibitory.decay ? state.iEx : state.iIn) >= 0
      if let t = crossing(currentFalls: falls, from: 0, to: min(turn, horizon)) { return .at(t) }
      if horizon <= turn { return horizon == .infinity ? .never : .notBefore(horizon) }
      if let t = crossing(currentFalls: !falls, from: turn, to: horizon) { return .at(t) }
      return horizon == .infinity ? .never : .notBefore(horizon)
    }

    private func crossing(currentFalls: Bool, from start: Double, to end: Double) -> Double? {
      currentFalls
        ? crossingWhileCurrentFalls(from: start, to: end) : crossingWhileCurrentRises(from: start, to: end)
    }
  }
}
