import Foundation
import SNNSim
import SNNTestSupport
import Testing

/// Our rules between the trains that NEST 3.10 had (tools/peers/nest_plasticity.py).
@Suite struct NESTPlasticityTests {
  struct Learning: Decodable, Sendable, CustomTestStringConvertible {
    var nest: String
    var rule: Rule
    var delay, weight, duration: Double
    var pre, post: [[Double]]
    var dopamine: [[Double]]?
    /// By pair, the source's number first: what NEST transmitted at each spike of the source.
    var weights: [[Double]]
    var testDescription: String { nest }
  }
  struct Release: Decodable, Sendable, CustomTestStringConvertible {
    var rule: Rule
    var delay, weight, duration: Double
    var pre: [[Double]]
    /// After every ms.
    var V_m: [Double]
    var testDescription: String { rule.text }
  }
  /// A rule as a network file has it.
  struct Rule: Decodable, Sendable {
    var text: String
    init(from decoder: any Decoder) throws {
      let fields = try decoder.singleValueContainer().decode([String: JSONWord].self)
      text = "{ " + fields.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1.text)" }.joined(separator: ", ") + " }"
    }
  }
  struct Fixture: Decodable {
    var learning: [Learning]
    var release: [Release]
  }
  static let fixture: Fixture = {
    let url = Bundle.module.url(forResource: "plasticity", withExtension: "json", subdirectory: "Fixtures/nest")!
    return try! JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }()

  @Test("Weights at every presynaptic spike are NEST's to 1e-6", arguments: fixture.learning, ["grid", "exact"])
  func learning(_ case: Learning, _ engine: String) throws {
    var trial = PlasticTrial(`case`.rule.text, engine: engine, delay: "\(`case`.delay)", duration: `case`.duration)
    trial.weight = "\(`case`.weight)"
    trial.pre = Trains(`case`.pre)
    trial.post = Trains(`case`.post)
    trial.modulator = Trains(`case`.dopamine ?? [])
    // Sources spike at whole ms.
    trial.every = 1
    let outcome = try trial.run()
    var worst = 0.0
    for (n, synapse) in outcome.synapses.enumerated() {
      #expect(synapse.pre * `case`.post.count + synapse.post == n)
      for (time, expected) in zip(`case`.pre[synapse.pre], `case`.weights[n]) {
        let found = synapse.weights[Int(time.rounded()) - 1]
        worst = max(worst, abs(found - expected) / max(abs(expected), 1e-3))
      }
    }
    #expect(worst < 1e-6)
    #expect(Set(`case`.weights[0]).count > 5, "weights must change for this to mean anything")
  }

  @Test("The membrane behind a tsodyks2 synapse is NEST's to 1e-6", arguments: fixture.release)
  func release(_ case: Release) throws {
    let directory = try TemporaryDirectory()
    let text = """
      {
        "format": "snnsim/1", "name": "release", "run": { "duration": \(`case`.duration), "engine": "grid" },
        "populations": { "post": { "model": "iaf_psc_exp", "size": 1, "params": { "V_th": 1e6 } } },
        "inputs": { "pre": { "type": "spikes", "size": 1, \(Trains(`case`.pre).fields()) } },
        "projections": {
          "p": { "source": "pre", "target": "post", "rule": { "type": "all_to_all" }, "weight": \(`case`.weight),
            "delay": \(`case`.delay), "plasticity": \(`case`.rule.text) }
        },
        "record": { "v": { "what": "V_m", "of": "post", "every": 1 } }
      }
      """
    var settings = RunSettings()
    settings.output = directory.file("out")
    _ = try Simulation(LoadedNetwork(URL(fileURLWithPath: directory.write(text, to: "net.json"))), settings: settings).run()
    let trace = try Trace(directory.file("out/records/v.npz"), "V_m")
    #expect(zip(trace.values[0], `case`.V_m).allSatisfy { abs($0 - $1) < 1e-6 } && trace.times.count == `case`.V_m.count)
    #expect(`case`.V_m.max()! > -69.6, "the membrane must move for this to mean anything")
  }
}
