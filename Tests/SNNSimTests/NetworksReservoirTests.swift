import Foundation
import SNNTestSupport
import Testing

/// The reservoir that adapts its inhibition, beside the same reservoir as it was drawn.
@Suite(
  .enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)),
  .enabled(if: Python.has("h5py", "numpy"), "needs Python with h5py and numpy"))
struct NetworksReservoirTests {
  private struct Result: Decodable {
    struct Rates: Decodable { var mean, sd, low, high: Double }
    var memoryCapacity: Double
    var ratesHz: [String: Rates]
  }

  @Test("A liquid whose inhibition adapted to 10 Hz remembers 1.3 times as much as one in which excitation dominates")
  func memoryCapacity() throws {
    let directory = try TemporaryDirectory()
    let outputs = try [10, 0].map { eta in
      let output = directory.file("eta-\(eta)")
      let outcome = try SnnsimProcess.run(
        "run", networkPath("SrinivasanPlenzGirvan2025"), "--quiet", "--output", output, "--set", "parameters.eta=\(eta)", "--set",
        "parameters.adapt=20000", "--duration", "60000")
      try #require(outcome.code == 0, Comment(rawValue: outcome.stderr))
      return output
    }
    let tool = try String(contentsOfFile: SnnsimProcess.root.path + "/tools/memory_capacity", encoding: .utf8)
    let text = try Python.run(tool, outputs[0], outputs[1], "--from", "20000", "--json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let results = try decoder.decode([Result].self, from: Data(text.utf8))
    let (adapted, drawn) = (results[0], results[1])
    #expect(adapted.memoryCapacity > 1.3 * drawn.memoryCapacity, "\(adapted) beside \(drawn)")
    for (name, rates) in adapted.ratesHz { #expect(abs(rates.mean - 10) < 2, "\(name): \(rates)") }
    for (name, rates) in drawn.ratesHz { #expect(rates.mean > 50, "\(name): \(rates)") }
  }
}
