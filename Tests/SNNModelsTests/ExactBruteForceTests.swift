import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport
import Testing

/// Whole runs of `advance` against the differential equations as they stand, integrated in tiny steps.
@Suite struct ExactBruteForceTests {
  // RK4 in steps of 0.01 ms has an error of (0.01/τ)⁴/120 a step: 1e-9 mV for the shortest τ here, 1 ms.
  static let tolerance = 1e-6

  @Test("iaf_psc_delta spikes as a brute-force integrator does", arguments: 1...2)
  func delta(_ seed: Int) {
    var m = IafPscDelta()
    m.iE = 300
    let law = Law(vTh: m.vTh, vReset: m.vReset, tRef: m.tRef, losesInput: true) { y, current in
      [-(y[0] - m.eL) / m.tauM + (m.iE + current) / m.cM]
    }
    compare(m, law, rest: [m.eL], seed: seed, ex: 2.5, inh: -1.5) { y, w in y[0] += w }
  }

  @Test("iaf_psc_exp spikes as a brute-force integrator does", arguments: 1...2)
  func exponential(_ seed: Int) {
    var m = IafPscExp()
    (m.iE, m.tauSynEx, m.tauSynIn) = (300, 1.5, 6)
    let law = Law(vTh: m.vTh, vReset: m.vReset, tRef: m.tRef) { y, current in
      [-(y[0] - m.eL) / m.tauM + (y[1] + y[2] + m.iE + current) / m.cM, -y[1] / m.tauSynEx, -y[2] / m.tauSynIn]
    }
    compare(m, law, rest: [m.eL, 0, 0], seed: seed, ex: 400, inh: -70) { y, w in y[w > 0 ? 1 : 2] += w }
  }

  @Test("iaf_psc_alpha spikes as a brute-force integrator does", arguments: 1...2)
  func alpha(_ seed: Int) {
    var m = IafPscAlpha()
    (m.iE, m.tauSynEx, m.tauSynIn) = (300, 1.2, 4)
    let law = Law(vTh: m.vTh, vReset: m.vReset, tRef: m.tRef) { y, current in
      [
        -(y[0] - m.eL) / m.tauM + (y[1] + y[3] + m.iE + current) / m.cM, y[2] - y[1] / m.tauSynEx, -y[2] / m.tauSynEx,
        y[4] - y[3] / m.tauSynIn, -y[4] / m.tauSynIn,
      ]
    }
    compare(m, law, rest: [m.eL, 0, 0, 0, 0], seed: seed, ex: 250, inh: -60) { y, w in
      y[w > 0 ? 2 : 4] += w * M_E / (w > 0 ? m.tauSynEx : m.tauSynIn)
    }
  }

  @Test("iaf_cond_exp spikes as a brute-force integrator does", arguments: 1...2)
  func conductance(_ seed: Int) {
    var m = IafCondExp()
    (m.tauSynEx, m.tauSynIn, m.iE) = (2, 5, 150)
    let law = Law(vTh: m.vTh, vReset: m.vReset, tRef: m.tRef) { y, current in
      let synaptic = y[1] * (y[0] - m.eEx) + y[2] * (y[0] - m.eIn)
      return [
        (-m.gL * (y[0] - m.eL) - synaptic + m.iE + current) / m.cM, -y[1] / m.tauSynEx, -y[2] / m.tauSynIn,
      ]
    }
    compare(m, law, rest: [m.eL, 0, 0], seed: seed, ex: 8, inh: -8) { y, w in y[w > 0 ? 1 : 2] += abs(w) }
  }

  @Test("iaf_cond_alpha spikes as a brute-force integrator does", arguments: 1...2)
  func alphaConductance(_ seed: Int) {
    var m = IafCondAlpha()
    (m.tauSynEx, m.tauSynIn, m.iE) = (1, 2, 150)
    let law = Law(vTh: m.vTh, vReset: m.vReset, tRef: m.tRef) { y, current in
      let synaptic = y[1] * (y[0] - m.eEx) + y[3] * (y[0] - m.eIn)
      return [
        (-m.gL * (y[0] - m.eL) - synaptic + m.iE + current) / m.cM, y[2] - y[1] / m.tauSynEx, -y[2] / m.tauSynEx,
        y[4] - y[3] / m.tauSynIn, -y[4] / m.tauSynIn,
      ]
    }
    compare(m, law, rest: [m.eL, 0, 0, 0, 0], seed: seed, ex: 5, inh: -8) { y, w in
      y[w > 0 ? 2 : 4] += abs(w) * M_E / (w > 0 ? m.tauSynEx : m.tauSynIn)
    }
  }

  /// 120 ms of random spikes and current changes: the same spikes by `advance`, in one window and in many, as by the law.
  func compare<M: EventDrivenNeuron>(
    _ model: M, _ law: Law, rest: [Double], seed: Int, ex: Double, inh: Double,
    receive: @escaping (inout [Double], Double) -> Void
  ) {
    let end = 120.0
    var draws = Draws(seed: UInt64(seed))
    var train = EventTrain()
    var inputs: [(time: Double, spike: Double, current: Double)] = []
    for t in draws.poissonTimes(rate: 1.2, until: end) {
      if draws.chance(0.1) {
        let change = draws.uniform(-60, 80)
        train.addCurrent(at: t, change: change)
        inputs.append((t, 0, change))
      } else {
        let weight = draws.uniform(0.5, 1.5) * (draws.chance(0.7) ? ex : inh)
        train.addSpike(at: t, weight: weight, kind: M.weightKind)
        inputs.append((t, weight, 0))
      }
    }
    let expected = law.spikes(rest: rest, inputs: inputs, until: end, receive: receive)
    #expect(expected.count > 4)
    for window in [Double.infinity, 1.5] {
      let found = train.spikes(of: model, until: end, window: window)
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < Self.tolerance })
    }
  }
}

/// A neuron as differential equations, a threshold and a reset; `y[0]` is the membrane potential.
struct Law {
  var vTh, vReset, tRef: Double
  /// Whether input spikes are lost while the neuron is refractory.
  var losesInput = false
  /// y′ of y and the injected current.
  var derivative: ([Double], Double) -> [Double]

  func step(_ y: [Double], _ current: Double, _ h: Double, held: Bool) -> [Double] {
    func slope(_ y: [Double]) -> [Double] {
      var k = derivative(y, current)
      if held { k[0] = 0 }
      return k
    }
    func moved(_ k: [Double], _ f: Double) -> [Double] { y.indices.map { y[$0] + f * k[$0] } }
    let k1 = slope(y)
    let k2 = slope(moved(k1, h / 2))
    let k3 = slope(moved(k2, h / 2))
    let k4 = slope(moved(k3, h))
    return y.indices.map { y[$0] + h / 6 * (k1[$0] + 2 * k2[$0] + 2 * k3[$0] + k4[$0]) }
  }

  func spikes(
    rest: [Double], inputs: [(time: Double, spike: Double, current: Double)], until end: Double,
    receive: (inout [Double], Double) -> Void
  ) -> [Double] {
    var (y, t, current, free, next) = (rest, 0.0, 0.0, 0.0, 0)
    var spikes: [Double] = []
    while t < end {
      let held = free > t
      let arrival = next < inputs.count ? inputs[next].time : end
      let stop = min(arrival, held ? free : .infinity, t + 0.01, end)
      var after = step(y, current, stop - t, held: held)
      var spiked = false
      if !held && after[0] >= vTh {
        var (low, high) = (0.0, stop - t)
        while high - low > 1e-12 {
          let middle = 0.5 * (low + high)
          if step(y, current, middle, held: false)[0] >= vTh { high = middle } else { low = middle }
        }
        after = step(y, current, high, held: false)
        t += high
        spiked = true
      } else {
        t = stop
        if next < inputs.count && t == arrival {
          if inputs[next].spike != 0 && !(losesInput && free > t) { receive(&after, inputs[next].spike) }
          current += inputs[next].current
          next += 1
          spiked = free <= t && after[0] >= vTh
        }
      }
      y = after
      if spiked {
        spikes.append(t)
        y[0] = vReset
        free = t + tRef
      }
    }
    return spikes
  }
}
