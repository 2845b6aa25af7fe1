import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport
import Testing

/// No crossing is missed: random membranes against a brute-force scan of their course by `flow`.
///
/// The scan finds the highest point of the course before the crossing that the search reports (or in the whole stretch, if it
/// reports none) and refines it by golden sections. That point must lie below threshold.
@Suite struct ExactCrossingTests {
  @Test("No crossing of iaf_psc_delta is missed, and each is where V = V_th to 1e-9 ms")
  func delta() {
    scan(IafPscDelta.self, count: 600, points: 60) { m, s, d in
      m.iE = d.uniform(0, 1000)
      s.v = m.vTh - d.logUniform(1e-6, 30)
    }
  }

  @Test("No crossing of iaf_psc_exp is missed, and each is where V = V_th to 1e-9 ms")
  func exponential() {
    scan(IafPscExp.self, count: 1500, points: 100) { m, s, d in
      timeConstants(&m.tauM, &m.tauSynEx, &m.tauSynIn, &d)
      s.v = m.vTh - d.logUniform(1e-4, 30)
      s.iEx = d.chance(0.9) ? d.logUniform(1, 5000) : 0
      s.iIn = d.chance(0.7) ? -d.logUniform(1, 1000) : 0
    }
  }

  @Test("No crossing of iaf_psc_alpha is missed, and each is where V = V_th to 1e-9 ms")
  func alpha() {
    scan(IafPscAlpha.self, count: 1500, points: 100) { m, s, d in
      timeConstants(&m.tauM, &m.tauSynEx, &m.tauSynIn, &d)
      s.v = m.vTh - d.logUniform(1e-4, 30)
      s.iEx = d.chance(0.9) ? d.logUniform(1, 3000) : 0
      s.jEx = d.chance(0.9) ? d.logUniform(1, 3000) : 0
      s.iIn = d.chance(0.7) ? -d.logUniform(1, 3000) : 0
      s.jIn = d.chance(0.7) ? -d.logUniform(1, 3000) : 0
    }
  }

  @Test("No crossing of iaf_cond_exp is missed, and each is where V = V_th to 1e-9 ms")
  func conductance() {
    scan(IafCondExp.self, count: 150, points: 60) { m, s, d in
      (m.tauSynEx, m.tauSynIn) = (d.logUniform(0.2, 10), d.logUniform(0.2, 20))
      s.v = m.vTh - d.logUniform(1e-4, 30)
      s.gEx = d.chance(0.9) ? d.logUniform(0.1, 200) : 0
      s.gIn = d.chance(0.7) ? d.logUniform(0.1, 200) : 0
    }
  }

  @Test("No crossing of iaf_cond_alpha is missed, and each is where V = V_th to 1e-9 ms")
  func alphaConductance() {
    scan(IafCondAlpha.self, count: 150, points: 60) { m, s, d in
      (m.tauSynEx, m.tauSynIn) = (d.logUniform(0.2, 10), d.logUniform(0.2, 20))
      s.v = m.vTh - d.logUniform(1e-4, 30)
      s.gEx = d.chance(0.5) ? d.logUniform(0.1, 200) : 0
      s.dEx = d.chance(0.9) ? d.logUniform(0.1, 200) : 0
      s.gIn = d.chance(0.5) ? d.logUniform(0.1, 200) : 0
      s.dIn = d.chance(0.7) ? d.logUniform(0.1, 200) : 0
    }
  }

  /// Time constants apart, close together, and equal.
  func timeConstants(_ tauM: inout Double, _ tauEx: inout Double, _ tauIn: inout Double, _ d: inout Draws) {
    tauM = d.logUniform(2, 40)
    func near(_ tau: Double, _ d: inout Draws) -> Double {
      let kind = d.uniform(0, 1)
      if kind < 0.6 { return d.logUniform(0.2, 40) }
      return kind < 0.75 ? tau : tau * (1 + d.logUniform(1e-12, 0.3))
    }
    tauEx = near(tauM, &d)
    tauIn = d.chance(0.5) ? near(tauM, &d) : near(tauEx, &d)
  }

  /// `arrange` draws parameters and a state below threshold. Every other case gets a threshold that its course just
  /// touches: the height of its peak ± 1e-9 to 1e-3 mV.
  func scan<M: ThresholdNeuron>(
    _ type: M.Type, count: Int, points: Int, arrange: (inout M, inout M.EventState, inout Draws) -> Void
  ) {
    var draws = Draws(seed: entityOf(M.name))
    var crossings = 0
    var grazes = 0
    for number in 0..<count {
      var model = M()
      var state = model.initialEventState()
      arrange(&model, &state, &draws)
      // A course that is to graze threshold needs room to rise and fall.
      if number % 2 == 1 { state[keyPath: M.eventStateVariables[0].keyPath] -= draws.uniform(0, 30) }
      let current = draws.chance(0.5) ? 0 : draws.uniform(-300, 450)
      let span = draws.logUniform(1, 100)
      var course = Course<M>(state: state, constants: model.eventConstants(), current: current)
      if number % 2 == 1 {
        let top = course.highest(in: span, points: points)
        let gap = draws.logUniform(1e-9, 1e-3)
        model.vTh = draws.chance(0.5) ? top.v - gap : top.v + gap
        guard top.t > 0, top.t < span, course.v(0) < model.vTh - 1e-9 else { continue }
        course.constants = model.eventConstants()
        grazes += 1
      }
      let horizon = draws.chance(0.5) ? span : Double.infinity
      let found = course.firstCrossing(horizon: horizon, until: span)
      let top = course.highest(in: found.map { $0 - 1e-9 } ?? span, points: points)
      // One unit in the last place of V is 7e-15 mV.
      #expect(top.v < model.vTh + 1e-12, "\(M.name) case \(number): a crossing before \(found ?? span) at \(top.t)")
      if let found {
        crossings += 1
        let slope = (course.v(found) - course.v(found - 1e-5)) / 1e-5
        #expect(abs(course.v(found) - model.vTh) < 1e-12 + 1e-9 * abs(slope), "\(M.name) case \(number): not at threshold")
      }
    }
    #expect(crossings > count / 10)
    #expect(M.name == "iaf_psc_delta" || grazes > count / 20)
  }

  func entityOf(_ name: String) -> UInt64 { UInt64(name.utf8.reduce(7) { ($0 &* 31) &+ Int($1) } & 0xFFFF) }
}

/// What these tests need to move the threshold.
protocol ThresholdNeuron: EventDrivenNeuron { var vTh: Double { get set } }
extension IafPscDelta: ThresholdNeuron {}
extension IafPscExp: ThresholdNeuron {}
extension IafPscAlpha: ThresholdNeuron {}
extension IafCondExp: ThresholdNeuron {}
extension IafCondAlpha: ThresholdNeuron {}

private struct Course<M: EventDrivenNeuron> {
  var state: M.EventState
  var constants: M.EventConstants
  var current: Double

  func after(_ t: Double, from start: M.EventState) -> M.EventState {
    var s = start
    M.flow(&s, constants, current: current, dt: t, held: false)
    return s
  }
  func v(_ t: Double) -> Double { after(max(t, 0), from: state)[keyPath: M.eventStateVariables[0].keyPath] }

  /// The first crossing up to `end`, looked for as the kernel does.
  func firstCrossing(horizon: Double, until end: Double) -> Double? {
    var now = state
    var t = 0.0
    while t < end {
      switch M.nextCrossing(now, constants, current: current, horizon: horizon) {
      case .never: return nil
      case .at(let dt): return t + dt <= end ? t + dt : nil
      case .notBefore(let dt):
        now = after(dt, from: now)
        t += dt
      }
    }
    return nil
  }

  /// The highest point in (0, `end`]: a scan, denser towards the start, then golden sections.
  func highest(in end: Double, points: Int) -> (t: Double, v: Double) {
    var best = 0
    var bestValue = -Double.infinity
    func time(_ k: Int) -> Double { end * pow(Double(k) / Double(points), 2) }
    for k in 0...points {
      let value = v(time(k))
      if value > bestValue { (best, bestValue) = (k, value) }
    }
    var low = time(max(best - 1, 0))
    var high = time(min(best + 1, points))
    for _ in 0..<36 {
      let third = (high - low) * 0.381966
      if v(low + third) > v(high - third) { high -= third } else { low += third }
    }
    let t = 0.5 * (low + high)
    let value = v(t)
    return value >= bestValue ? (t, value) : (time(best), bestValue)
  }
}
