import SNNDynamics

/// The integrals of alpha-shaped conductances that a step of ``IafCondAlpha`` takes: I and C of ``ConductanceMembrane`` for
/// f = e^(−t/τ), which a conductance g multiplies, and f = t e^(−t/τ), which its rise D multiplies.
///
/// One step further, T is e^(−h/τ) f for the first, e^(−h/τ) (t e^(−t/τ) + h e^(−t/τ)) for the second.
struct AlphaMoments {
  /// One receptor.
  struct Receptor {
    /// 1 − e^(−h/τ).
    var loss: Lanes
    /// ∫ e^(−t/τ) dt and ∫ t e^(−t/τ) dt.
    var g, d: Lanes
    /// C with the constant function.
    var cG = Lanes(), cD = Lanes()
    private let tau: Lanes

    init(step h: Lanes, tau: Lanes) {
      let x = h / tau
      loss = ConductanceMembrane.shortLoss(x)
      g = loss * tau
      let tail: Lanes = 1.0 / 3 - x * (0.125 - x * (1.0 / 30))
      d = (h * h * (0.5 - x * tail)).replacing(with: tau * tau, where: x .> 0.5)
      self.tau = tau
    }

    mutating func double(step h: Lanes) {
      let kept = 1 - loss
      let half = 0.5 * h
      let later = kept * h * g
      let shifted: Lanes = cD + h * cG
      cD += kept * shifted + half * (later - loss * d)
      cG += kept * cG - half * loss * g
      d += kept * d + later
      loss *= 2 - loss
      g = loss * tau
    }
  }

  var ex, `in`: Receptor
  /// C of the excitatory function with the inhibitory one.
  var gg = Lanes(), gd = Lanes(), dg = Lanes(), dd = Lanes()

  init(step: Lanes, tauEx: Lanes, tauIn: Lanes) {
    var h = step * ConductanceMembrane.shortest
    ex = Receptor(step: h, tau: tauEx)
    `in` = Receptor(step: h, tau: tauIn)
    for _ in 0..<ConductanceMembrane.doublings {
      let (keptEx, keptIn) = (1 - ex.loss, 1 - `in`.loss)
      let kept = keptEx * keptIn
      let slower = 0.5 * (ex.loss - `in`.loss)
      // What the later half of D gains from its g.
      let gainEx: Lanes = 0.5 * h * keptEx * ex.g
      let gainIn: Lanes = 0.5 * h * keptIn * `in`.g
      let shifted: Lanes = dg + gd + h * gg
      dd += kept * (dd + h * shifted) + slower * ex.d * `in`.d
      dd += ex.d * gainIn - `in`.d * gainEx
      gd += kept * (gd + h * gg) + ex.g * (slower * `in`.d + gainIn)
      dg += kept * (dg + h * gg) + `in`.g * (slower * ex.d - gainEx)
      gg += kept * gg + slower * ex.g * `in`.g
      ex.double(step: h)
      `in`.double(step: h)
      h *= Lanes(repeating: 2)
    }
  }
}
