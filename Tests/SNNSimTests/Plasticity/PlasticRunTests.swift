import Foundation
import SNNSim
import SNNTestSupport
import Testing

/// What the kernel promises of every rule: weights are right at any moment, and the same whatever else goes on.
@Suite struct PlasticRunTests {
  static let additive = #"{ "rule": "stdp", "dependence": "additive", "lambda": 0.01, "w_max": 1 }"#

  @Test("A weight read later is right though no presynaptic spike has come since", arguments: ["grid", "exact"])
  func readLater(_ engine: String) throws {
    var trial = PlasticTrial(Self.additive, engine: engine, delay: "1", duration: 200)
    trial.every = 5
    trial.weight = "0.5"
    trial.pre = Trains([[60]])
    trial.post = Trains([[62, 80, 121]])
    let outcome = try trial.run()
    let expected = outcome.times.map { time -> Double in
      var weight = 0.5
      for arrival in [63.0, 81, 122] where arrival <= time { weight += 0.01 * exp((60 - arrival) / 20) }
      return weight
    }
    #expect(largestDifference(outcome.synapses[0].weights, expected) < 1e-15)
  }

  @Test(
    "A pair that meets at the synapse changes nothing, but each of its spikes pairs with the others",
    arguments: ["grid", "exact"])
  func meeting(_ engine: String) throws {
    for (delay, axonal, dendritic) in [("2", 0.0, 2.0), (#"{ "axonal": 1.2, "dendritic": 0.5 }"#, 1.2, 0.5)] {
      var trial = PlasticTrial(Self.additive, engine: engine, delay: delay, duration: 300)
      trial.weight = "0.5"
      // At the synapse: both at 100, a postsynaptic spike at 110, a presynaptic one at 130.
      trial.pre = Trains([[100 - axonal, 130 - axonal]])
      trial.post = Trains([[100 - dendritic, 110 - dendritic]])
      let final = try trial.run().synapses[0].final
      let potentiation = exp(-10.0 / 20)
      let depression = exp(-30.0 / 20) + exp(-20.0 / 20)
      let expected: Double = 0.5 + 0.01 * potentiation - 0.01 * depression
      #expect(abs(final - expected) < 1e-15, "\(delay)")
    }
  }

  @Test("Sources that are silent while their target fires hundreds of times get the same weights", arguments: ["grid", "exact"])
  func crowded(_ engine: String) throws {
    // 500 spikes of the target for a source that spikes twice, and one that spikes often.
    var trial = PlasticTrial(
      #"{ "rule": "stdp_triplet", "A2_plus": 1e-4, "A3_plus": 1e-5, "A2_minus": 1e-4, "A3_minus": 1e-5 }"#, engine: engine,
      delay: #"{ "dist": "uniform", "low": 1, "high": 30 }"#, duration: 1200)
    trial.pre = Trains([[55.5, 1100], stride(from: 60, to: 1100, by: 37).map { $0 }, []])
    trial.post = Trains([stride(from: 52, to: 1050, by: 2).map { $0 }, [100]])
    let worst = try trial.worstError { hand, _, first, times in
      hand.weights(first, at: times) { w, moment in
        if moment.isPost {
          w += moment.pre(16.8) * (1e-4 + 1e-5 * moment.post(125))
        } else {
          w -= moment.post(33.7) * (1e-4 + 1e-5 * moment.pre(101))
        }
      }
    }
    #expect(worst < 1e-9)
  }

  static let rules = [
    #"{ "rule": "stdp", "w_max": 1 }"#, #"{ "rule": "stdp_triplet" }"#,
    #"{ "rule": "stdp_dopamine", "modulator": "dopamine", "A_plus": 0.01, "A_minus": 0.01 }"#,
    #"[{ "rule": "vogels_sprekeler" }, { "rule": "tsodyks2" }]"#,
  ]

  @Test("Recording weights leaves the digest of weights as it was", arguments: rules, ["grid", "exact"])
  func recording(_ rule: String, _ engine: String) throws {
    var trial = PlasticTrial(rule, engine: engine, delay: #"{ "dist": "uniform", "low": 0.5, "high": 4 }"#, dopamine: 2)
    var digests: Set<String> = []
    for every in [600.0, 7.7] {
      trial.every = every
      let report = try trial.run().report
      digests.insert(report.spikeDigest + (report.weightDigest ?? ""))
    }
    #expect(digests.count == 1)
  }

  /// A recurrent plastic network in several chunks, fired by noise, with a population that releases dopamine.
  static func network(_ rule: String, _ engine: String) -> String {
    """
    {
      "format": "snnsim/1", "name": "threads", "run": { "duration": 100, "engine": "\(engine)", "seed": 8 },
      "populations": {
        "A": { "model": "iaf_psc_delta", "size": 600 }, "dopamine": { "model": "iaf_psc_delta", "size": 300 }
      },
      "inputs": { "p": { "type": "poisson", "target": ["A", "dopamine"], "rate": 4000, "weight": 0.4, "delay": 1.5 } },
      "projections": {
        "learn": {
          "source": "A", "target": "A", "rule": { "type": "fixed_indegree", "k": 20 }, "plasticity": \(rule),
          "weight": { "dist": "uniform", "low": 0.1, "high": 0.5 }, "delay": { "dist": "uniform", "low": 0.8, "high": 3 }
        }
      }
    }
    """
  }

  @Test(
    "Spikes and weights are the same on 1, 2, 3 and 8 threads under random pauses",
    .enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"), arguments: rules, ["grid", "exact"])
  func threads(_ rule: String, _ engine: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network(rule, engine), to: "net.json")
    let outcome = try SnnsimProcess.run(["verify", path, "--pauses", "11"], in: directory.path)
    #expect(outcome.code == 0, "\(outcome.stderr)")
    let rows = outcome.stdout.split(separator: "\n").dropFirst().prefix(4).map { $0.split(separator: " ") }
    #expect(rows.count == 4 && rows.allSatisfy { $0.count == 5 } && Set(rows.map { $0[3] + $0[4] }).count == 1)
    #expect((Int(rows[0][1]) ?? 0) > 1000)
  }

  @Test("tsodyks2 scales what is transmitted as its recursion says, beside a rule that learns", arguments: ["grid", "exact"])
  func release(_ engine: String) throws {
    let (u0, tauRec, tauFac) = (0.3, 200.0, 80.0)
    var trial = PlasticTrial(
      """
      [{ "rule": "stdp", "dependence": "additive", "lambda": 0.01, "w_max": 1 },
       { "rule": "tsodyks2", "U": \(u0), "u": \(u0), "tau_rec": \(tauRec), "tau_fac": \(tauFac) }]
      """, engine: engine, delay: "2", duration: 500)
    trial.every = 1
    trial.weight = "0.5"
    // The target spikes at 60 ms and then never again; it does not leak, and counts what it gets.
    let pre = [70.0, 90, 95, 160, 290, 300]
    trial.pre = Trains([pre])
    trial.post = Trains([[60]])
    var text = trial.network.replacingOccurrences(of: #""t_ref": 0"#, with: #""t_ref": 0, "tau_m": 1e9, "E_L": 0, "V_reset": 0"#)
    text = text.replacingOccurrences(of: #""record": {"#, with: #""record": { "v": { "what": "V_m", "of": "post", "every": 1 },"#)
    let directory = try TemporaryDirectory()
    var settings = RunSettings()
    settings.output = directory.file("out")
    _ = try Simulation(LoadedNetwork(URL(fileURLWithPath: directory.write(text, to: "net.json"))), settings: settings).run()
    let trace = try Trace(directory.file("out/records/v.npz"), "V_m")
    // Tsodyks, Pawelzik & Markram (1998), from spike to spike: resources before the spike, release with it.
    var (weight, x, u, sum) = (0.5, 1.0, u0, 0.0)
    for (n, time) in pre.enumerated() {
      if n > 0 {
        let dt = time - pre[n - 1]
        x = 1 - (1 - x * (1 - u)) * exp(-dt / tauRec)
        u = u0 + u * (1 - u0) * exp(-dt / tauFac)
      }
      weight -= 0.01 * exp(-(time - 62) / 20)
      sum += weight * u * x
      // The leak takes less than 1e-6 of it.
      #expect(abs(trace.value(0, at: time + 3) - sum) < 1e-6, "\(time)")
    }
  }
}
