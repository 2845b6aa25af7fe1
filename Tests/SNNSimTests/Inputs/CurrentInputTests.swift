import Foundation
import SNNTestSupport
import Testing

/// Currents against the closed form of a charging membrane: iaf_psc_exp, C_m 250 pF, τ_m 10 ms, so 0.04 mV/pA.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct CurrentInputTests {
  /// V_m under a current that takes the value `amplitude` (pA) at each of the moments.
  func charge(_ t: Double, _ changes: [(time: Double, amplitude: Double)]) -> Double {
    var v = -70.0
    for (i, change) in changes.enumerated() where change.time < t {
      let end = i + 1 < changes.count ? min(t, changes[i + 1].time) : t
      let final = -70 + 0.04 * change.amplitude
      v = final + (v - final) * exp(-(end - change.time) / 10)
    }
    return v
  }

  @Test(
    "dc acts from start + delay until stop + delay: the first changed sample and the whole curve", arguments: ["grid", "exact"])
  func dc(_ engine: String) throws {
    let input = #""c": { "type": "dc", "target": "n", "amplitude": 200, "start": 10, "stop": 20, "delay": 2.5, "ids": [1] }"#
    let trace = try WholeRun(quiet("iaf_psc_exp", engine: engine, duration: 50, size: 3, inputs: input)).trace("v", "V_m")
    #expect(trace.values[1].firstIndex { $0 != -70 } == trace.times.firstIndex { abs($0 - 12.6) < 1e-9 })
    let expected = trace.times.map { charge($0, [(12.5, 200), (22.5, 0)]) }
    #expect(largestDifference(trace.values[1], expected) < 1e-10)
    #expect(Set(trace.values[0] + trace.values[2]) == [-70])
  }

  @Test("A current may change between grid points on the exact engine; the grid follows at its next step")
  func offGrid() throws {
    let input = #""c": { "type": "dc", "target": "n", "amplitude": 200, "start": 10.05, "stop": 20.03, "delay": 2.5 }"#
    let exact = try WholeRun(quiet("iaf_psc_exp", engine: "exact", duration: 40, inputs: input)).trace("v", "V_m")
    #expect(largestDifference(exact.values[0], exact.times.map { charge($0, [(12.55, 200), (22.53, 0)]) }) < 1e-10)
    let grid = try WholeRun(quiet("iaf_psc_exp", engine: "grid", duration: 40, inputs: input)).trace("v", "V_m")
    #expect(largestDifference(grid.values[0], grid.times.map { charge($0, [(12.6, 200), (22.6, 0)]) }) < 1e-10)
  }

  @Test("A list of amplitudes gives each neuron its own current, a weight scales it", arguments: ["grid", "exact"])
  func amplitudes(_ engine: String) throws {
    let input = #""c": { "type": "dc", "target": "n", "amplitude": [100, -50, 0], "weight": 2, "delay": 1 }"#
    let trace = try WholeRun(quiet("iaf_psc_exp", engine: engine, duration: 20, size: 3, inputs: input)).trace("v", "V_m")
    for (values, amplitude) in zip(trace.values, [200.0, -100, 0]) {
      #expect(largestDifference(values, trace.times.map { charge($0, [(1, amplitude)]) }) < 1e-10)
    }
  }

  @Test("steps takes each amplitude at its time plus the delay", arguments: ["grid", "exact"])
  func steps(_ engine: String) throws {
    let input = """
      "c": { "type": "steps", "target": "n", "times": [5, 15, 15.3, 30], "amplitudes": [100, -200, 300, 0], "delay": 0.5,
             "stop": 28 }
      """
    let trace = try WholeRun(quiet("iaf_psc_exp", engine: engine, duration: 45, inputs: input)).trace("v", "V_m")
    let expected = trace.times.map { charge($0, [(5.5, 100), (15.5, -200), (15.8, 300), (28.5, 0)]) }
    #expect(largestDifference(trace.values[0], expected) < 1e-10)
  }

  @Test("steps reads both of its lists from a table")
  func stepsFromFile() throws {
    let directory = try TemporaryDirectory()
    let table = try directory.write("time,amplitude\n5,100\n15,-200.5\n30,0\n", to: "steps.csv")
    func input(_ more: String) -> String { #""c": { "type": "steps", "target": "n", "delay": 0.5, \#(more) }"# }
    let network = quiet("iaf_psc_exp", engine: "grid", duration: 45, inputs: input(#""file": "\#(table)""#))
    let trace = try WholeRun(network, in: directory).trace("v", "V_m")
    let expected = trace.times.map { charge($0, [(5.5, 100), (15.5, -200.5), (30.5, 0)]) }
    #expect(largestDifference(trace.values[0], expected) < 1e-10)
    for (fields, problem) in [
      (#""times": [1]"#, "needs either \"times\" and \"amplitudes\" or a \"file\""),
      (#""times": [1], "amplitudes": [1], "file": "\#(table)""#, "needs either"),
      (#""times": [1, 2], "amplitudes": [1]"#, "inputs.c.amplitudes: 1 amplitudes for 2 times"),
    ] {
      let path = try directory.write(quiet("iaf_psc_exp", engine: "grid", duration: 45, inputs: input(fields)), to: "net.json")
      let outcome = try SnnsimProcess.run("check", path)
      #expect(outcome.code == 2 && outcome.stderr.contains(problem), "\(outcome.stderr)")
    }
  }

  @Test("sine is offset + amplitude sin(2π f t + phase), constant over each step of its source", arguments: ["grid", "exact"])
  func sine(_ engine: String) throws {
    let input = """
      "c": { "type": "sine", "target": "n", "amplitude": 150, "offset": 40, "frequency": 25, "phase": 30, "start": 5, "delay": 1,
             "stop": 60 }
      """
    let trace = try WholeRun(quiet("iaf_psc_exp", engine: engine, duration: 80, inputs: input)).trace("v", "V_m")
    var changes: [(time: Double, amplitude: Double)] = []
    for s in 50..<600 {
      let t = Double(s) / 10
      changes.append((t + 1, 40 + 150 * sin(2 * .pi * 25 * t / 1000 + 30 * .pi / 180)))
    }
    changes.append((61, 0))
    #expect(largestDifference(trace.values[0], trace.times.map { charge($0, changes) }) < 1e-9)
  }

  @Test("noise has its mean and standard deviation, holds each value for dt and is independent between neurons")
  func noise() throws {
    let input = #""c": { "type": "noise", "target": "n", "mean": 120, "std": 300, "dt": 0.5, "delay": 1 }"#
    let size = 12
    let grid = try WholeRun(quiet("iaf_psc_exp", engine: "grid", duration: 1001, size: size, inputs: input)).trace("v", "V_m")
    let exact = try WholeRun(quiet("iaf_psc_exp", engine: "exact", duration: 1001, size: size, inputs: input)).trace("v", "V_m")
    // The same currents on both engines; sums of some 2,000 changes round differently.
    for (a, b) in zip(grid.values, exact.values) { #expect(largestDifference(a, b) < 1e-9) }
    // The current of each step follows from V_m before and after it.
    let p = exp(-0.1 / 10)
    let currents = grid.values.map { v in
      (10..<10_010).map { i in ((v[i] + 70) - p * (v[i - 1] + 70)) / ((1 - p) * 0.04) }
    }
    var held: [[Double]] = []
    for current in currents {
      for i in current.indices { #expect(abs(current[i] - current[i / 5 * 5]) < 1e-6) }
      held.append(stride(from: 0, to: current.count, by: 5).map { current[$0] })
    }
    // 24,000 values: limits of 4.5 standard errors.
    let all = held.flatMap { $0 }
    let n = Double(all.count)
    let mean = all.reduce(0, +) / n
    let sd = (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
    #expect(abs(mean - 120) < 4.5 * 300 / n.squareRoot())
    #expect(abs(sd - 300) < 4.5 * 300 / (2 * n).squareRoot())
    for (a, b) in [(held[0], held[1]), (held[3], held[11]), (held[5], Array(held[5].dropFirst()) + [120])] {
      let covariance = zip(a, b).reduce(0) { $0 + ($1.0 - 120) * ($1.1 - 120) } / Double(a.count)
      #expect(abs(covariance / 90_000) < 4.5 / Double(a.count).squareRoot())
    }
  }
}
