import ArgumentParser
import SNNSignals
import SNNSim
import SNNTraining

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Lists every error of a network file, or its sizes and predicted memory.")

  @OptionGroup var network: NetworkOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the network with every default and unit filled in.")
  var resolved = false

  func run() throws {
    try reporting {
      let loaded = try network.load()
      if resolved {
        print(loaded.resolvedText)
      } else {
        print(json ? Self.json(loaded).line : loaded.training.map { Self.text(loaded, $0) } ?? Self.text(loaded))
      }
    }
  }

  private static func json(_ loaded: LoadedNetwork) -> JSONText {
    let plan = loaded.plan
    return [
      "name": .text(loaded.file.name), "valid": true, "neurons": .integer(plan.neuronCount),
      "synapses": .number(plan.expectedSynapses), "predicted_bytes": .number(plan.predictedBytes),
      "available_bytes": .number(MemoryLimit.available),
      "populations": .object(
        plan.populations.map {
          (
            $0.name,
            [
              "model": .text($0.model), "size": .integer($0.size), "engine": .text($0.engine.rawValue),
              "chunks": .integer($0.chunks.count), "weight_unit": .text($0.weightKind.unit.rawValue),
            ]
          )
        }),
      "projections": .object(
        plan.connectionSummaries.map {
          (
            $0.name,
            [
              "synapses": .number($0.synapses), "bytes_per_synapse": .integer($0.bytesPerSynapse),
              "predicted_bytes": .number($0.bytes),
            ]
          )
        }),
      "notes": .array(plan.notes.map { .text($0) }), "training": loaded.training.map(json) ?? .null,
    ]
  }

  private static func json(_ training: PlannedTraining) -> JSONText {
    let first = training.plan.tasks[0]
    return [
      "learner": .text(training.learner.name), "tasks": .integer(training.plan.tasks.count),
      "train_samples": .integer(first.training.count), "test_samples": .integer(first.test?.count ?? 0),
      "classes": .integer(first.training.classes), "batches": .integer(training.plan.allBatches),
      "state_numbers": training.stateCount.map { JSONText.integer($0) } ?? .null,
      "predicted_bytes": .number(training.predictedBytes),
    ]
  }

  private static func text(_ loaded: LoadedNetwork, _ training: PlannedTraining) -> String {
    let plan = training.plan
    var rows = [["task", "training samples", "test samples"]]
    for (number, task) in plan.tasks.enumerated() {
      rows.append(["\(number)", "\(task.training.count)", task.test.map { "\($0.count)" } ?? "-"])
    }
    let first = plan.tasks[0].training
    let size = training.stateCount.map { "\($0) numbers of state" } ?? "more state than memory holds"
    return [
      "\(loaded.file.name) is valid", "\(training.learner.name) on \(first.shape), \(first.classes) classes", aligned(rows),
      "\(plan.allEpochs) epochs, \(plan.allBatches) batches; \(size)",
    ].joined(separator: "\n")
  }

  private static func text(_ loaded: LoadedNetwork) -> String {
    let plan = loaded.plan
    var lines = ["\(loaded.file.name) is valid"]
    var rows = [["population", "model", "neurons", "engine", "chunks", "weights in"]]
    for p in plan.populations {
      rows.append([p.name, p.model, "\(p.size)", p.engine.rawValue, "\(p.chunks.count)", p.weightKind.unit.rawValue])
    }
    lines.append(aligned(rows, rightFrom: 2))
    var synapses = [["projection", "source", "target", "synapses", "bytes each"]]
    for c in plan.connectionSummaries {
      synapses.append([c.name, c.source, c.target, count(c.synapses), "\(c.bytesPerSynapse)"])
    }
    if synapses.count > 1 { lines.append(aligned(synapses, rightFrom: 3)) }
    lines.append(
      "\(plan.neuronCount) neurons, \(count(plan.expectedSynapses)) synapses, about "
        + "\(Simulation.gigabytes(plan.predictedBytes)) GB of \(Simulation.gigabytes(MemoryLimit.available)) GB available")
    lines += plan.notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }

  private static func count(_ x: Double) -> String { x < 1e15 ? "\(Int(x.rounded()))" : "\(x)" }
}
