import Foundation

/// A leaky integrate-and-fire neuron as a textbook states it, in plain numbers: the reference that the engines are held against.
///
///     τ_m dV/dt = −(V − E_L) + (τ_m/C_m)(I_e + I_ex + I_in)
///
/// with input that makes V jump (`delta`) or with currents w e^(−t/τ) (`exp`) or w (e/τ) t e^(−t/τ) (`alpha`).
/// Nothing here is shared with the simulator: formulas are written anew, in their textbook form (τ_m ≠ τ_syn).
public struct BruteForceNeuron: Sendable {
  public enum Shape: String, Sendable, CaseIterable { case delta, exp, alpha }
  public var shape: Shape
  public var tauM = 10.0
  public var cM = 250.0
  public var tRef = 2.0
  public var eL = -70.0
  public var vTh = -55.0
  public var vReset = -70.0
  public var tauEx = 2.0
  public var tauIn = 2.0
  public var iE = 0.0
  /// V_m at t = 0.
  public var v0 = -70.0

  public init(_ shape: Shape) { self.shape = shape }

  /// Membrane potential, two synaptic currents and, for `alpha`, their second variables.
  struct State {
    var v: Double
    var ex = 0.0
    var exRise = 0.0
    var inh = 0.0
    var inhRise = 0.0
  }

  /// V after `t` ms without input from `state`.
  func potential(_ state: State, after t: Double) -> Double {
    let v = eL + iE * tauM / cM
    return v + (state.v - v) * Foundation.exp(-t / tauM) + response(state.ex, state.exRise, tauEx, t)
      + response(state.inh, state.inhRise, tauIn, t)
  }

  /// What the current (i + j u) e^(−u/τ) adds to V within t ms.
  private func response(_ i: Double, _ j: Double, _ tau: Double, _ t: Double) -> Double {
    let k = 1 / tauM - 1 / tau
    let growth = Foundation.exp(k * t)
    let constant = (growth - 1) / k
    let linear = t * growth / k - (growth - 1) / (k * k)
    return Foundation.exp(-t / tauM) / cM * (i * constant + j * linear)
  }

  /// The synaptic currents after `t` ms.
  func decay(_ state: inout State, _ t: Double) {
    let ex = Foundation.exp(-t / tauEx)
    let inh = Foundation.exp(-t / tauIn)
    state.ex = (state.ex + state.exRise * t) * ex
    state.inh = (state.inh + state.inhRise * t) * inh
    state.exRise *= ex
    state.inhRise *= inh
  }

  func receive(_ state: inout State, _ weight: Double, held: Bool) {
    switch (shape, weight >= 0) {
    case (.delta, _): if !held { state.v += weight }
    case (.exp, true): state.ex += weight
    case (.exp, false): state.inh += weight
    case (.alpha, true): state.exRise += weight * M_E / tauEx
    case (.alpha, false): state.inhRise += weight * M_E / tauIn
    }
  }
}
