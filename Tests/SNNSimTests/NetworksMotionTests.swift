import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// The motif detector of Grimaldi and Perrinet: what a run of it leaves, and what its units would say with fewer lines.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct NetworksMotionTests {
  static let (pixels, directions, lines, middle) = (81, 8, 9, UInt32(40))

  /// An event in the middle of the field while nothing is learned.
  struct Event {
    /// The step in which units sum it up.
    var step: Int
    var direction: Int
    /// V_m of each unit less what the event itself gives all of them.
    var evidence: [Double]
    /// The lines that deliver something in this step: pixel and delay.
    var arrivals: [(pixel: Int, delay: Int)]
  }

  static func run() throws -> (weights: [[Double]], events: [Event]) {
    let directory = try TemporaryDirectory()
    let output = directory.file("out")
    let outcome = try SnnsimProcess.run("run", networkPath("Grimaldi2023_motion"), "--quiet", "--output", output)
    try #require(outcome.code == 0, Comment(rawValue: outcome.stderr))
    // By delay: pixel after pixel, the weights onto each unit.
    let weights = try (1...lines).map { try NPZFile(path: output + "/weights/line \($0).npz").column("weight") }
    let table = try SpikeTable.read(path: output + "/spikes.h5", population: "pixels")
    var pixels = [[Int]](repeating: [], count: 32_100)
    for (time, id) in zip(table.times, table.ids) { pixels[Int(time.rounded())].append(Int(id)) }
    let record = try NPZFile(path: output + "/records/evidence.npz")
    let (times, values) = (try record.column("times"), try record.array("V_m").doubles)
    let shown = try directionShown()
    var events: [Event] = []
    for (row, time) in times.enumerated() where time > 16_020 {
      let step = Int(time.rounded())
      let middle = pixels[step - 1].count { $0 == Int(Self.middle) }
      guard middle > 0 else { continue }
      let arrivals = (1...lines).flatMap { delay in pixels[step - delay].map { (pixel: $0, delay: delay) } }
      events.append(
        Event(
          // A dot takes 5 to 7 ms from the edge to the middle.
          step: step, direction: shown[step - 7],
          evidence: values[row * directions..<(row + 1) * directions].map { $0 - 100 * Double(middle) }, arrivals: arrivals))
    }
    return (weights, events)
  }

  /// The direction that dots set out in, by ms.
  private static func directionShown() throws -> [Int] {
    var shown = [Int](repeating: -1, count: 33_000)
    for direction in 0..<directions {
      let path = SnnsimProcess.root.path + "/networks/data/Grimaldi2023_\(45 * direction)_rate.csv"
      let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst().map {
        $0.split(separator: ",").map { Double($0)! }
      }
      for (row, next) in zip(rows, rows.dropFirst() + [[33_000, 0]]) where row[1] > 0 {
        for time in Int(row[0])..<min(33_000, Int(next[0])) { shown[time] = direction }
      }
    }
    return shown
  }

  @Test("Eight directions are told apart, by few of the lines, but not by short ones only")
  func accuracy() throws {
    let (weights, events) = try Self.run()
    #expect(events.count > 500)
    func evidence(_ event: Event, _ isKept: (Double, Int) -> Bool) -> [Double] {
      var sums = [Double](repeating: 0, count: Self.directions)
      for (pixel, delay) in event.arrivals {
        for unit in 0..<Self.directions {
          let weight = weights[delay - 1][pixel * Self.directions + unit]
          if isKept(weight, delay) { sums[unit] += weight }
        }
      }
      return sums
    }
    func correct(_ sums: (Event) -> [Double]) -> Double {
      let right = events.count { event in
        let all = sums(event)
        return all.firstIndex(of: all.max()!) == event.direction
      }
      return Double(right) / Double(events.count)
    }
    // Spikes through delay lines give what the sum over all of them gives.
    for event in events {
      #expect(zip(event.evidence, evidence(event) { _, _ in true }).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    let all = correct(\.evidence)
    #expect(all >= 0.8, "\(all)")
    let sorted = weights.joined().sorted(by: >)
    func pruned(_ part: Double) -> Double {
      let least = sorted[Int(part * Double(sorted.count)) - 1]
      return correct { evidence($0) { weight, _ in weight >= least } }
    }
    #expect(pruned(0.1) > all - 0.05)
    let shortened = correct { evidence($0) { _, delay in delay <= 3 } }
    #expect(shortened < pruned(1.0 / 3) - 0.05, "\(shortened)")
    #expect(pruned(0.002) < all - 0.1)
  }
}
