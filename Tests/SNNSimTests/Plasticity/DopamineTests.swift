import Foundation
import SNNSim
import SNNTestSupport
import Testing

/// stdp_dopamine: eligibility, releases and bounds.
@Suite struct DopamineTests {
  /// ∫ a e^(−(t−e)/τ_c) (1/τ_n) e^(−(t−r)/τ_n) dt from the later of e and r to `end`.
  static func product(_ e: Double, _ r: Double, _ end: Double, _ tauC: Double, _ tauN: Double) -> Double {
    let from = max(e, r)
    guard from < end else { return 0 }
    let tau = tauC * tauN / (tauC + tauN)
    return exp(-(from - e) / tauC) * exp(-(from - r) / tauN) * tau * (1 - exp(-(end - from) / tau)) / tauN
  }

  @Test(
    "A weight is the sum over all pairs of an eligibility and a release", arguments: ["grid", "exact"],
    RuleTests.ways)
  func sum(_ engine: String, _ way: RuleTests.Way) throws {
    let (tauC, tauN, b) = (300.0, 120.0, 0.004)
    // The second delay is longer than several windows; the first shorter than one.
    for lag in [1.0, 0, 7.3] {
      let rule = """
        { "rule": "stdp_dopamine", "modulator": "dopamine", "modulator_delay": \(lag), "A_plus": 4e-3, "A_minus": 5e-3,
          "tau_c": \(tauC), "tau_n": \(tauN), "b": \(b), "w_max": 10 }
        """
      var trial = PlasticTrial(rule, engine: engine, delay: way.delay, lag: way.lag, dopamine: 3)
      trial.pre.times.removeLast(2)
      trial.post.times.removeLast()
      let releases = trial.modulator.times.joined().map { $0 + lag }
      let worst = try trial.worstError(axonal: way.axonal) { hand, _, first, times in
        times.map { end in
          var weight = first
          for moment in hand.moments(until: end) {
            let time = Double(moment.time) * 1e-9
            let c = moment.isPost ? 4e-3 * moment.pre(20) : -5e-3 * moment.post(20)
            for release in releases { weight += c * Self.product(time, release, end, tauC, tauN) }
            weight -= c * b * tauC * (1 - exp(-(end - time) / tauC))
          }
          return weight
        }
      }
      #expect(worst < 1e-9, "\(lag)")
    }
  }

  @Test("Neurons release as inputs do, from the whole of a population in several chunks", arguments: ["grid", "exact"])
  func neurons(_ engine: String) throws {
    // Parrots repeat the input 1 ms later: 90 of them, each once.
    let rule = #"{ "rule": "stdp_dopamine", "modulator": "MODULATOR", "modulator_delay": LAG, "A_plus": 0.01, "A_minus": 0.01 }"#
    func weights(_ name: String, lag: Double) throws -> [Double] {
      var trial = PlasticTrial(
        rule.replacingOccurrences(of: "MODULATOR", with: name).replacingOccurrences(of: "LAG", with: "\(lag)"), engine: engine,
        delay: "1.5")
      trial.modulator = Trains((0..<90).map { [60.3 + Double($0 * 37 % 90) * 9.1] })
      trial.morePopulations = #", "cells": { "model": "parrot_neuron", "size": 90, "engine": "grid" }"#
      trial.moreProjections = """
        , "wake": { "source": "dopamine", "target": "cells", "rule": { "type": "one_to_one" }, "delay": 1 }
        """
      let outcome = try trial.run()
      return outcome.synapses.flatMap { $0.weights + [$0.final] }
    }
    let (cells, inputs) = (try weights("cells", lag: 0.7), try weights("dopamine", lag: 1.7))
    #expect(largestDifference(cells, inputs) < 1e-14)
    #expect(Set(cells).count > 100)
  }

  @Test("A modulator that no population has the name of is an error with its place")
  func unknownModulator() throws {
    var trial = PlasticTrial(#"{ "rule": "stdp_dopamine", "modulator": "dopamin" }"#)
    trial.pre = Trains([[60]])
    trial.post = Trains([[70]])
    let error = #expect(throws: DescriptionErrors.self) { try trial.run() }
    let found = try #require(error)
    #expect(
      "\(found)".contains("projections.learn.plasticity.modulator: there is no population or input with a size \"dopamin\""))
    #expect("\(found)".contains("did you mean \"dopamine\""))
  }

  /// One pairing with its postsynaptic spike at the synapse at 101 ms, one release at 151 ms, and the weight every 10 ms.
  static func onePairing(_ engine: String, b: Double, top: Double) -> PlasticTrial {
    let rule = """
      { "rule": "stdp_dopamine", "modulator": "dopamine", "A_plus": 0.5, "b": \(b), "w_max": \(top), "tau_c": 500, "tau_n": 100 }
      """
    var trial = PlasticTrial(rule, engine: engine, delay: "1", duration: 800)
    trial.every = 10
    trial.weight = "0.5"
    trial.pre = Trains([[95]])
    trial.post = Trains([[100]])
    trial.modulator = Trains([[150]])
    return trial
  }

  @Test("A bounded weight leaves its bound when dopamine falls below the baseline", arguments: ["grid", "exact"])
  func bound(_ engine: String) throws {
    let (b, top, c0) = (0.002, 0.55, 0.5 * exp(-6.0 / 20))
    // By steps of 0.001 ms with the midpoint rule: exact to some 1e-9 of what changes.
    var expected: [Double] = []
    var weight = 0.5
    for n in 0..<800_000 {
      let t = (Double(n) + 0.5) * 1e-3
      let c = t < 101 ? 0 : c0 * exp(-(t - 101) / 500)
      let dopamine = t < 151 ? 0 : 0.01 * exp(-(t - 151) / 100)
      weight = min(top, max(0, weight + 1e-3 * c * (dopamine - b)))
      if (n + 1) % 10_000 == 0 { expected.append(weight) }
    }
    let found = try #require(try Self.onePairing(engine, b: b, top: top).run().synapses.first)
    #expect(found.weights.max() == top)
    #expect(found.final < top - 0.005)
    #expect(largestDifference(found.weights, expected) < 1e-6)
  }

  @Test("Releases with nobody listening change neither bits nor memory", arguments: ["grid", "exact"])
  func silentSources(_ engine: String) throws {
    // Hundreds of releases while source 1 is silent; source 0 of the same table spikes now and then.
    let rule = #"{ "rule": "stdp_dopamine", "modulator": "dopamine", "A_plus": 1e-6, "A_minus": 1.5e-6, "tau_c": 400 }"#
    var trial = PlasticTrial(rule, engine: engine, delay: "1", duration: 2000)
    trial.every = 20
    trial.weight = "0.5"
    trial.pre = Trains([stride(from: 30, to: 1900, by: 97).map { Double($0) }, [50]])
    trial.post = Trains([stride(from: 33, to: 1900, by: 10).map { Double($0) }])
    trial.modulator = Trains([stride(from: 22, to: 1950, by: 3).map { Double($0) }])
    let releases = trial.modulator.times[0].map { $0 + 1 }
    let worst = try trial.worstError { hand, _, first, times in
      times.map { end in
        hand.moments(until: end).reduce(first) { sum, moment in
          let time = Double(moment.time) * 1e-9
          let c = moment.isPost ? 1e-6 * moment.pre(20) : -1.5e-6 * moment.post(20)
          return sum + releases.reduce(0) { $0 + c * Self.product(time, $1, end, 400, 200) }
        }
      }
    }
    #expect(worst < 1e-9)
  }
}
