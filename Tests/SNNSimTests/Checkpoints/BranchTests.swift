import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Runs that begin with the state of another.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct BranchTests {
  private func interrupted(_ directory: TemporaryDirectory, _ network: String, at moment: Double) throws -> String {
    let path = try directory.write(network, to: "net.json")
    let output = directory.file("first")
    let outcome = try SnnsimProcess.run("run", path, "--quiet", "--output", output, "--interrupt-at", "\(moment)")
    try #require(outcome.code == 130, "\(outcome.stderr)")
    return output
  }

  @Test("Without a change, a branch has the spikes that the run has after the checkpoint", arguments: ["grid", "exact"])
  func sameState(_ engine: String) throws {
    let one = SamenessTests.cases.first { $0.model == "iaf_psc_exp" && $0.engine == engine }!
    let directory = try TemporaryDirectory()
    let first = try interrupted(directory, one.network(60), at: 30)
    let whole = try WholeRun(one.network(60))
    let branch = try SnnsimProcess.run("run", "--from", first, "--json", "--output", directory.file("branch"))
    #expect(branch.code == 0, "\(branch.stderr)")
    for name in ["A", "B"] {
      let (a, b) = (try whole.spikes(name), try SpikeTable.read(path: directory.file("branch/spikes.h5"), population: name))
      let count = a.times.prefix { $0 <= 30 }.count
      #expect(Array(a.times[count...]) == b.times && Array(a.ids[count...]) == b.ids && b.times.count > 50)
    }
  }

  @Test("Parameters that are changed have effect from the checkpoint on, and a run may be made longer")
  func changed() throws {
    let one = SamenessTests.cases[2]
    let directory = try TemporaryDirectory()
    let first = try interrupted(directory, one.network(60), at: 30)
    let checkpoint = first + "/checkpoints/000001.checkpoint"
    func spikes(_ arguments: String...) throws -> Int {
      let output = directory.file(UUID().uuidString)
      let outcome = try SnnsimProcess.run(["run", "--from", checkpoint, "--json", "--output", output] + arguments)
      #expect(outcome.code == 0, "\(outcome.stderr)")
      #expect(try SpikeTable.read(path: output + "/spikes.h5", population: "A").times.first ?? 31 > 30)
      return outcome.object?["spikes"] as? Int ?? 0
    }
    let plain = try spikes()
    #expect(try spikes("--duration", "90") > plain)
    #expect(try spikes("--set", "inputs.p.rate=9000") > 2 * plain)
    #expect(try spikes("--set", "populations.A.params.V_th=1e6", "--set", "populations.B.params.V_th=1e6") < plain / 10)
    #expect(try spikes("--set", "parameters.w=5") != plain)
  }

  @Test(
    "What the state does not allow is refused with its path",
    arguments: [
      ("populations.A.size=2600", "populations.A.size"), ("run.seed=9", "run.seed"), ("run.resolution=0.05", "run.resolution"),
      ("projections.A->.delay=2", "projections.A->.delay"), ("populations.A.model=iaf_psc_alpha", "populations.A.model"),
      ("projections.B->.rule.p=0.1", "projections.B->.rule.p"), ("run.duration=20", "run.duration"),
    ])
  func refused(_ change: String, _ path: String) throws {
    let directory = try TemporaryDirectory()
    let first = try interrupted(directory, SamenessTests.cases[2].network(60), at: 30)
    let outcome = try SnnsimProcess.run("run", "--from", first, "--output", directory.file("b"), "--set", change)
    #expect(outcome.code == 2 && outcome.stderr.contains(path), "\(outcome.stderr)")
    #expect(!FileManager.default.fileExists(atPath: directory.file("b/spikes.h5")))
  }

  @Test("Learned weights are the checkpoint's")
  func learned() throws {
    let directory = try TemporaryDirectory()
    let network = PlasticRunTests.network(#"{ "rule": "stdp", "lambda": 0.05, "w_max": 1 }"#, "grid")
    let first = try interrupted(directory, network, at: 50)
    let refused = try SnnsimProcess.run(
      "run", "--from", first, "--set", "projections.learn.weight=0.2", "--output", directory.file("a"))
    #expect(refused.code == 2 && refused.stderr.contains("projections.learn.weight"), "\(refused.stderr)")
    let rule = try SnnsimProcess.run(
      "run", "--from", first, "--set", "projections.learn.plasticity.lambda=0", "--output", directory.file("a"))
    #expect(rule.code == 2 && rule.stderr.contains("yet to meet"), "\(rule.stderr)")
    let frozen = try SnnsimProcess.run(
      "run", "--from", first, "--set", "projections.learn.plasticity.until=50", "--output", directory.file("b"), "--quiet")
    #expect(frozen.code == 0, "\(frozen.stderr)")
    let before = try NPZFile(path: first + "/weights/learn.npz").column("weight")
    #expect(try NPZFile(path: directory.file("b/weights/learn.npz")).column("weight") == before)
  }
}
