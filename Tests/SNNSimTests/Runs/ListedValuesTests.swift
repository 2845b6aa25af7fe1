import Foundation
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct ListedValuesTests {
  /// What counting neurons hold after one spike of each of three sources came through a projection with `values`.
  func sums(_ rule: String, _ values: String) throws -> [Double] {
    let sources = #""s": { "type": "spikes", "size": 3, "times": [1] }"#
    let projection = #", "projections": { "p": { "source": "s", "target": "n", "rule": \#(rule), \#(values) } }"#
    let network = counting(3, duration: 10, inputs: sources)
    let end = network.range(of: "}", options: .backwards)!
    let text = network.replacingCharacters(in: end, with: projection + "}")
    return try WholeRun(text).trace("v", "V_m").values.map { $0.last!.rounded() }
  }

  @Test("A projection's list of weights gives each listed pair its own, with units")
  func listRule() throws {
    let rule = #"{ "type": "list", "pre": [0, 1, 1], "post": [2, 0, 2] }"#
    #expect(try sums(rule, #""weight": [1, "20 mV", 300]"#) == [20, 0, 301])
  }

  @Test("With one_to_one the list holds a weight for each pair")
  func oneToOne() throws {
    #expect(try sums(#"{ "type": "one_to_one" }"#, #""weight": [1, 2, 3], "delay": [1, 2, 3]"#) == [1, 2, 3])
  }

  @Test("The weights of a list win over those of its projection")
  func columnWins() throws {
    let rule = #"{ "type": "list", "pre": [0, 1], "post": [0, 1], "weight": [5, 6] }"#
    #expect(try sums(rule, #""weight": 9"#) == [5, 6, 0])
  }

  @Test("A negative poisson weight onto a conductance is refused if the receptor is given as ex")
  func negativeConductance() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      """
      { "format": "snnsim/1", "run": { "duration": 10 },
        "populations": { "n": { "model": "iaf_cond_exp", "size": 1 } },
        "inputs": { "b": { "type": "poisson", "target": "n", "rate": 1000, "receptor": "ex", "weight": -1 } } }
      """, to: "net.json")
    let check = try SnnsimProcess.run("check", path)
    #expect(check.code == 2 && check.stderr.contains("inputs.b.weight: a conductance can't be negative"))
  }

  @Test(
    "Rates over time may stand in columns named time and rate as well as time_ms and rate_hz",
    arguments: ["time,rate", "time_ms,rate_hz"])
  func rateColumns(_ header: String) throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("\(header)\n0,0\n50,200000\n60,0\n", to: "rates.csv")
    let input = #""b": { "type": "poisson", "target": "n", "rate": { "file": "rates.csv" }, "weight": 1 }"#
    let trace = try WholeRun(counting(1, duration: 100, inputs: input), in: directory).trace("v", "V_m")
    #expect(trace.value(0, at: 51).rounded() == 0)
    #expect(abs(deviation(Int(trace.values[0].last!.rounded()), 2000)) < 5)
  }
}
