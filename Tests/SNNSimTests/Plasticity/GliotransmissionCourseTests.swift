import Foundation
import SNNTestSupport
import Testing

/// Synapses, astrocytes and the loop between them, against tools/peers/scipy_gliotransmission.py.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct GliotransmissionCourseTests {
  private struct Reference: Decodable {
    var every: Double
    var times: [Double]
    var ids: [Int]
    /// Means over the synapses: µM of neurotransmitter.
    var none, open, closed: [Double]
    /// The same of bound presynaptic receptors.
    var openBound, closedBound: [Double]
  }

  @Test("Neurotransmitter over 20 s of rising rates is SciPy's without glia, in open and in closed loop, to 1e-3 of its largest")
  func timeCourse() throws {
    let url = try #require(
      Bundle.module.url(forResource: "gliotransmission", withExtension: "json", subdirectory: "Fixtures/scipy"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    let count = reference.ids.max()! + 1
    // Cells that only hear neurotransmitter stand for the space around the synapses.
    func glia(_ target: String, _ astrocytes: String?) -> String {
      let field = astrocytes.map { #", "astrocytes": "\#($0)", "astrocyte_interval": 1"# } ?? ""
      return #"""
        { "source": "s", "target": "\#(target)", "rule": { "type": "one_to_one" }, "delay": 1,
          "plasticity": { "rule": "gliotransmission"\#(field) } }
        """#
    }
    func record(_ what: String, _ of: String) -> String {
      #"{ "what": "\#(what)", "of": "\#(of)", "every": \#(reference.every) }"#
    }
    let cells = #""model": "astrocyte_depitta_2018", "size": \#(count)"#
    let run = try WholeRun(
      """
      { "format": "snnsim/1", "run": { "duration": 20000, "resolution": 1 },
        "populations": { "none": { \(cells) }, "open": { \(cells) }, "closed": { \(cells) },
                         "O": { \(cells), "params": { "I_bias": 1 } } },
        "inputs": { "s": { "type": "spikes", "size": \(count), "times": \(reference.times), "ids": \(reference.ids) } },
        "projections": { "none": \(glia("none", nil)), "open": \(glia("open", "O")), "closed": \(glia("closed", "closed")) },
        "record": { "none": \(record("Y_S", "none")), "open": \(record("Y_S", "open")), "closed": \(record("Y_S", "closed")),
                    "openBound": \(record("Gamma_S", "O")), "closedBound": \(record("Gamma_S", "closed")) } }
      """)
    func mean(_ name: String, _ variable: String) throws -> [Double] {
      let trace = try run.trace(name, variable)
      return trace.times.indices.map { time in RuleStatisticsTests.mean(trace.values.map { $0[time] }) }
    }
    for (name, expected) in [("none", reference.none), ("open", reference.open), ("closed", reference.closed)] {
      #expect(largestDifference(try mean(name, "Y_S"), expected) < 1e-3 * expected.max()!, "\(name)")
    }
    for (name, expected) in [("openBound", reference.openBound), ("closedBound", reference.closedBound)] {
      #expect(largestDifference(try mean(name, "Gamma_S"), expected) < 1e-3, "\(name)")
    }
    // Gliotransmitter is felt at 1.1 Hz in open loop, at 11 Hz in both.
    func part(_ all: [Double], _ seconds: Range<Int>) -> Double {
      let perSecond = 1000 / Int(reference.every)
      return RuleStatisticsTests.mean(Array(all[perSecond * seconds.lowerBound..<perSecond * seconds.upperBound]))
    }
    #expect(part(reference.open, 10..<15) < 0.4 * part(reference.none, 10..<15))
    #expect(part(reference.open, 18..<20) < 0.9 * part(reference.none, 18..<20))
    #expect(part(reference.closed, 18..<20) < 0.9 * part(reference.none, 18..<20))
  }
}
