import Foundation
import SNNDynamics

/// Constants of one conductance-based neuron of the exact engine.
public struct ConductanceConstants: BitwiseCopyable, Sendable {
  /// g_L/C_m in 1/ms, 1/C_m in 1/pF, and (g_L (E_L − V_th) + I_e)/C_m in mV/ms.
  var leak, perCapacitance, drive: Double
  /// 1/τ_syn in 1/ms.
  var decayEx, decayIn: Double
  /// Reversal potentials relative to threshold, mV.
  var batteryEx, batteryIn: Double
  var vTh, vReset: Double
  /// The responses of the membrane at rest to a current of 1 pA, for the bound on V.
  var excitatory, inhibitory: CurrentResponse

  init(
    gL: Double, cM: Double, eL: Double, iE: Double, vTh: Double, vReset: Double, eEx: Double, eIn: Double, tauSynEx: Double,
    tauSynIn: Double
  ) {
    leak = gL / cM
    perCapacitance = 1 / cM
    drive = (gL * (eL - vTh) + iE) / cM
    decayEx = 1 / tauSynEx
    decayIn = 1 / tauSynIn
    batteryEx = eEx - vTh
    batteryIn = eIn - vTh
    self.vTh = vTh
    self.vReset = vReset
    // Without a leak the bound that these are for does not exist, and is not asked for.
    let tauM = gL > 0 ? cM / gL : 1
    excitatory = CurrentResponse(tauM: tauM, tauSyn: tauSynEx, cM: 1)
    inhibitory = CurrentResponse(tauM: tauM, tauSyn: tauSynIn, cM: 1)
  }
}

/// A conductance-based membrane between two events.
///
///     W = V − V_th,  W′ = ν(t) − γ(t) W   (``MembraneSeries``)
struct ConductanceCourse {
  /// V − V_th in mV.
  var gap: Double
  /// 1/ms and mV/ms, with the injected current.
  var leak, drive: Double
  var ex, inh: DecayingConductance

  /// `current` in pA.
  init(v: Double, _ c: ConductanceConstants, current: Double, gEx: Double, dEx: Double, gIn: Double, dIn: Double) {
    gap = v - c.vTh
    leak = c.leak
    drive = c.drive + current * c.perCapacitance
    let p = c.perCapacitance
    ex = DecayingConductance(g: gEx * p, d: dEx * p, decay: c.decayEx, battery: c.batteryEx)
    inh = DecayingConductance(g: gIn * p, d: dIn * p, decay: c.decayIn, battery: c.batteryIn)
  }

  private var isSpent: Bool { ex.isSpent && inh.isSpent }

  /// ν in mV/ms and γ in 1/ms.
  private var nu: Double { drive + ex.g * ex.battery + inh.g * inh.battery }
  var gamma: Double { leak + ex.g + inh.g }

  /// A membrane that relaxes within 10 ns: no cell has it, but a wrong weight in a network file may make one. It is taken
  /// to stand at ν/γ, right to 10⁻³ mV, in pieces of `stiffPiece` ms, where the series would need millions.
  private var isStiff: Bool { gamma > 1e5 }
  private static let stiffPiece = 1e-3

  /// W after `dt`, by series while there is conductance and in closed form afterwards. Error below 10⁻¹⁴ mV a piece.
  func gap(after dt: Double) -> Double {
    var now = self
    var rest = dt
    while rest > 0 {
      if now.isSpent {
        let x = -leak * rest
        return now.gap + (drive - leak * now.gap) * rest * (x == 0 ? 1 : expm1(x) / x)
      }
      var piece = min(rest, Self.stiffPiece)
      if now.isStiff {
        now.ex.flow(piece)
        now.inh.flow(piece)
        now.gap = now.nu / now.gamma
      } else {
        (piece, now.gap) = MembraneSeries.with(now, upTo: rest) { ($0.span, $0.finalGap) }
        if piece >= rest { break }
        now.ex.flow(piece)
        now.inh.flow(piece)
      }
      rest -= piece
    }
    return now.gap
  }

  /// The first crossing, one series ahead.
  func nextCrossing(_ c: ConductanceConstants, horizon: Double) -> Crossing {
    // At threshold W′ = ν(t): while ν stays negative nothing gets across.
    let pull = drive + max(ex.battery, 0) * ex.highest + max(inh.battery, 0) * inh.highest
    if pull <= 0 || isBounded(c) { return .never }
    if isSpent {
      guard drive > 0 else { return .never }
      // W(t) = W_∞ + (W₀ − W_∞) e^(−leak t) with W_∞ = drive/leak > 0.
      let x = -gap * leak / drive
      return .at(-gap / drive * (x == 0 ? 1 : log1p(x) / x))
    }
    if isStiff {
      return nu > 0 ? .at(log1p(-gap * gamma / nu) / gamma) : .notBefore(min(horizon, Self.stiffPiece))
    }
    return MembraneSeries.with(self, upTo: horizon) { series in
      if let t = series.firstCrossing { .at(t) } else { .notBefore(series.span) }
    }
  }

  /// Whether V stays below threshold for ever, by a bound on its highest value.
  ///
  /// Suppose V reaches threshold at T, and let t₀ be the last time before at which it was at its present value V₀. From
  /// t₀ to T each battery pushes with g_s(t) (E_s − V₀) at most, and the linear membrane with these as currents ends at
  /// V∞ + (V₀ − V∞)⁺ + Σ_s (E_s − V₀)⁺ (g_s max K_s + d_s max L_s) at most, with K and L of ``CurrentResponse``.
  private func isBounded(_ c: ConductanceConstants) -> Bool {
    guard leak > 0 else { return false }
    let final = drive / leak
    let synaptic =
      max(ex.battery - gap, 0) * (ex.g * c.excitatory.highestK + ex.d * c.excitatory.highestL)
      + max(inh.battery - gap, 0) * (inh.g * c.inhibitory.highestK + inh.d * c.inhibitory.highestL)
    return max(gap, final) + synaptic < 0
  }
}
