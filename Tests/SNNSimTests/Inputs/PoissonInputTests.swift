import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Poisson trains counted by neurons that sum their input. A count of mean m has standard deviation √m; limits are 4.5 of
/// them, which a right program exceeds once in 150,000 draws (the seed is fixed).
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct PoissonInputTests {
  /// Counts per neuron in bins of `every` ms.
  func counts(_ trace: Trace) -> [[Int]] {
    trace.values.map { v in v.indices.map { Int((v[$0] - ($0 == 0 ? 0 : v[$0 - 1])).rounded()) } }
  }

  @Test(
    "Rate, variance and independence are those of Poisson trains, for few and many spikes per step",
    arguments: [("grid", 15.0), ("grid", 20_000), ("grid", 1e7), ("exact", 15), ("exact", 20_000)])
  func statistics(_ engine: String, _ rate: Double) throws {
    let duration = rate < 100 ? 20_000.0 : engine == "exact" ? 100 : 400
    let size = 64
    let input = #""p": { "type": "poisson", "target": "n", "rate": \#(rate), "weight": 1, "delay": 1 }"#
    let bin = duration / 100
    let trace = try WholeRun(
      counting(size, duration: duration + 1, engine: engine, every: bin, inputs: input)
    ).trace("v", "V_m")
    let counts = counts(trace)
    // The delay takes 1 ms off the first bin.
    let bins = counts.map { Array($0[1..<100]) }
    let mean = rate * bin / 1000
    let n = Double(size * 99)
    #expect(abs(deviation(bins.joined().reduce(0, +), mean * n)) < 4.5)
    // Var of (k − m)² is m + 2m².
    let spread = bins.joined().reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
    #expect(abs(spread - mean) < 4.5 * ((mean + 2 * mean * mean) / n).squareRoot())
    // Neighbouring neurons, and one neuron in successive bins, are uncorrelated.
    var acrossNeurons = 0.0
    var acrossTime = 0.0
    for i in 0..<size - 1 {
      for b in 0..<98 {
        acrossNeurons += (Double(bins[i][b]) - mean) * (Double(bins[i + 1][b]) - mean)
        acrossTime += (Double(bins[i][b]) - mean) * (Double(bins[i][b + 1]) - mean)
      }
    }
    let limit = 4.5 * mean * Double((size - 1) * 98).squareRoot()
    #expect(abs(acrossNeurons) < limit)
    #expect(abs(acrossTime) < limit)
  }

  @Test("The numbers of a step have the probabilities of a Poisson distribution: 2 per step, 64,000 steps")
  func distribution() throws {
    let input = #""p": { "type": "poisson", "target": "n", "rate": 20000, "weight": 1, "delay": 0.1 }"#
    let trace = try WholeRun(counting(64, duration: 100.1, every: 0.1, inputs: input)).trace("v", "V_m")
    let all = counts(trace).flatMap { $0.dropFirst() }
    var probability = exp(-2.0)
    var chiSquared = 0.0
    for k in 0..<8 {
      let expected = probability * Double(all.count)
      let found = Double(all.filter { $0 == k }.count)
      chiSquared += (found - expected) * (found - expected) / expected
      probability *= 2 / Double(k + 1)
    }
    // χ² of 8 degrees of freedom exceeds 38 with probability 1e-5.
    #expect(chiSquared < 38)
  }

  @Test("A list of rates gives each train its own; ids choose the neurons, in their order", arguments: ["grid", "exact"])
  func lists(_ engine: String) throws {
    let inputs = """
      "a": { "type": "poisson", "target": "n", "rate": [0, 500, 5000, 50, 20000], "weight": 1, "ids": [5, 0, 1, 2, 4] },
      "b": { "type": "poisson", "target": "n", "rate": 1000, "weight": [1000000, 2000000], "ids": [3, 6] }
      """
    let v = try WholeRun(counting(7, duration: 2001, engine: engine, every: 2001, inputs: inputs)).trace("v", "V_m")
    let totals = v.values.map { Int($0[0].rounded()) }
    for (neuron, rate) in [(0, 500.0), (1, 5000), (2, 50), (4, 20_000)] {
      #expect(abs(deviation(totals[neuron], rate * 2)) < 4.5)
    }
    #expect(totals[5] == 0)
    let (third, sixth) = ((v.values[3][0] / 1e6).rounded(), (v.values[6][0] / 2e6).rounded())
    #expect(abs(v.values[3][0] / 1e6 - third) < 0.01 && abs(v.values[6][0] / 2e6 - sixth) < 0.01)
    #expect(abs(deviation(Int(third), 2000)) < 4.5 && abs(deviation(Int(sixth), 2000)) < 4.5)
    #expect(third != sixth)
  }

  @Test(
    "A rate over time is followed from CSV and npz; nothing comes before the first or in a silent part",
    arguments: ["grid", "exact"])
  func varyingRate(_ engine: String) throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("time_ms,rate_hz\n10,2000\n50,0\n100,30000\n150,400\n", to: "rate.csv")
    try NPZFile.write(
      [("time_ms", NPYArray([10.0, 50, 100, 150])), ("rate_hz", NPYArray([2000.0, 0, 30_000, 400]))],
      to: directory.file("rate.npz"))
    var totals: [[Int]] = []
    for file in ["rate.csv", "rate.npz"] {
      let input = #""p": { "type": "poisson", "target": "n", "rate": { "file": "\#(file)" }, "weight": 1, "delay": 1 }"#
      let trace = try WholeRun(
        counting(50, duration: 201, engine: engine, every: 1, inputs: input), in: directory
      ).trace("v", "V_m")
      let perStep = counts(trace)
      // Bin b holds what arrived in (b, b + 1] ms, so what was emitted in (b − 1, b].
      func sum(_ emitted: Range<Int>) -> Int {
        perStep.reduce(0) { $0 + $1[emitted.lowerBound + 1..<emitted.upperBound + 1].reduce(0, +) }
      }
      let parts = [sum(0..<10), sum(10..<50), sum(50..<100), sum(100..<150), sum(150..<200)]
      #expect(parts[0] == 0 && parts[2] == 0)
      #expect(abs(deviation(parts[1], 50 * 80)) < 4.5)
      #expect(abs(deviation(parts[3], 50 * 1500)) < 4.5)
      #expect(abs(deviation(parts[4], 50 * 20)) < 4.5)
      totals.append(perStep.flatMap { $0 })
    }
    #expect(totals[0] == totals[1])
  }

  @Test("start and stop bound the emission, the delay the arrival", arguments: ["grid", "exact"])
  func window(_ engine: String) throws {
    let input = #""p": { "type": "poisson", "target": "n", "rate": 50000, "weight": 1, "start": 20, "stop": 30, "delay": 5 }"#
    let trace = try WholeRun(counting(20, duration: 50, engine: engine, every: 0.1, inputs: input)).trace("v", "V_m")
    #expect(trace.values.allSatisfy { $0[249] == 0 && $0[349].rounded() == $0.last!.rounded() })
    #expect(abs(deviation(trace.values.reduce(0) { $0 + Int($1.last!.rounded()) }, 20 * 500)) < 4.5)
    #expect(trace.values.contains { $0[250] > 0 } && trace.values.contains { $0[349] > $0[348] + 0.5 })
  }

  @Test("Poisson sources with a size fire as recorded, and every spike reaches its targets", arguments: ["grid", "exact"])
  func sources(_ engine: String) throws {
    let network = """
      {
        "format": "snnsim/1", "name": "sources", "run": { "duration": 500, "engine": "\(engine)", "seed": 2 },
        "populations": {
          "n": { "model": "iaf_psc_delta", "size": 30, "params": { "tau_m": 1e9, "E_L": 0, "V_th": 1e12, "V_reset": -1 } }
        },
        "inputs": { "s": { "type": "poisson", "size": 30, "rate": 300 } },
        "projections": { "p": { "source": "s", "target": "n", "rule": { "type": "one_to_one" }, "weight": 1, "delay": 2.5 } },
        "record": { "v": { "what": "V_m", "of": "n", "every": 0.1 }, "s": { "what": "spikes", "of": "s" } }
      }
      """
    let run = try WholeRun(network)
    let spikes = try run.spikes("s")
    let trace = try run.trace("v", "V_m")
    #expect(abs(deviation(spikes.times.count, 30 * 150)) < 4.5)
    for id in 0..<30 {
      let arrivals = zip(spikes.times, spikes.ids).filter { $0.1 == UInt32(id) }.map { $0.0 + 2.5 }
      let expected = trace.times.map { t in Double(arrivals.filter { $0 <= t + 1e-9 }.count) }
      #expect(trace.values[id].map { $0.rounded() } == expected)
    }
  }

  @Test("A parrot repeats every spike it gets, several in one step included")
  func parrots() throws {
    let more = #", "p": { "model": "parrot_neuron", "size": 2 }"#
    let network = counting(
      2, duration: 200,
      inputs:
        #""s": { "type": "poisson", "target": "p", "rate": 20000, "delay": 1 }, "t": { "type": "spikes", "target": "p", "times": [3, 3, 3], "delay": 1 }"#,
      more: more, records: #", "s": { "what": "spikes", "of": "p" }"#
    ).replacingOccurrences(
      of: #""record":"#,
      with:
        #""projections": { "c": { "source": "p", "target": "n", "rule": { "type": "one_to_one" }, "weight": 1, "delay": 0.1 } }, "record":"#
    )
    let run = try WholeRun(network)
    let spikes = try run.spikes("p")
    let last = try run.trace("v", "V_m").values.map { $0.last!.rounded() }
    for id in 0..<2 {
      let own = zip(spikes.times, spikes.ids).filter { $0.1 == UInt32(id) }.map(\.0)
      #expect(Double(own.filter { $0 <= 199.9 + 1e-9 }.count) == last[id])
      // 199 ms at 20 kHz and three given spikes.
      #expect(abs(deviation(own.count - 3, 199 * 20)) < 4.5)
      #expect(own.filter { abs($0 - 4) < 1e-9 }.count >= 3)
    }
  }
}
