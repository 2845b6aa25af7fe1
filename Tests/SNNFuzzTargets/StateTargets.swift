import Foundation
import SNNCompiler
import SNNFiles
import SNNKernel
import SNNSignals
import SNNSim
import SNNTestSupport

extension FuzzTarget {
  /// A checkpoint as a file. Checksums are not looked at, which no fuzzer gets past.
  static let checkpoint = FuzzTarget(name: "checkpoint") { bytes in
    let path = Scratch.write(bytes, ending: "checkpoint")
    expect(only: FileError.self) {
      let file = try CheckpointFile(path: path, verifies: false)
      for name in file.sectionNames {
        let content = try file.section(name).bytes
        precondition(content.count <= bytes.count)
      }
    }
    expect(only: FileError.self) { _ = try CheckpointFile(path: path) }
  }

  /// The state of a network, from a checkpoint whose sections are whole but hold what nobody wrote.
  ///
  /// The input is a list of changes to the state of one of several networks: number of the network, then for each change its
  /// section, place (16 bits), how many bytes are replaced and inserted, and the latter.
  static let state = FuzzTarget(name: "state") { bytes in
    var input = bytes[...]
    func next() -> Int { Int(input.popFirst() ?? 0) }
    let trial = trials[next() % trials.count]
    let checkpoint = MemoryCheckpoint(trial.checkpoint)
    let names = checkpoint.names
    while input.count >= 5 {
      let name = names[next() % names.count]
      let length = checkpoint[name].count
      let place = min(length, (next() << 8 | next()) % (length + 1))
      let (replaced, inserted) = (min(next(), length - place), next())
      checkpoint[name].replaceSubrange(place..<place + replaced, with: input.prefix(inserted))
      input = input.dropFirst(inserted)
    }
    let loop = trial.loop()
    expect(only: CheckpointError.self) { try checkpoint.restore(loop, loop.probes) }
  }

  private struct Trial: @unchecked Sendable {
    // @unchecked: of one thread.
    let plan: NetworkPlan
    let pool: WorkStealingPool
    let checkpoint: MemoryCheckpoint

    init(_ network: String) {
      do {
        let url = URL(fileURLWithPath: Scratch.folder + "/net.json")
        plan = try LoadedNetwork(Data(network.utf8), url, catalogue: .standard, environment: [:], available: 1e9).plan
        pool = WorkStealingPool(workers: 1)
        let built = try Compiler(catalogue: .standard, data: .files).build(plan, pool: pool)
        let loop = WindowLoop(built.network, pool: pool, observers: [])
        _ = try loop.run(until: Time(milliseconds: 7.3))
        checkpoint = try MemoryCheckpoint(loop, loop.probes)
      } catch { fatalError("\(error)") }
    }

    func loop() -> WindowLoop {
      do {
        let built = try Compiler(catalogue: .standard, data: .files).build(plan, pool: pool)
        return WindowLoop(built.network, pool: pool, observers: [])
      } catch { fatalError("\(error)") }
    }
  }

  /// On the grid and exact; plastic weights, short-term plasticity, delays that are learned, a record of changes.
  private static let trials = [
    ("grid", #"{ "rule": "stdp" }"#), ("exact", #"{ "rule": "stdp_triplet" }"#), ("grid", #"{ "rule": "tsodyks2" }"#),
    ("grid", #"{ "rule": "delay_stdp", "delay_min": 1, "delay_max": 4 }"#),
    ("exact", #"[{ "rule": "delay_stdp", "delay_min": 1, "delay_max": 4 }, { "rule": "tsodyks2" }]"#),
  ].map { engine, rule in
    Trial(
      """
      {
        "format": "snnsim/1", "name": "state", "run": { "duration": 20, "engine": "\(engine)", "seed": 4 },
        "populations": { "a": { "model": "iaf_psc_exp", "size": 6, "params": { "I_e": 600 } },
                         "b": { "like": "a", "size": 4 } },
        "inputs": { "p": { "type": "poisson", "target": "a", "rate": 500, "weight": 100, "delay": 1 },
                    "s": { "type": "poisson", "size": 3, "rate": 200 } },
        "projections": {
          "ab": { "source": "a", "target": "b", "weight": 40, "delay": { "dist": "uniform", "low": 1, "high": 3 },
                  "rule": { "type": "all_to_all" } },
          "sa": { "source": "s", "target": "a", "weight": 50, "delay": 1.5, "rule": { "type": "all_to_all" },
                  "plasticity": \(rule) } },
        "record": { "w": { "what": "\(rule.contains("delay") ? "delay" : "weight")", "of": "sa", "every": "change" } }
      }
      """)
  }
}
