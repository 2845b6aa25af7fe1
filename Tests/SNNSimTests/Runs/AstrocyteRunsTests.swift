import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Networks of astrocytes as a user runs them.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct AstrocyteRunsTests {
  private struct Reference: Decodable {
    var spikes: [Double]
    /// Per state one list for each cell.
    var traces: [String: [[Double]]]
  }

  @Test("Three astrocytes that drive two neurons give NEST 3.10's spikes, calcium to 1e-6 and V_m to 1e-6 of its range")
  func nest() throws {
    let url = try #require(Bundle.module.url(forResource: "astrocytes", withExtension: "json", subdirectory: "Fixtures/nest"))
    let data = try Data(contentsOf: url)
    let reference = try JSONDecoder().decode(Reference.self, from: data)
    let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let network = String(decoding: try JSONSerialization.data(withJSONObject: whole?["network"] ?? [:]), as: UTF8.self)
    let run = try WholeRun(network)
    let spikes = try run.spikes("N").times
    #expect(spikes.count > 50 && largestDifference(spikes, reference.spikes.sorted().filter { $0 <= 3000 }) < 1e-6)
    for (state, cells) in reference.traces {
      let ours = try run.trace(state, state)
      for (values, theirs) in zip(ours.values, cells) {
        let scale = theirs.map(abs).max()!
        #expect(largestDifference(values, theirs) <= 1e-6 * scale, "\(state)")
      }
    }
  }

  /// One astrocyte in a calcium oscillation and, by two connections, one neuron without a threshold in reach.
  private func driven(_ model: String, _ engine: String) -> String {
    """
    {
      "format": "snnsim/1", "run": { "duration": 400 },
      "populations": {
        "A": { "model": "astrocyte_lr_1994", "size": 2, "params": { "IP3_0": [1, 0.5], "tau_IP3": 100 },
               "init": { "Ca_astro": [0.18, 0.19] } },
        "n": { "model": "\(model)", "size": 1, "engine": "\(engine)", "params": { "V_th": 1e6 } },
        "m": { "model": "iaf_psc_exp", "size": 1 }
      },
      "projections": {
        "s": { "source": "A", "target": "n", "synapse": "sic_connection",
               "rule": { "type": "list", "pre": [0, 1], "post": [0, 0] }, "weight": [3, -2], "delay": [1.5, 2.3] },
        "r": { "source": "n", "target": "m", "rule": { "type": "all_to_all" }, "delay": 0.7 }
      },
      "record": { "v": { "what": "V_m", "of": "n", "every": 0.1 }, "s": { "what": "SIC", "of": "A", "every": 0.1 } }
    }
    """
  }

  /// The membrane equation over steps in which the current is constant: w SIC as it was at the end of the step a delay ago.
  @Test(
    "The slow current enters every model on both engines as a current, from t + delay on",
    arguments: [
      ("iaf_psc_delta", "grid"), ("iaf_psc_exp", "grid"), ("iaf_psc_alpha", "grid"), ("iaf_cond_exp", "grid"),
      ("iaf_psc_delta", "exact"), ("iaf_psc_exp", "exact"), ("iaf_cond_alpha", "exact"),
    ])
  func everyModel(_ model: String, _ engine: String) throws {
    let run = try WholeRun(driven(model, engine))
    let (v, sic) = (try run.trace("v", "V_m").values[0], try run.trace("s", "SIC").values)
    let tau = model.contains("cond") ? 250 / 16.6667 : 10.0
    var expected = -70.0
    var worst = 0.0
    for step in v.indices {
      func value(_ cell: Int, _ delay: Int) -> Double { step - delay - 1 >= 0 ? sic[cell][step - delay - 1] : 0 }
      let current = 3 * value(0, 15) - 2 * value(1, 23)
      expected = -70 + (expected + 70) * exp(-0.1 / tau) - current * tau / 250 * expm1(-0.1 / tau)
      worst = max(worst, abs(v[step] - expected))
    }
    #expect(v.max()! > -69.9 && v.min()! < -70.01)
    // The conductance models advance by a step of fourth order, to 3e-6 mV.
    #expect(worst < (model.contains("cond") ? 1e-6 : 1e-10), "\(worst) mV")
  }

  @Test("1, 2, 3 and 8 threads give the same spikes where astrocytes, tripartite connections and both engines meet")
  func sameness() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.tripartite(), to: "net.json")
    let outcome = try SnnsimProcess.run(["verify", path, "--pauses", "7"], in: directory.path)
    #expect(outcome.code == 0, "\(outcome.stderr)")
    let run = try WholeRun(Self.tripartite())
    let text = try String(contentsOfFile: run.output + "/net.resolved.json", encoding: .utf8)
    #expect(try WholeRun(text).digest == run.digest && run.spikeCount > 1000)
    // Cut in the middle of a window of 0.8 ms, the first spikes are the same.
    let short = try WholeRun(Self.tripartite(), "--duration", "150.3")
    let (a, b) = (try short.spikes("E"), try run.spikes("E"))
    #expect(a.times == Array(b.times.prefix(a.times.count)) && a.ids == Array(b.ids.prefix(a.ids.count)) && a.times.count > 100)
  }

  private static func tripartite(_ third: String = #""p": 0.5, "pool_size": 10"#) -> String {
    """
    {
      "format": "snnsim/1", "run": { "duration": 300, "seed": 5 },
      "populations": {
        "E": { "model": "aeif_cond_alpha_astro", "size": 700, "params": { "I_e": 450, "tau_syn_ex": 2 } },
        "X": { "model": "iaf_psc_exp", "size": 300, "engine": "exact" },
        "A": { "model": "astrocyte_lr_1994", "size": 600, "params": { "delta_IP3": 0.1 },
               "init": { "IP3": { "dist": "uniform", "low": 0.3, "high": 0.8 }, "Ca_astro": { "dist": "uniform", "low": 0.1, "high": 0.4 } } }
      },
      "inputs": { "p": { "type": "poisson", "target": "E", "rate": 500, "weight": 2 } },
      "projections": {
        "E": { "source": "E", "target": ["E", "X"], "rule": { "type": "pairwise_bernoulli", "p": 0.02 },
               "delay": { "dist": "uniform", "low": 0.8, "high": 4 },
               "third": { "population": "A", \(third), "in": { "weight": 0.2, "delay": 1.4 },
                          "out": { "weight": { "dist": "uniform", "low": 1, "high": 9 }, "delay": { "dist": "uniform", "low": 0.8, "high": 5 } } } }
      }
    }
    """
  }

  @Test("Tripartite connections are made as often on both sides, each with its own weights and delays")
  func tripartiteCounts() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.tripartite(), to: "net.json")
    let check = try SnnsimProcess.run(["check", path, "--json"], in: directory.path)
    #expect(check.code == 0, "\(check.stderr)")
    for name in ["E/E>E", "E/E>E/third_in", "E/E>E/third_out", "E/E>X/third_out"] {
      #expect(check.stdout.contains(name.replacingOccurrences(of: "/", with: "\\/")) || check.stdout.contains(name), "\(name)")
    }
  }

  @Test("What can't be connected is said with path and hint")
  func errors() throws {
    let directory = try TemporaryDirectory()
    func errors(_ text: String) throws -> String {
      let outcome = try SnnsimProcess.run("check", try directory.write(text, to: "net.json"))
      #expect(outcome.code == 2)
      return outcome.stderr
    }
    let block = try errors(Self.tripartite(#""p": 0.5, "pool_size": 1, "pool_type": "block""#))
    #expect(block.contains("projections.E.third: blocks of pool_size 1 need a number of targets (700)"))
    let pool = try errors(Self.tripartite(#""pool_size": 601"#))
    #expect(pool.contains("pool_size (601) must be from 1 to the 600 cells"))
    func small(_ projection: String) -> String {
      """
      { "format": "snnsim/1", "run": { "duration": 10 },
        "populations": { "A": { "model": "astrocyte_lr_1994", "size": 2 }, "N": { "model": "iaf_psc_exp", "size": 2 },
                         "P": { "model": "parrot_neuron", "size": 2 } },
        "projections": { "p": { "rule": { "type": "all_to_all" }, \(projection) } } }
      """
    }
    let plain = try errors(small(#""source": "A", "target": "N""#))
    #expect(plain.contains("projections.p.synapse: \"A\" sends no spikes") && plain.contains("sic_connection"))
    let neuron = try errors(small(#""source": "N", "target": "N", "synapse": "sic_connection""#))
    #expect(neuron.contains("has no slow inward current"))
    #expect(try errors(small(#""source": "A", "target": "P", "synapse": "sic_connection""#)).contains("no current"))
    #expect(try errors(small(#""source": "N", "target": "A", "weight": -1"#)).contains("takes no negative weights"))
    #expect(
      try errors(small(#""source": "A", "target": "N", "synapse": "sic_connection", "storage": "procedural""#))
        .contains("can't carry a current"))
  }

  /// The mean of a shot noise: 0.16 + 0.2 · 1 Hz · 7.142 s. Of 64 · 240 s of trains it is known to 0.8 %.
  @Test("NEST's example of single astrocytes: under spikes at 1 Hz the mean of IP3 is 1.588 uM within 5 %")
  func single() throws {
    let run = try WholeRun(
      """
      { "format": "snnsim/1", "run": { "duration": 300000, "resolution": 1, "seed": 2 },
        "populations": { "A": { "model": "astrocyte_lr_1994", "size": 64, "params": { "delta_IP3": 0.2 } } },
        "inputs": { "p": { "type": "poisson", "target": "A", "rate": 1 } },
        "record": { "IP3": { "what": "IP3", "of": "A", "every": 500, "from": 60000 } } }
      """)
    let values = try run.trace("IP3", "IP3").values.joined()
    let mean = values.reduce(0, +) / Double(values.count)
    #expect(abs(mean - 1.588) < 0.05 * 1.588, "\(mean)")
  }
}
