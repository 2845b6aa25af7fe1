import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// The package of the article "Write a learning rule", built as its author would.
@Suite struct ExampleRuleTests {
  private static let rule = ExamplePackage.folder.appendingPathComponent("Sources/MySnnsim/NonHebbianSTDP.swift")

  @Test("The article shows exactly the rule that is built here, in under 60 lines")
  func articleShowsThisCode() throws {
    let code = try String(contentsOf: Self.rule, encoding: .utf8)
    let article = try String(
      contentsOf: SnnsimProcess.root.appendingPathComponent("Sources/SNNSim/SNNSim.docc/Articles/WriteALearningRule.md"),
      encoding: .utf8)
    #expect(article.contains("```swift\n" + code + "```"))
    #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count < 60)
  }

  @Test("A rule of a package of its own runs in that package's snnsim, and agrees with a sum over all pairs of spikes")
  func ruleOfAnotherPackage() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network, to: "net.json")
    let outcome = try ExamplePackage.snnsim("run", path, "--quiet", "--output", directory.path + "/out", "--progress", "none")
    #expect(outcome.code == 0, "\(outcome.stderr)")
    let weights = try NPZFile(path: directory.path + "/out/weights/p.npz").column("weight")
    #expect(weights.count == 1)
    #expect(abs(weights[0] - Self.expected) < 1e-12)
    #expect(abs(weights[0] - 0.5) > 1e-4)
  }

  private static let pre = [10.0, 12, 30, 55.5, 71, 90]
  private static let post = [11.5, 33, 54, 72, 73.5]

  /// One synapse onto a neuron that a strong input makes spike at given times.
  private static let network = """
    { "format": "snnsim/1", "run": { "duration": 120, "resolution": 0.1 },
      "populations": { "n": { "model": "iaf_psc_delta", "size": 1, "params": { "t_ref": 0 } } },
      "inputs": {
        "pre": { "type": "spikes", "size": 1, "times": \(pre) },
        "drive": { "type": "spikes", "target": "n", "weight": 1000, "delay": 1, "times": \(post.map { $0 - 1 }) }
      },
      "projections": {
        "p": { "source": "pre", "target": "n", "rule": { "type": "all_to_all" }, "weight": 0.5, "delay": 1.2,
               "plasticity": { "rule": "stdp_non_hebbian", "A_plus": 0.8, "tau_minus": 20, "eta": 0.1 } }
      } }
    """

  /// Far from the bounds, so that the changes of all spikes and pairs simply add up.
  private static var expected: Double {
    var sum = Double(pre.count) * 0.1 - Double(post.count) * 0.1
    for a in pre {
      for b in post {
        let lag = b + 1.2 - a
        sum += lag > 0 ? 0.8 * exp(-lag / 10) : -exp(lag / 20)
      }
    }
    return 0.5 + 0.1 * sum
  }
}
