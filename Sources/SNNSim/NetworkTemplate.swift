/// A commented network to start from: what `snnsim new` prints.
public struct NetworkTemplate: Sendable {
  public let name: String
  public let summary: String
  public let text: String

  public static let all = [single, balanced, sparse]

  static let single = NetworkTemplate(
    name: "single", summary: "one neuron with a current and a few input spikes, its membrane potential recorded",
    text: """
      // One neuron: how a network file looks. Run it with:      snnsim run FILE
      // See its trace with:                                     snnsim plot DIR traces
      {
        "format": "snnsim/1",
        "name": "single",
        "run": { "duration": 200, "resolution": 0.1, "seed": 1 },        // ms
        "populations": {
          "neuron": { "model": "iaf_psc_exp", "size": 1, "params": { "tau_m": 10, "V_th": -55 } }   // `snnsim models iaf_psc_exp`
        },
        "inputs": {
          "current": { "type": "dc", "target": "neuron", "amplitude": "450 pA", "start": 50, "stop": 150 },
          "spikes": { "type": "spikes", "target": "neuron", "times": [10, 20, 30], "weight": 300, "delay": 1 }
        },
        "record": {
          "spikes": { "what": "spikes", "of": "neuron" },
          "voltage": { "what": "V_m", "of": "neuron", "every": 0.1 }
        }
      }

      """)

  static let balanced = NetworkTemplate(
    name: "balanced", summary: "1,000 excitatory and inhibitory neurons with Poisson input",
    text: """
      // A balanced random network after Brunel (2000). Run it with:   snnsim run FILE
      // Change a value without editing:                               snnsim run FILE --set parameters.g=4
      {
        "format": "snnsim/1",
        "name": "balanced",
        "parameters": { "J": 0.5, "g": 6 },                    // mV, and inhibition relative to excitation
        "run": { "duration": 1000, "seed": 1 },
        "populations": {
          "E": {
            "model": "iaf_psc_delta", "size": 800,
            "params": { "tau_m": 20, "E_L": 0, "V_reset": 10, "V_th": 20, "t_ref": 2, "C_m": 250 },
            "init": { "V_m": { "dist": "uniform", "low": 0, "high": 20 } }
          },
          "I": { "like": "E", "size": 200 }
        },
        "inputs": {
          "background": { "type": "poisson", "target": ["E", "I"], "rate": 3000, "weight": "${J}", "delay": 1.5 }
        },
        "projections": {
          "E->": { "source": "E", "target": ["E", "I"], "rule": { "type": "fixed_indegree", "k": 80 }, "weight": "${J}", "delay": 1.5 },
          "I->": { "source": "I", "target": ["E", "I"], "rule": { "type": "fixed_indegree", "k": 20 }, "weight": "${-g * J}", "delay": 1.5 }
        },
        "record": {
          "spikes": { "what": "spikes", "of": ["E", "I"] },
          "rate": { "what": "rate", "of": ["E", "I"], "every": 5 }
        }
      }

      """)

  static let sparse = NetworkTemplate(
    name: "exact", summary: "two neurons on the exact engine: spike times off the grid and real-valued delays",
    text: """
      // Spike times are found to better than 1e-6 ms, and a delay may be any real number.
      {
        "format": "snnsim/1",
        "name": "exact",
        "run": { "duration": 500, "engine": "exact", "seed": 1 },
        "populations": {
          "a": { "model": "iaf_psc_alpha", "size": 1, "params": { "I_e": 400 } },
          "b": { "model": "iaf_psc_alpha", "size": 1, "params": { "I_e": 370 } }
        },
        "projections": {
          "a->b": { "source": "a", "target": "b", "rule": { "type": "all_to_all" }, "weight": 50, "delay": 1.23456 },
          "b->a": { "source": "b", "target": "a", "rule": { "type": "all_to_all" }, "weight": -50, "delay": 2.71828 }
        },
        "record": { "spikes": { "what": "spikes", "of": ["a", "b"] } }
      }

      """)
}
