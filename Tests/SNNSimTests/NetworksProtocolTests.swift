import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Networks that repeat an experiment on single synapses.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct NetworksProtocolTests {
  /// What 60 pairs of spikes add to each weight, at 0.1, 10, 20, 40, 50 Hz: pre before post, then post before pre.
  private func changes(_ arguments: String...) throws -> [Double] {
    let directory = try TemporaryDirectory()
    let output = directory.file("out")
    let outcome = try SnnsimProcess.run(["run", networkPath("Sjostrom2001"), "--quiet", "--output", output] + arguments)
    try #require(outcome.code == 0, Comment(rawValue: outcome.stderr))
    #expect(try SpikeTable.read(path: output + "/spikes.h5", population: "targets").times.count == 600)
    return try ["pre first", "post first"].flatMap {
      try NPZFile(path: output + "/weights/\($0).npz").column("weight").map { $0 - 1 }
    }
  }

  /// The tables of ``TripletTableTests``.
  @Test("Sjöström's protocol gives the weights of the triplet rule for visual cortex, full and minimal, to 0.001")
  func frequencies() throws {
    let full = try changes()
    #expect(largestDifference(full, TripletTableTests.sets[0].expected) < 0.001, "\(full)")
    let minimal = try changes(
      "--set", "parameters.A2_plus=0", "--set", "parameters.A3_plus=6.5e-3", "--set", "parameters.A2_minus=7.1e-3", "--set",
      "parameters.A3_minus=0", "--set", "parameters.tau_y=114")
    #expect(largestDifference(minimal, TripletTableTests.sets[1].expected) < 0.001, "\(minimal)")
  }

  /// Changes and standard errors as tabulated for the fit, 0.1, 10, 20, 40, 50 Hz.
  @Test("All ten changes lie within two standard errors of those that Sjöström et al. measured")
  func experiment() throws {
    let measured = [-0.04, 0.14, 0.29, 0.53, 0.56, -0.29, -0.41, -0.34, 0.56, 0.75]
    let errors = [0.05, 0.10, 0.14, 0.11, 0.26, 0.08, 0.11, 0.10, 0.32, 0.19]
    let found = try changes()
    let far = found.indices.filter { abs(found[$0] - measured[$0]) > 2 * errors[$0] }
    #expect(far.isEmpty, "\(far)")
  }
}
