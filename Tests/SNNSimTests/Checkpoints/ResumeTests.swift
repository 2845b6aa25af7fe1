import Foundation
import SNNTestSupport
import Testing

/// A run that is cut anywhere, and goes on on other threads, is the run that was not cut, byte for byte.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct ResumeTests {
  private func expectSame(_ network: String, _ arguments: String..., at moment: Double) throws {
    let directory = try TemporaryDirectory()
    try CutRun(try directory.write(network, to: "net.json"), arguments, at: moment).expectSame()
  }

  static let records = """
    , "v": { "what": "V_m", "of": "A", "every": 0.3, "fraction": 0.02 }, "r": { "what": "rate", "of": ["A", "B"], "every": 3 },
      "late": { "what": "spikes", "of": "B", "from": 25 }
    """

  @Test("Every model on every engine, with all inputs", arguments: SamenessTests.cases.filter { $0.model != "parrot_neuron" })
  func models(_ one: SamenessTests.Case) throws {
    try expectSame(one.network(50, record: Self.records), at: 20.3)
  }

  @Test("Every format of spikes", arguments: ["csv", "npz", "sonata"])
  func formats(_ format: String) throws {
    let text = SamenessTests.cases[0].network(40)
    let end = try #require(text.lastIndex(of: "}"))
    try expectSame(String(text[..<end]) + ", \"output\": { \"spikes\": [\"\(format)\"] } }", at: 17)
  }

  @Test("Synapses that are regenerated at each spike")
  func procedural() throws {
    let text = SamenessTests.cases[0].network(40).replacingOccurrences(
      of: #""rule": { "type": "fixed_indegree", "k": 20 }, "#,
      with: #""rule": { "type": "fixed_outdegree", "k": 20 }, "storage": "procedural", "#)
    for moment in [0.5, 17.3, 39.9] { try expectSame(text, at: moment) }
  }

  static let rules =
    PlasticRunTests.rules + StructuralRunsTests.rules + [
      #"{ "rule": "delay_shift", "W": 18, "delay_min": 0.7, "delay_max": 16 }"#,
      #"[{ "rule": "delay_stdp", "delay_min": 0.7, "delay_max": 16 }, { "rule": "tsodyks2" }]"#,
    ]

  @Test("Rules of weights and delays, modulators and rewiring", arguments: rules, ["grid", "exact"])
  func plasticity(_ rule: String, _ engine: String) throws {
    try expectSame(PlasticRunTests.network(rule, engine), at: 50.5)
  }

  @Test("A rule that reads states")
  func clopath() throws {
    let text = PlasticRunTests.network(#"{ "rule": "clopath" }"#, "grid").replacingOccurrences(
      of: #""A": { "model": "iaf_psc_delta""#, with: #""A": { "model": "aeif_psc_delta_clopath""#)
    try expectSame(text, at: 33.3)
  }

  @Test("Records of synapses: samples, histograms and changes", arguments: SynapseRecordingTests.cases, ["grid", "exact"])
  func synapses(_ one: SynapseRecordingTests.Case, _ engine: String) throws {
    let what = "\"what\": \"\(one.variable)\", \"of\": \"e\""
    let network = SynapseRecordingTests.network(
      one, engine,
      records: """
        , "all": { \(what), "every": "change" }, "samples": { \(what), "every": 0.7 },
        "h": { \(what), "every": 5, "histogram": { "bins": 7, "low": 0.3, "high": 8 } },
        "part": { \(what), "every": "change", "ids": [3, 17, 101], "from": 20.2, "to": 41.7 }
        """)
    for moment in [10.3, 30.0] { try expectSame(network, at: moment) }
  }

  @Test("Astrocytes, their slow currents on both engines, and the signals that rules read")
  func astrocytes() throws {
    try expectSame(
      """
      {
        "format": "snnsim/1", "run": { "duration": 120, "seed": 3 },
        "populations": {
          "A": { "model": "astrocyte_lr_1994", "size": 20, "params": { "IP3_0": 1, "tau_IP3": 100 }, "init": { "Ca_astro": 0.18 } },
          "n": { "model": "iaf_psc_exp", "size": 40, "engine": "exact" }, "g": { "model": "iaf_psc_exp", "size": 40 }
        },
        "inputs": { "p": { "type": "poisson", "target": ["n", "g"], "rate": 4000, "weight": 60, "delay": 0.5 } },
        "projections": {
          "s": { "source": "A", "target": ["n", "g"], "synapse": "sic_connection", "rule": { "type": "fixed_indegree", "k": 2 },
                 "weight": 9, "delay": { "dist": "uniform", "low": 1.5, "high": 4 } },
          "up": { "source": "n", "target": "A", "rule": { "type": "fixed_indegree", "k": 3 }, "weight": 2, "delay": 1.5 },
          "r": { "source": "n", "target": "g", "rule": { "type": "fixed_indegree", "k": 5 }, "weight": 10, "delay": 0.7 }
        },
        "record": {
          "spikes": { "what": "spikes", "of": ["n", "g"] }, "ca": { "what": "Ca_astro", "of": "A", "every": 0.5 }
        }
      }
      """, at: 61.7)
  }

  @Test("A run that is cut ten times")
  func often() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(PlasticRunTests.network(StructuralRunsTests.rules[1], "grid"), to: "net.json")
    let (whole, cut) = (directory.file("whole"), directory.file("cut"))
    #expect(try SnnsimProcess.run("run", path, "--quiet", "--output", whole).code == 0)
    #expect(try SnnsimProcess.run("run", path, "--quiet", "--output", cut, "--interrupt-at", "7.7").code == 130)
    for part in 2..<10 {
      let outcome = try SnnsimProcess.run(
        "resume", cut, "--quiet", "--threads", "\(part % 3 + 1)", "--interrupt-at", "\(Double(part) * 10.3)")
      #expect(outcome.code == 130, "\(outcome.stderr)")
    }
    #expect(try SnnsimProcess.run("resume", cut, "--quiet").code == 0)
    try expectSameResults(whole, cut)
    let again = try SnnsimProcess.run("resume", cut, "--json")
    #expect(again.code == 0 && again.stderr.contains("nothing to resume"))
    #expect(again.object?["spikes"] as? Int ?? 0 > 1000)
  }
}
