import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// The single cell of Vogels et al. (2011), doi:10.1126/science.1211095, figure 2: 800 excitatory and 200 inhibitory inputs in
/// eight groups, of which one excites much more than others; inhibition learns to match.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct InhibitoryBalanceTests {
  static let (seconds, target) = (300.0, 5.0)

  /// A cell whose groups fire at a rate of `rates(group)`, which is the value of a poisson input's field.
  private func run(in directory: TemporaryDirectory, rates: (Int) -> String) throws -> WholeRun {
    // The tuning of the paper, for the fifth group.
    let tuning = (0..<8).map { 0.3 + 1.1 / (1 + pow(Double($0 - 4), 4)) }
    let inputs = (0..<8).map { group in
      """
      "E\(group)": { "type": "poisson", "size": 100, "rate": \(rates(group)) },
      "I\(group)": { "type": "poisson", "size": 25, "rate": \(rates(group)) }
      """
    }
    let projections = (0..<8).map { group in
      """
      "E\(group)": { "source": "E\(group)", "target": "n", "rule": { "type": "all_to_all" }, "weight": \(0.2 * tuning[group]),
                    "delay": 2 },
      "I\(group)": { "source": "I\(group)", "target": "n", "rule": { "type": "all_to_all" }, "weight": -1e-9, "delay": 2,
                    "plasticity": "balance" }
      """
    }
    return try WholeRun(
      """
      {
        "format": "snnsim/1", "run": { "duration": \(Self.seconds * 1000), "resolution": 0.2, "seed": 3 },
        "populations": {
          "n": { "model": "iaf_cond_exp", "size": 1,
                 "params": { "C_m": 200, "g_L": 10, "E_L": -60, "V_th": -50, "V_reset": -60, "E_ex": 0, "E_in": -80,
                             "tau_syn_ex": 5, "tau_syn_in": 10, "t_ref": 5 } }
        },
        "inputs": { \(inputs.joined(separator: ", ")) },
        "rules": {
          "balance": { "rule": "vogels_sprekeler", "eta": 0.005, "tau": 20, "alpha": \(2 * 0.02 * Self.target), "w_max": 10 }
        },
        "projections": { \(projections.joined(separator: ", ")) },
        "record": {
          "spikes": { "what": "spikes", "of": "n" },
          "gE": { "what": "g_ex", "of": "n", "every": 2, "from": 150000 },
          "gI": { "what": "g_in", "of": "n", "every": 2, "from": 150000 },
          "v": { "what": "V_m", "of": "n", "every": 2, "from": 150000 }
        }
      }
      """, in: directory)
  }

  private func rate(_ run: WholeRun, from begin: Double, to end: Double) throws -> Double {
    Double(try run.spikes("n").times.count { $0 > begin * 1000 && $0 <= end * 1000 }) / (end - begin)
  }

  @Test("Under independent Poisson inputs at 5 to 10 Hz the rate goes to alpha / (2 tau), within 10 %")
  func rate() throws {
    let run = try run(in: TemporaryDirectory()) { "\(5 + 5 * Double($0) / 7)" }
    let (before, after) = (try rate(run, from: 0, to: 1), try rate(run, from: 150, to: Self.seconds))
    #expect(before > 2 * Self.target, "\(before) Hz at first")
    #expect(abs(after - Self.target) < 0.1 * Self.target, "\(after) Hz")
  }

  @Test("Where both kinds of a group are modulated together, excitatory and inhibitory currents correlate above 0.8")
  func currents() throws {
    let directory = try TemporaryDirectory()
    var draws = Draws(seed: 12)
    for group in 0..<8 {
      // A quarter of the time on, in pieces of 100 ms; 7.5 Hz on average.
      let lines = (0..<Int(Self.seconds * 10)).map { "\($0 * 100),\(draws.chance(0.25) ? 24 : 2)" }
      _ = try directory.write((["time,rate"] + lines).joined(separator: "\n") + "\n", to: "\(group).csv")
    }
    let run = try run(in: directory) { #"{ "file": "\#($0).csv" }"# }
    let after = try rate(run, from: 150, to: Self.seconds)
    let v = try run.trace("v", "V_m").values[0]
    let excitatory = zip(try run.trace("gE", "g_ex").values[0], v).map { $0 * (0 - $1) }
    let inhibitory = zip(try run.trace("gI", "g_in").values[0], v).map { $0 * ($1 + 80) }
    #expect(correlation(excitatory, inhibitory) > 0.8, "\(correlation(excitatory, inhibitory))")
    #expect(abs(after - Self.target) < 0.3 * Self.target, "\(after) Hz")
    // Inhibition is strong where excitation is.
    let weights = try (0..<8).map { group in
      RuleStatisticsTests.mean(try NPZFile(path: run.output + "/weights/I\(group).npz").column("weight").map(abs))
    }
    #expect(weights.indices.max { weights[$0] < weights[$1] } == 4, "\(weights)")
  }
}

/// Pearson's correlation of two lists.
func correlation(_ a: [Double], _ b: [Double]) -> Double {
  let (meanA, meanB) = (RuleStatisticsTests.mean(a), RuleStatisticsTests.mean(b))
  var (ab, aa, bb) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    ab += (x - meanA) * (y - meanB)
    aa += (x - meanA) * (x - meanA)
    bb += (y - meanB) * (y - meanB)
  }
  return ab / (aa * bb).squareRoot()
}
