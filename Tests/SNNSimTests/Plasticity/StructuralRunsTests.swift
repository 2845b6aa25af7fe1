import Foundation
import SNNTestSupport
import Testing

/// Structural plasticity in whole networks.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct StructuralRunsTests {
  static let structural = """
    { "rule": "structural_plasticity", "interval": 20, "w_new": 0.3, "fraction": 0.1, "threshold": 0.15 }
    """
  static let rules = [
    structural, #"[{ "rule": "stdp", "lambda": 0.05, "w_max": 1 }, \#(structural)]"#,
    #"[\#(structural), { "rule": "stdp_dopamine", "modulator": "dopamine", "A_plus": 0.01 }, { "rule": "tsodyks2" }]"#,
    #"[{ "rule": "synaptic_scaling", "interval": 20 }, \#(structural)]"#,
  ]

  @Test(
    "Spikes, partners and weights are the same on 1, 2, 3 and 8 threads under random pauses", arguments: rules, ["grid", "exact"])
  func threads(_ rule: String, _ engine: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(PlasticRunTests.network(rule, engine), to: "net.json")
    let outcome = try SnnsimProcess.run(["verify", path, "--pauses", "11"], in: directory.path)
    #expect(outcome.code == 0, "\(outcome.stderr)")
    let rows = outcome.stdout.split(separator: "\n").dropFirst().prefix(4).map { $0.split(separator: " ") }
    #expect(rows.count == 4 && rows.allSatisfy { $0.count == 5 } && Set(rows.map { $0[3] + $0[4] }).count == 1)
    #expect((Int(rows[0][1]) ?? 0) > 1000)
  }

  @Test("Histograms leave the digests as they were, and the resolved file gives them again", arguments: ["grid", "exact"])
  func recording(_ engine: String) throws {
    func digests(_ run: WholeRun) throws -> [String] {
      let digests = try #require(run.json["digests"] as? [String: Any])
      return [run.digest, digests["weights"] as? String ?? "none"]
    }
    let network = PlasticRunTests.network(Self.rules[1], engine)
    let plain = try WholeRun(network)
    let end = try #require(network.lastIndex(of: "}"))
    let histogram = #""what": "weight", "of": "learn", "every": 0.7, "histogram": { "bins": 9, "low": 0, "high": 1 }"#
    let recorded = try WholeRun(String(network[..<end]) + ", \"record\": { \"h\": { \(histogram) } } }")
    #expect(try digests(recorded) == digests(plain))
    #expect(try digests(WholeRun(String(contentsOfFile: plain.output + "/net.resolved.json", encoding: .utf8))) == digests(plain))
    #expect(try LearnedSynapses(recorded, "learn").pre == LearnedSynapses(plain, "learn").pre)
  }

  /// Twenty neurons, each with 60 synapses from a pool of 500 inputs of 10 Hz, of which the first 100 have half of their spikes in
  /// common.
  static func pool(_ structural: String) -> String {
    """
    {
      "format": "snnsim/1", "name": "pool", "run": { "duration": 200000, "engine": "exact", "seed": 6 },
      "populations": {
        "pool": { "model": "iaf_psc_delta", "size": 500, "params": { "V_th": -60, "t_ref": 0.1 } },
        "n": { "model": "iaf_psc_delta", "size": 20, "params": { "E_L": 0, "V_reset": 0, "V_th": 9, "t_ref": 5 } }
      },
      "inputs": {
        "events": { "type": "poisson", "size": 1, "rate": 5 },
        "private": { "type": "poisson", "target": "pool", "weight": 100, "rate": \((0..<500).map { $0 < 100 ? 5 : 10 }) }
      },
      "projections": {
        "together": {
          "source": "events", "target": "pool", "weight": 100,
          "rule": { "type": "list", "pre": \(Array(repeating: 0, count: 100)), "post": \(Array(0..<100)) }
        },
        "learn": {
          "source": "pool", "target": "n", "rule": { "type": "fixed_indegree", "k": 60, "multapses": false }, "weight": 0.8,
          "delay": 1,
          "plasticity": [
            { "rule": "stdp", "dependence": "additive", "lambda": 0.02, "alpha": 2, "w_max": 1.5 }\(structural)
          ]
        }
      }
    }
    """
  }

  @Test("From a pool with a correlated group, STDP with rewiring connects a neuron to that group; without, weights alone change")
  func findsCorrelated() throws {
    func share(_ structural: String) throws -> Double {
      let final = try LearnedSynapses(WholeRun(Self.pool(structural)), "learn")
      #expect(final.pre.count == 20 * 60)
      return Double(final.pre.count { $0 < 100 }) / Double(final.pre.count)
    }
    let fixed = try share("")
    #expect(abs(fixed - 0.2) < 0.05, "\(fixed)")
    let rewired = try share(#", { "rule": "structural_plasticity", "interval": 2000, "threshold": 0.3, "w_new": 0.8 }"#)
    #expect(rewired > 0.8, "\(rewired)")
  }
}
