import SNNRecording
import SNNTestSupport
import Testing

/// The small form of Izhikevich (2007), doi:10.1093/cercor/bhl152: one neuron with 100 inputs.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct DistalRewardTests {
  private static let network = """
    {
      "format": "snnsim/1", "name": "distal reward", "run": { "duration": 600000, "resolution": 1 },
      "populations": {
        "neuron": { "model": "izhikevich", "size": 1, "init": { "V_m": -65, "U_m": -13 } },
        "coincidence": {
          "model": "iaf_psc_delta", "size": 1, "init": { "V_m": 0 },
          "params": { "C_m": 100, "tau_m": 13.2, "E_L": 0, "V_reset": 0, "V_th": 15, "t_ref": 1 }
        }
      },
      "inputs": {
        "inputs": { "type": "poisson", "size": 100, "rate": 1 },
        "drive": { "type": "noise", "target": ["neuron"], "mean": 0, "std": 3.753, "dt": 1, "delay": 1 }
      },
      "projections": {
        "learned": {
          "source": "inputs", "target": "neuron", "rule": { "type": "all_to_all" }, "weight": 1, "delay": 1,
          "plasticity": {
            "rule": "stdp_dopamine", "modulator": "coincidence", "modulator_delay": 1000, "w_max": 4, "tau_plus": 20,
            "tau_minus": 20, "A_plus": 1, "A_minus": 1.5, "tau_c": 1000, "tau_n": 200, "b": -5e-5
          }
        },
        "first": {
          "source": "inputs", "target": "coincidence", "rule": { "type": "list", "pre": [0], "post": [0] }, "weight": 10, "delay": 2
        },
        "then": {
          "source": "neuron", "target": "coincidence", "rule": { "type": "list", "pre": [0], "post": [0] }, "weight": 10, "delay": 1
        },
        "closing": {
          "source": "neuron", "target": "coincidence", "rule": { "type": "list", "pre": [0], "post": [0] }, "weight": -20, "delay": 2
        }
      }
    }
    """

  @Test("Reward a second late lifts the rewarded synapse of 100 above all others within 600 s, in most of five networks")
  func rewardedIsHighest() throws {
    let directory = try TemporaryDirectory()
    let highest = try (1...5).filter { seed in
      let output = directory.file("run\(seed)")
      let outcome = try SnnsimProcess.runNetwork(Self.network, in: directory, "--seed", "\(seed)", "--output", output)
      #expect(outcome.code == 0, Comment(rawValue: outcome.stderr))
      let weights = try RunDirectory(path: output).final("weight", of: "learned")
      return weights.dropFirst().allSatisfy { $0 < weights[0] }
    }
    // Three by chance: 10⁻⁵.
    #expect(highest.count >= 3, "\(highest)")
  }
}
