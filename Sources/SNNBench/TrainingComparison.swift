import Foundation

/// A learner that is timed beside a program in Python.
public struct TrainingCase: Sendable {
  public var label: String
  /// File in `networks/`, without `.json`.
  public var network: String
  /// What `tools/peers/torch_training.py` calls it.
  public var rule: String
  public var target: Target

  public static let all = [
    TrainingCase(
      label: "surrogate gradient (snnTorch)", network: "Neftci2019_surrogate_gradient", rule: "surrogate_gradient",
      target: .atLeast(2, .faster(than: .torch))),
    TrainingCase(
      label: "forward-forward", network: "Hinton2022_forward_forward", rule: "forward_forward",
      target: .atLeast(1, .faster(than: .torch))),
    TrainingCase(
      label: "equilibrium propagation", network: "Laborieux2021_equilibrium_propagation", rule: "equilibrium_propagation",
      target: .atLeast(1, .faster(than: .torch))),
  ]
}

/// What one training took and gave.
public struct TrainingCost: Sendable {
  /// While learning, without tests.
  public var samplesPerSecond: Double
  public var testAccuracy: Double
  /// 10⁶ bytes.
  public var peakMemory: Double
  /// `nil` for snnsim.
  public var version: String?
}

extension TrainingCost: Decodable {
  private enum CodingKeys: String, CodingKey {
    case samplesPerSecond = "samples_per_second"
    case testAccuracy = "test_accuracy"
    case peakMemory = "peak_rss_mb"
    case version
  }
}

/// Trains the same networks by snnsim and by PyTorch in turn, an epoch each, each in a process of its own.
public struct TrainingComparison {
  public var installation: Installation
  public var pairs = 5
  public var threads = [1, 2]
  public var hasPeer = true
  /// Told what is being run.
  public var progress: (String) -> Void = { _ in }

  public init(_ installation: Installation) { self.installation = installation }

  /// - Throws: ``BenchError`` when a program fails.
  public func run(_ training: TrainingCase) throws -> TrainingResult {
    try withScratch { scratch in
      var result = TrainingResult(training: training)
      for threads in threads {
        var runs = TrainingRuns(threads: threads)
        for seed in 1...pairs {
          progress("\(training.label), \(threads) threads, pair \(seed)")
          if hasPeer, let python = installation.python {
            runs.theirs.append(try peer(python, training, threads: threads, seed: seed, scratch))
          }
          runs.ours.append(try own(training, threads: threads, seed: seed, scratch))
        }
        result.threads.append(runs)
      }
      return result
    }
  }

  private func own(_ training: TrainingCase, threads: Int, seed: Int, _ scratch: URL) throws -> TrainingCost {
    let results = scratch.appendingPathComponent("results")
    defer { try? FileManager.default.removeItem(at: results) }
    let run =
      ["run", installation.network(training.network)] + sets(["train.epochs=1"])
      + ["--threads", "\(threads)", "--seed", "\(seed)", "--json", "--quiet", "--output", results.path]
    let said = try answer(of: installation.executable, run, scratch: scratch)
    let process = try lastObject(ProcessFigures.self, in: said, from: "snnsim run")
    let metrics = try Data(contentsOf: results.appendingPathComponent("metrics.jsonl"))
    let epoch = try lastObject(EpochFigures.self, in: metrics, from: "snnsim run (metrics.jsonl)")
    return TrainingCost(
      samplesPerSecond: epoch.samples / epoch.seconds, testAccuracy: epoch.testAccuracy, peakMemory: process.peakMemory)
  }

  private func peer(_ python: URL, _ training: TrainingCase, threads: Int, seed: Int, _ scratch: URL) throws -> TrainingCost {
    let resolved = try installation.resolved(training.network, [], scratch: scratch)
    guard let network = try? JSONDecoder().decode(ResolvedTraining.self, from: resolved),
      let images = network.data[network.train.data]
    else {
      throw BenchError.unreadable(command: "snnsim check --resolved", output: String(decoding: resolved, as: UTF8.self))
    }
    let folder = URL(fileURLWithPath: images.images).deletingLastPathComponent().path
    let call =
      [installation.tool("torch_training.py"), training.rule, folder, "--batch", "\(network.train.batch)"]
      + ["--threads", "\(threads)", "--seed", "\(seed)"]
    let said = try answer(of: python, call, scratch: scratch)
    return try lastObject(TrainingCost.self, in: said, from: "torch_training.py \(training.rule)")
  }
}

/// Of what `snnsim run --json` prints.
private struct ProcessFigures: Decodable {
  var peakMemory: Double
  enum CodingKeys: String, CodingKey { case peakMemory = "peak_rss_mb" }
}

/// Of a line of `metrics.jsonl`.
private struct EpochFigures: Decodable {
  var samples, seconds, testAccuracy: Double
  enum CodingKeys: String, CodingKey {
    case samples, seconds
    case testAccuracy = "test_accuracy"
  }
}

/// Of what `snnsim check --resolved` prints.
private struct ResolvedTraining: Decodable {
  struct Images: Decodable { var images: String }
  struct Train: Decodable {
    var data: String
    var batch: Int
  }
  var data: [String: Images]
  var train: Train
}
