import Foundation
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct ProceduralTests {
  /// A busy recurrent network whose projections take `storage`; 2,500 and 300 neurons are three chunks and one.
  static func network(_ model: String, _ engine: String, _ weight: Double, _ drive: Double, storage: String) -> String {
    """
    {
      "format": "snnsim/1", "name": "same", "parameters": { "w": \(weight) },
      "run": { "duration": 60, "engine": "\(engine)", "seed": 8 },
      "populations": { "A": { "model": "\(model)", "size": 2500 }, "B": { "model": "\(model)", "size": 300 } },
      "inputs": {
        "p": { "type": "poisson", "target": ["A", "B"], "rate": 4000, "weight": \(drive), "delay": 1.5 },
        "s": { "type": "poisson", "size": 200, "rate": 100 }
      },
      "projections": {
        "A->": { "source": "A", "target": ["A", "B"], "rule": { "type": "fixed_outdegree", "k": 20 }, "storage": \(storage),
                 "weight": { "dist": "normal", "mean": "${w}", "sd": "${w}" }, "delay": { "dist": "uniform", "low": 0.8, "high": 3 } },
        "B->A": { "source": "B", "target": "A", "rule": { "type": "pairwise_bernoulli", "p": 0.02 }, "weight": "${-3 * w}", "delay": 1.2 },
        "B->B": { "source": "B", "target": "B", "rule": { "type": "all_to_all" }, "storage": \(storage), "weight": "${-w / 9}",
                  "delay": { "dist": "normal", "mean": 2, "sd": 1, "min": 0.5 } },
        "s->": { "source": "s", "target": ["A", "B"], "rule": { "type": "fixed_outdegree", "k": 30, "multapses": false },
                 "storage": \(storage), "weight": "${w}", "delay": 0.4 }
      },
      "record": { "spikes": { "what": "spikes", "of": ["A", "B"] } }
    }
    """
  }

  @Test(
    "Procedural synapses give the spikes of stored ones, on any number of threads",
    arguments: [
      ("iaf_psc_delta", "grid", 0.3, 0.4), ("iaf_psc_delta", "exact", 0.3, 0.4), ("iaf_psc_exp", "grid", 20, 48),
      ("iaf_psc_exp", "exact", 20, 48), ("iaf_cond_exp", "grid", 2, 7),
    ])
  func same(_ model: String, _ engine: String, _ weight: Double, _ drive: Double) throws {
    let stored = try WholeRun(Self.network(model, engine, weight, drive, storage: #""stored""#), "--threads", "2")
    #expect(stored.spikeCount > 1000)
    for threads in ["1", "2", "5"] {
      let procedural = try WholeRun(
        Self.network(model, engine, weight, drive, storage: #""procedural""#), "--threads", threads)
      #expect(procedural.digest == stored.digest)
      for total in ["synapses", "synaptic_events"] {
        #expect(procedural.json[total] as? Int == stored.json[total] as? Int)
      }
      let bytes = try #require(procedural.json["synapse_bytes"] as? Double)
      #expect(try bytes < #require(stored.json["synapse_bytes"] as? Double) / 2)
    }
  }

  @Test("Where tables would not fit the memory, auto regenerates synapses, says so, and nothing is refused")
  func auto() throws {
    let directory = try TemporaryDirectory()
    // 10^13 synapses, and no neuron that spikes.
    let network = """
      {
        "format": "snnsim/1", "name": "huge", "run": { "duration": 2, "engine": "exact" },
        "populations": { "n": { "model": "iaf_psc_exp", "size": 100000 } },
        "projections": { "p": { "source": "n", "target": "n", "rule": { "type": "fixed_outdegree", "k": 100000000 },
                                "weight": 1, "delay": { "dist": "uniform", "low": 1, "high": 2 } } }
      }
      """
    let path = try directory.write(network, to: "net.json")
    let check = try SnnsimProcess.run("check", path, "--json")
    let notes = try #require(check.object?["notes"] as? [String])
    #expect(notes.contains { $0.hasPrefix("p: synapses are regenerated at each spike") && $0.contains("results are the same") })
    #expect(try #require(check.object?["predicted_bytes"] as? Double) < 1e9)
    let stored = try SnnsimProcess.run("run", path, "--no-record", "--set", #"projections.p.storage="stored""#)
    #expect(stored.code == 3 && stored.stderr.contains("memory"))
  }

  @Test("Rules that can't regenerate the synapses of one source say which can")
  func otherRules() throws {
    let directory = try TemporaryDirectory()
    for rule in [#""fixed_indegree", "k": 2"#, #""fixed_total_number", "n": 9"#, #""pairwise_bernoulli", "p": 0.1"#] {
      let path = try directory.write(
        """
        { "format": "snnsim/1", "run": { "duration": 10 }, "populations": { "n": { "model": "iaf_psc_exp", "size": 9 } },
          "projections": { "p": { "source": "n", "target": "n", "storage": "procedural", "rule": { "type": \(rule) } } } }
        """, to: "net.json")
      let check = try SnnsimProcess.run("check", path)
      #expect(check.code == 2)
      #expect(check.stderr.contains("projections.p.storage: the rule"))
      #expect(check.stderr.contains(#"hint: "procedural" goes with the rules "all_to_all", "one_to_one", "fixed_outdegree""#))
    }
  }
}
