import Foundation
import SNNTestSupport
import Testing

/// The same bits, whatever a run is made of beside network, seed and version.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct SamenessTests {
  /// A recurrent network in several chunks: 2,500 neurons are three of them. `drive` excites; weights suit the unit.
  static func network(
    _ model: String, engine: String, duration: Double = 60, drive: Double, weight: Double, record: String = "",
    inputs: String = ""
  ) -> String {
    """
    {
      "format": "snnsim/1", "name": "same", "parameters": { "w": \(weight) },
      "run": { "duration": \(duration), "engine": "\(engine)", "seed": 8 },
      "populations": {
        "A": { "model": "\(model)", "size": 2500 },
        "B": { "model": "\(model)", "size": 300 }
      },
      "inputs": {
        "p": { "type": "poisson", "target": ["A", "B"], "rate": 4000, "weight": \(drive), "delay": 1.5 }\(inputs)
      },
      "projections": {
        "A->": { "source": "A", "target": ["A", "B"], "rule": { "type": "fixed_indegree", "k": 20 }, "weight": "${w}",
                 "delay": { "dist": "uniform", "low": 0.8, "high": 3 } },
        "B->": { "source": "B", "target": "A", "rule": { "type": "pairwise_bernoulli", "p": 0.05 }, "weight": "${-3 * w}", "delay": 1.2 }
      },
      "record": { "spikes": { "what": "spikes", "of": ["A", "B"] }\(record) }
    }
    """
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var model, engine: String
    var drive, weight: Double
    var inputs = ""
    var testDescription: String { "\(model) on \(engine)\(inputs.isEmpty ? "" : " with more inputs")" }
    func network(_ duration: Double = 60, record: String = "") -> String {
      SamenessTests.network(
        model, engine: engine, duration: duration, drive: drive, weight: weight, record: record, inputs: inputs)
    }
  }
  static let currents = """
    , "n": { "type": "noise", "target": "A", "std": 200, "dt": 0.2 }, "d": { "type": "dc", "target": "B", "amplitude": 80, "start": 12.3 },
      "s": { "type": "sine", "target": "A", "amplitude": 60, "frequency": 40, "ids": [1, 2, 1500, 2400] },
      "u": { "type": "steps", "target": "A", "times": [5, 25], "amplitudes": [50, -50] },
      "t": { "type": "spikes", "target": "A", "times": [3.3, 17.77], "weight": 30, "delay": 0.3 },
      "q": { "type": "poisson", "target": "B", "rate": 900, "weight": -8 }
    """
  static let cases = [
    Case(model: "iaf_psc_delta", engine: "grid", drive: 0.4, weight: 0.3),
    Case(model: "iaf_psc_delta", engine: "exact", drive: 0.4, weight: 0.3),
    Case(model: "iaf_psc_exp", engine: "grid", drive: 48, weight: 20, inputs: currents),
    Case(model: "iaf_psc_exp", engine: "exact", drive: 48, weight: 20, inputs: currents),
    Case(model: "iaf_psc_alpha", engine: "grid", drive: 18, weight: 9),
    Case(model: "iaf_psc_alpha", engine: "exact", drive: 18, weight: 9),
    Case(model: "iaf_cond_exp", engine: "grid", drive: 7, weight: 2),
    Case(model: "iaf_cond_alpha", engine: "grid", drive: 3, weight: 1),
    Case(model: "aeif_cond_exp", engine: "grid", drive: 45, weight: 10),
    Case(model: "izhikevich", engine: "grid", drive: 1, weight: 0.5),
    Case(model: "parrot_neuron", engine: "grid", drive: 1, weight: 0),
  ]

  @Test("Digests are equal for 1, 2, 3 and 8 threads under random pauses", arguments: cases)
  func threads(_ one: Case) throws {
    let directory = try TemporaryDirectory()
    // Parrots would repeat one another for ever.
    var text = one.network(one.engine == "exact" ? 30 : 60)
    if one.model == "parrot_neuron" {
      text = text.replacingOccurrences(of: #""k": 20"#, with: #""k": 0"#).replacingOccurrences(
        of: #""p": 0.05"#, with: #""p": 0"#)
    }
    let path = try directory.write(text, to: "net.json")
    let outcome = try SnnsimProcess.run(["verify", path, "--pauses", "11"], in: directory.path)
    #expect(outcome.code == 0, "\(outcome.stderr)")
    let rows = outcome.stdout.split(separator: "\n").dropFirst().prefix(4).map { $0.split(separator: " ") }
    #expect(Set(rows.map { String($0[3]) }).count == 1)
    #expect((Int(rows[0][1]) ?? 0) > 300, "the network must fire for this to mean anything")
  }

  @Test("Recording, or none, leaves the digest as it was", arguments: ["grid", "exact"])
  func recording(_ engine: String) throws {
    let one = Self.cases.first { $0.model == "iaf_psc_exp" && $0.engine == engine }!
    let plain = try WholeRun(one.network(40))
    let records = """
      , "v": { "what": "V_m", "of": "A", "every": 0.1, "fraction": 0.02 }, "i": { "what": "I_syn_ex", "of": "B", "every": 0.7 },
        "r": { "what": "rate", "of": ["A", "B"], "every": 3 }
      """
    let recorded = try WholeRun(one.network(40, record: records))
    #expect(plain.spikeCount > 300)
    #expect(recorded.digest == plain.digest)
    let path = try plain.directory.write(one.network(40), to: "silent.json")
    let silent = try SnnsimProcess.run(["run", path, "--json", "--no-record"], in: plain.directory.path)
    #expect(((silent.object?["digests"] as? [String: Any])?["spikes"] as? String) == plain.digest)
  }

  @Test("The resolved network of a run gives its digest again", arguments: cases.filter { $0.model != "parrot_neuron" })
  func resolved(_ one: Case) throws {
    let first = try WholeRun(one.network(30))
    let text = try String(contentsOfFile: first.output + "/net.resolved.json", encoding: .utf8)
    let second = try WholeRun(text)
    #expect(second.digest == first.digest)
    #expect(try String(contentsOfFile: second.output + "/net.resolved.json", encoding: .utf8) == text)
  }

  @Test("Spellings that mean the same give the same digest")
  func spellings() throws {
    let base = Self.cases[2].network(30)
    let digest = try WholeRun(base).digest
    let same: [[String]] = [
      ["--set", "run.duration=30"], ["--duration", "30"], ["--set", #"run.duration="0.03 s""#], ["--seed", "8"],
      ["--set", "run.seed=8", "--set", "parameters.w=20.0"], ["--set", #"inputs.p.weight="0.048 nA""#],
      ["--engine", "grid", "--threads", "1"], ["--set", #"inputs.p.rate="4 kHz""#],
    ]
    for arguments in same {
      let directory = try TemporaryDirectory()
      let path = try directory.write(base, to: "net.json")
      let outcome = try SnnsimProcess.run(["run", path, "--json", "--no-record"] + arguments, in: directory.path)
      #expect((outcome.object?["digests"] as? [String: Any])?["spikes"] as? String == digest, "\(arguments): \(outcome.stderr)")
    }
    #expect(try WholeRun(base, "--seed", "9").digest != digest)
  }

  @Test(
    "A longer run begins with the spikes of a shorter one, wherever that ends",
    arguments: cases.filter { $0.model != "parrot_neuron" }, [20.3])
  func prefix(_ one: Case, _ duration: Double) throws {
    let short = try WholeRun(one.network(duration))
    let long = try WholeRun(one.network(duration * 2 + 0.4))
    for population in ["A", "B"] {
      let (a, b) = (try short.spikes(population), try long.spikes(population))
      let count = b.times.prefix { $0 <= duration }.count
      #expect(a.times == Array(b.times[..<count]) && a.ids == Array(b.ids[..<count]))
    }
    #expect(short.spikeCount > 20)
  }
}
