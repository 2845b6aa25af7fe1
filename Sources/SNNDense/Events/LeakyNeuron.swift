import Foundation

/// A leaky integrate-and-fire neuron with exponential synaptic current, in closed form from event to event, and its adjoint.
///
///     τ_m V̇ = −V + I,  τ_s İ = −I;   an arrival of weight w: I ← I + w;   at V = θ a spike: V ← 0, I as it was
///     V(t) = V₀ e^(−t/τ_m) + I₀ r (e^(−t/τ_m) − e^(−t/τ_s)),  r = τ_s/(τ_m − τ_s)
///
/// The adjoint variables λ_V and λ_I obey, between events and in reversed time,
///
///     τ_m λ_V′ = −λ_V,  τ_s λ_I′ = −λ_I + λ_V
///
/// Times are ms, potentials and currents multiples of what θ is measured in. Wunderlich & Pehle (2021),
/// doi:10.1038/s41598-021-91786-z, table 1.
struct LeakyNeuron: Sendable {
  struct State {
    var v = 0.0
    var i = 0.0
    var time = 0.0
  }

  struct Adjoint {
    var v = 0.0
    var i = 0.0
    var time: Double
    var isZero: Bool { v == 0 && i == 0 }
  }

  let tauM, tauS, threshold: Double
  /// r.
  let ratio: Double
  /// τ_m/(τ_m − τ_s).
  private let adjointRatio: Double

  /// - Parameters tauM, tauS: Not the same: the closed form has their difference as a divisor.
  init(tauM: Double, tauS: Double, threshold: Double = .infinity) {
    precondition(tauM != tauS)
    (self.tauM, self.tauS, self.threshold) = (tauM, tauS, threshold)
    ratio = tauS / (tauM - tauS)
    adjointRatio = tauM / (tauM - tauS)
  }

  /// e^(−t/τ_m) and e^(−t/τ_s).
  @inline(__always)
  private func decays(_ t: Double) -> (membrane: Double, synapse: Double) {
    (Double.exponential(-t / tauM), Double.exponential(-t / tauS))
  }

  @inline(__always)
  func flow(_ s: inout State, to time: Double) {
    let decay = decays(time - s.time)
    s.v = s.v * decay.membrane + s.i * ratio * (decay.membrane - decay.synapse)
    s.i *= decay.synapse
    s.time = time
  }

  /// V̇ in 1/ms.
  @inline(__always)
  func slope(_ s: State) -> Double { (s.i - s.v) / tauM }

  /// The first time after that of the state, but not beyond `end`, at which V reaches θ; nil when it does not.
  ///
  /// The current only falls in size, so from below θ the membrane can reach it only while I > θ > V, where V rises and is
  /// concave: Newton's steps walk up to the first crossing from the left and never past it. A step of s leaves an error of
  /// s² |V̈|/(2 V̇), which is below 10⁻¹² ms for the last one even where V̇ is 10⁻⁵ per ms.
  @inline(__always)
  func crossing(_ s: State, until end: Double) -> Double? {
    guard s.i > threshold else { return nil }
    let span = end - s.time
    // The first slope is the steepest.
    if s.v + slope(s) * span < threshold { return nil }
    var t = 0.0
    while t < span {
      var there = s
      flow(&there, to: s.time + t)
      let slope = slope(there)
      guard slope > 0 else { return nil }
      let step = (threshold - there.v) / slope
      t += step
      if step < 1e-8 { break }
    }
    return t <= span ? s.time + t : nil
  }

  /// When V stands still after the state's time and before `end`, if it does.
  ///
  ///     V = A e^(−t/τ_m) − B e^(−t/τ_s) with A = V₀ + r I₀, B = r I₀;   V̇ = 0 where e^(t (1/τ_s − 1/τ_m)) = B τ_m/(A τ_s)
  func standstill(_ s: State, before end: Double) -> Double? {
    let b = ratio * s.i
    let quotient = b * tauM / ((s.v + b) * tauS)
    guard quotient > 0 else { return nil }
    let t = log(quotient) / (1 / tauS - 1 / tauM)
    return t > 0 && t < end - s.time ? s.time + t : nil
  }

  /// V a time t ≥ 0 after one arrival of weight 1, and its slope.
  func response(_ t: Double) -> (value: Double, slope: Double) {
    let decay = decays(t)
    return (
      ratio * (decay.membrane - decay.synapse), ratio * (decay.synapse / tauS - decay.membrane / tauM)
    )
  }

  /// Back in time to `time`.
  @inline(__always)
  func flowBack(_ a: inout Adjoint, to time: Double) {
    // Before anything has been said of a neuron there is nothing to carry.
    if !a.isZero {
      let decay = decays(a.time - time)
      a.i = a.i * decay.synapse + a.v * adjointRatio * (decay.membrane - decay.synapse)
      a.v *= decay.membrane
    }
    a.time = time
  }
}
