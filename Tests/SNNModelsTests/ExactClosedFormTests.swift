import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport
import Testing

/// Where the answer can be written down.
@Suite struct ExactClosedFormTests {
  @Test("Under constant current the period is t_ref + τ_m ln((V∞ − V_reset)/(V∞ − V_th)) to 1e-9 ms, in all five models")
  func periods() {
    periodHolds(IafPscDelta.self)
    periodHolds(IafPscExp.self)
    periodHolds(IafPscAlpha.self)
    periodHolds(IafCondExp.self)
    periodHolds(IafCondAlpha.self)
  }

  func periodHolds<M: EventDrivenNeuron>(_ type: M.Type) {
    for current in [460.0, 700, 3000] {
      var m = M()
      func value(_ name: String) -> Double? {
        M.parameters.first { $0.name == name }.map { m[keyPath: $0.keyPath] }
      }
      m[keyPath: M.parameters.first { $0.name == "I_e" }!.keyPath] = current
      let tauM = value("tau_m") ?? value("C_m")! / value("g_L")!
      let vFinal = value("E_L")! + current * tauM / value("C_m")!
      let period = value("t_ref")! + tauM * log((vFinal - value("V_reset")!) / (vFinal - value("V_th")!))
      let spikes = EventTrain().spikes(of: m, until: 300)
      // Both ends of an interval stand on the picosecond grid.
      let worst = zip(spikes, spikes.dropFirst()).map { abs($1 - $0 - period) }.max()
      #expect(spikes.count > 5)
      #expect((worst ?? 1) < 1e-9 + 1e-12, "\(M.name) at \(current) pA")
    }
  }

  @Test("A neuron that will not spike is left alone for ever")
  func silence() {
    var exponential = IafPscExp().initialEventState()
    exponential.iEx = 100
    let answer = IafPscExp.nextCrossing(exponential, IafPscExp().eventConstants(), current: 0, horizon: .infinity)
    #expect(answer == .never)
    var conductance = IafCondAlpha().initialEventState()
    conductance.dEx = 5
    let second = IafCondAlpha.nextCrossing(conductance, IafCondAlpha().eventConstants(), current: 0, horizon: .infinity)
    #expect(second == .never)
  }

  @Test("A current that leads V exactly to threshold brings no spike")
  func asymptote() {
    var m = IafPscExp()
    (m.iE, m.cM, m.tauM) = (375, 250, 10)
    #expect(IafPscExp.nextCrossing(m.initialEventState(), m.eventConstants(), current: 0, horizon: .infinity) == .never)
  }

  @Test("With τ_syn = τ_m the membrane follows V = E_L + (w/C_m) t e^(−t/τ_m)", arguments: [0, 1e-13, 1e-9, 1e-5])
  func equalTimeConstants(_ difference: Double) {
    var m = IafPscExp()
    m.tauSynEx = m.tauM * (1 + difference)
    for t in [0.01, 1, 7, 60.0] {
      var state = m.initialEventState()
      state.iEx = 300
      IafPscExp.flow(&state, m.eventConstants(), current: 0, dt: t, held: false)
      // To first order in the difference, the answer moves by a factor 1 + difference t / (2 τ_m).
      let expected = 300 / m.cM * t * exp(-t / m.tauM) * (1 + difference * t / (2 * m.tauM))
      #expect(abs(state.v - m.eL - expected) < 3e-14 + 50 * difference * difference)
    }
  }

  @Test("What is left of a fast conductance does not disturb a slow one", arguments: [1e-5, 1e-12, 1e-18, 1e-25])
  func leftover(_ g: Double) {
    var m = IafCondExp()
    (m.tauSynEx, m.tauSynIn) = (0.2, 50)
    var alone = m.initialEventState()
    alone.gIn = 3
    var joined = alone
    joined.gEx = g
    IafCondExp.flow(&alone, m.eventConstants(), current: 0, dt: 60, held: false)
    IafCondExp.flow(&joined, m.eventConstants(), current: 0, dt: 60, held: false)
    // g τ (E_ex − E_L)/C_m = 0.056 g mV at most while it lasts, 1e-13 mV of rounding afterwards.
    #expect(abs(joined.v - alone.v) < 0.06 * g * exp(-60 / 15.0) + 1e-12)
    #expect(abs(alone.v - m.eL) > 0.1)
  }

  @Test("A conductance beyond any membrane neither hangs nor misses the spike")
  func runaway() {
    var train = EventTrain()
    train.addSpike(at: 1, weight: 1e12, kind: .conductance)
    for t in train.spikes(of: IafCondExp(), until: 1.5) { #expect(t > 1 && t < 1 + 1e-6) }
    #expect(train.spikes(of: IafCondExp(), until: 1.5).count == 1)
    train = EventTrain()
    train.addSpike(at: 1, weight: -1e12, kind: .conductance)
    #expect(train.spikes(of: IafCondAlpha(), until: 20) == [])
  }
}
