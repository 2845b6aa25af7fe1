import Foundation
import SNNTestSupport
import Testing

/// The trainings of `networks/`, run as a user would, on some of their samples.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)), .serialized)
struct NetworksTrainingTests {
  static let names = [
    "Hinton2022_forward_forward", "Hoier2023_dual_propagation", "Laborieux2021_equilibrium_propagation",
    "LaborieuxZenke2024_homeostasis", "Meng2023_sltt", "Momeni2023_physical_learning", "Neftci2019_surrogate_gradient",
    "Orchard2015_nmnist", "Rumelhart1986_backpropagation", "Xiao2024_hlop",
  ]
  static let hasData = NetworksTests.hasMNIST && NetworksTests.has("fashion-mnist/t10k-images-idx3-ubyte.gz")
  static let needed: Comment = "needs the sets mnist and fashion-mnist of tools/datasets"
  static let runnable = names.filter { $0 != "Orchard2015_nmnist" || NetworksTests.has("nmnist-small/test100.txt") }

  private static func run(_ name: String, _ arguments: String...) throws -> [String: Any] {
    let outcome = try SnnsimProcess.run(
      ["run", networkPath(name), "--json", "--quiet", "--no-record"] + arguments, in: SnnsimProcess.root.path)
    return try #require(outcome.object, Comment(rawValue: outcome.stderr))
  }

  @Test(
    "A training says where it was published and has the same bits on 1, 2 and 3 threads", .enabled(if: hasData, needed),
    arguments: runnable)
  func ignoresThreads(_ name: String) throws {
    let text = try String(contentsOfFile: networkPath(name), encoding: .utf8)
    #expect(text.hasPrefix("//") && (text.contains("doi:") || text.contains("arXiv:")))
    var arguments = ["verify", networkPath(name), "--threads-list", "1,2,3", "--set", "train.epochs=1"]
    arguments += ["--set", "data.train.limit=300", "--set", "data.test.limit=90"]
    if name == "Xiao2024_hlop" { arguments += ["--set", "train.tasks={\"permuted\":2}"] }
    let outcome = try SnnsimProcess.run(arguments, in: SnnsimProcess.root.path)
    #expect(outcome.code == 0, Comment(rawValue: outcome.stdout + outcome.stderr))
  }

  @Test(
    "After an epoch dual propagation names the digits as well as backpropagation does, within half a point",
    .enabled(if: hasData, needed))
  func dualPropagation() throws {
    let accuracies = try ["Hoier2023_dual_propagation", "Rumelhart1986_backpropagation"].map { name in
      let metrics = try #require(try Self.run(name, "--set", "train.epochs=1")["metrics"] as? [String: Any])
      return try #require(metrics["test_accuracy"] as? Double)
    }
    #expect(accuracies.allSatisfy { $0 > 0.96 } && abs(accuracies[0] - accuracies[1]) < 0.005)
  }

  @Test("The memory of sltt does not depend on the number of steps, that of backpropagation through time grows") func memory()
    throws
  {
    let directory = try TemporaryDirectory()
    func peak(_ method: String, steps: Int) throws -> Double {
      let network = """
        { "format": "snnsim/1", "name": "memory",
          "data": { "train": { "type": "csv", "path": "\(SnnsimProcess.root.path)/datasets/iris/iris.csv" } },
          "train": { "rule": "surrogate_gradient", "method": "\(method)", "output": "each_step", "layers": [256, 256],
            "steps": \(steps), "data": "train", "epochs": 2, "batch": 150 } }
        """
      let outcome = try SnnsimProcess.runNetwork(network, in: directory, "--quiet", "--no-record", "--threads", "1")
      return try #require(outcome.object?["peak_rss_mb"] as? Double, Comment(rawValue: outcome.stderr))
    }
    // Meng et al. (2023): at most 5 % from 6 to 24 steps. Potentials, spikes, currents and errors of two layers take
    // 150 · 256 · 4 · 2 · 4 bytes for each step more: 22 MB.
    #expect(try peak("sltt", steps: 24) < 1.05 * peak("sltt", steps: 6))
    #expect(try peak("bptt", steps: 24) > peak("bptt", steps: 6) + 15)
  }
}
