import Foundation
import SNNModels
import SNNTestSupport
import Testing

/// When NEST 3.10 lets an injected current act (tools/peers/nest_traces.py, `generators`), and that the steps of
/// ``GridTrial`` are the same.
@Suite struct CurrentTimingTests {
  struct Recording: Decodable {
    struct Case: Decodable {
      var generator: String
      var delay: Double
      var numbers: [String: Double]
      var series: [String: [Double]]
      var V_m: [Double]
    }
    var resolution: Double
    var cases: [Case]
  }

  /// The rules: with start t₀ > 0, stop t₁ and delay d the current is on in the steps inside (t₀ + d, t₁ + d]; a change at
  /// t counts from t + d on; a sine has in each step the value of its beginning, less d. A generator with start 0 begins at
  /// h instead.
  @Test("A current switched on at t with delay d acts from t + d on, as in NEST; but NEST begins at the resolution, not at 0")
  func timing() throws {
    let url = Bundle.module.url(forResource: "Fixtures/nest/generators", withExtension: "json")!
    let recording = try JSONDecoder().decode(Recording.self, from: Data(contentsOf: url))
    #expect(recording.cases.count == 15)
    let h = recording.resolution
    for c in recording.cases {
      var trial = GridTrial([IafPscDelta()], step: h, steps: c.V_m.count)
      func steps(_ t: Double) -> Int { Int((t / h).rounded()) }
      let start = max(c.numbers["start"] ?? 0, h)
      let range = steps(start + c.delay)..<steps((c.numbers["stop"] ?? 1000) + c.delay)
      for step in range {
        // The moment at the generator that this step's beginning shows.
        let t = Double(step) * h - c.delay
        trial.addCurrent(in: step..<step + 1, current(c, at: t, h))
      }
      let worst = zip(trial.run().trace("V_m"), c.V_m).map { abs($0 - $1) }.max()!
      #expect(worst < 1e-11, "\(c.generator), delay \(c.delay), \(c.numbers)")
    }
  }

  private func current(_ c: Recording.Case, at t: Double, _ h: Double) -> Double {
    switch c.generator {
    case "dc_generator": return c.numbers["amplitude"]!
    case "step_current_generator":
      let last = c.series["amplitude_times"]!.lastIndex { $0 <= t + h / 2 }
      return last.map { c.series["amplitude_values"]![$0] } ?? 0
    default:
      let phase = 2 * Double.pi * (c.numbers["frequency"]! * t / 1000 + c.numbers["phase"]! / 360)
      return c.numbers["offset"]! + c.numbers["amplitude"]! * sin(phase)
    }
  }
}
