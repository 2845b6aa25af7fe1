import Foundation
import SNNTestSupport
import Testing

/// The trainings of `networks/`, run as a user would, on some of their samples.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)), .serialized)
struct NetworksTrainingTests {
  static let names = [
    "Ghader2025_spiking_forward_forward", "Hammouamri2024_digits", "Hinton2022_forward_forward", "Hoier2023_dual_propagation",
    "Laborieux2021_equilibrium_propagation", "LaborieuxZenke2024_homeostasis", "Meng2023_sltt", "Meszaros2025_digits",
    "Meszaros2025_yinyang", "Momeni2023_physical_learning", "Neftci2019_surrogate_gradient",
    "OConnor2019_spiking_equilibrium_propagation", "Orchard2015_nmnist", "Rumelhart1986_backpropagation", "Xiao2024_hlop",
  ]
  private static let images = ["mnist/t10k-images-idx3-ubyte.gz", "fashion-mnist/t10k-images-idx3-ubyte.gz"]
  /// A file of each data set that a network reads and that is not part of the repository.
  private static func needs(_ name: String) -> [String] {
    switch name {
    case "Hammouamri2024_digits", "Meszaros2025_digits": ["fsdd/recordings/0_jackson_0.wav"]
    case "Meszaros2025_yinyang": []
    case "Orchard2015_nmnist": ["nmnist-small/test100.txt"]
    default: images
    }
  }
  static let hasData = images.allSatisfy(NetworksTests.has)
  static let needed: Comment = "needs the sets mnist and fashion-mnist of tools/datasets"
  static let runnable = names.filter { needs($0).allSatisfy(NetworksTests.has) }

  private static func run(_ name: String, _ arguments: String...) throws -> [String: Any] {
    let outcome = try SnnsimProcess.run(
      ["run", networkPath(name), "--json", "--quiet", "--no-record"] + arguments, in: SnnsimProcess.root.path)
    return try #require(outcome.object, Comment(rawValue: outcome.stderr))
  }

  @Test(
    "A training says where it was published and has the same bits on 1, 2, 3 and 8 threads", arguments: runnable)
  func ignoresThreads(_ name: String) throws {
    let text = try String(contentsOfFile: networkPath(name), encoding: .utf8)
    #expect(text.hasPrefix("//") && (text.contains("doi:") || text.contains("arXiv:")))
    var arguments = ["verify", networkPath(name), "--threads-list", "1,2,3,8", "--set", "train.epochs=1"]
    arguments += ["--set", "data.train.limit=150", "--set", "data.test.limit=50"]
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
      let outcome = try SnnsimProcess.runNetwork(
        network, in: directory, "--quiet", "--no-record", "--threads", "1", "--data", SnnsimProcess.root.path + "/datasets")
      return try #require(outcome.object?["peak_rss_mb"] as? Double, Comment(rawValue: outcome.stderr))
    }
    // Meng et al. (2023): at most 5 % from 6 to 24 steps. Potentials, spikes, currents and errors of two layers take
    // 150 · 256 · 4 · 2 · 4 bytes for each step more: 22 MB.
    #expect(try peak("sltt", steps: 24) < 1.05 * peak("sltt", steps: 6))
    #expect(try peak("bptt", steps: 24) > peak("bptt", steps: 6) + 15)
  }

  @Test("Delays that learn tell the Yin-Yang set's classes apart better than more neurons without, at equal parameters")
  func yinYang() throws {
    let accuracy = try [("learned", 15), ("none", 24)].map { delays, hidden in
      let run = try Self.run(
        "Meszaros2025_yinyang", "--set", "parameters.delays=\(delays)", "--set", "parameters.hidden=\(hidden)")
      let metrics = try #require(run["metrics"] as? [String: Any])
      return try #require(metrics["test_accuracy"] as? Double)
    }
    // Measured: 0.926 and 0.776; twice the standard error of 1,000 points is 0.02 and 0.03.
    #expect(accuracy[0] > 0.9 && accuracy[0] > accuracy[1] + 0.1, "\(accuracy)")
  }
}
