import SNNModels
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNKernel

/// What a loop passes through a checkpoint is everything that its future depends on.
@Suite struct CheckpointTests {
  private func network(onGrid: Bool) -> TrialNetwork {
    BruteForceTests.network([.exp, .delta, .alpha], onGrid: [onGrid, onGrid, onGrid], seed: 3)
  }

  @Test(
    "A loop that takes over the state of another, even within a window, goes on as that one does",
    arguments: [true, false], [12.0, 17.3])
  func goesOn(_ onGrid: Bool, _ cut: Double) throws {
    let trial = network(onGrid: onGrid)
    let whole = try trial.kernelSpikes(until: Time(milliseconds: 40), chunkSize: 32)
    #expect(whole[0].count > 50)

    let collector = SpikeCollector(populations: 3)
    let one = WorkStealingPool(workers: 1)
    defer { one.close() }
    let first = WindowLoop(try trial.compiled(chunkSize: 32), pool: one, observers: [collector])
    _ = try first.run(until: Time(milliseconds: cut))
    let checkpoint = try MemoryCheckpoint(first)

    let three = WorkStealingPool(workers: 3)
    defer { three.close() }
    let second = WindowLoop(try trial.compiled(chunkSize: 32), pool: three, observers: [collector])
    try checkpoint.restore(second)
    #expect(second.now == Time(milliseconds: cut))
    _ = try second.run(until: Time(milliseconds: 40))
    #expect(collector.spikes == whole)
  }

  @Test("State of another network is refused, and so are sections that end early or late") func refusesOthers() throws {
    let pool = WorkStealingPool(workers: 1)
    defer { pool.close() }
    let trial = network(onGrid: true)
    let loop = WindowLoop(try trial.compiled(chunkSize: 32), pool: pool)
    _ = try loop.run(until: Time(milliseconds: 5))
    let checkpoint = try MemoryCheckpoint(loop)
    let coarse = WindowLoop(try trial.compiled(chunkSize: 64), pool: pool)
    #expect(throws: CheckpointError.self) { try checkpoint.restore(coarse) }
    for name in checkpoint.names {
      let bytes = checkpoint[name]
      for wrong in [bytes + [0], Array(bytes.dropLast())] {
        checkpoint[name] = wrong
        #expect(throws: CheckpointError.self) { try checkpoint.restore(loop) }
      }
      checkpoint[name] = bytes
    }
    try checkpoint.restore(loop)
    #expect(loop.now == Time(milliseconds: 5))
  }

  @Test("Bytes changed at random are refused or restored, and never crashed on") func survivesDamage() throws {
    let pool = WorkStealingPool(workers: 1)
    defer { pool.close() }
    var draws = Draws(seed: 5)
    for onGrid in [true, false] {
      let trial = network(onGrid: onGrid)
      let loop = WindowLoop(try trial.compiled(chunkSize: 32), pool: pool)
      _ = try loop.run(until: Time(milliseconds: 9))
      let checkpoint = try MemoryCheckpoint(loop)
      var refused = 0
      for _ in 0..<200 {
        let name = checkpoint.names[Int(draws.uniform(0, Double(checkpoint.names.count)))]
        let bytes = checkpoint[name]
        guard !bytes.isEmpty else { continue }
        checkpoint[name][Int(draws.uniform(0, Double(bytes.count)))] = UInt8(draws.uniform(0, 256))
        do { try checkpoint.restore(loop) } catch is CheckpointError { refused += 1 }
        checkpoint[name] = bytes
      }
      #expect(refused > 5)
    }
  }
}
