import Foundation
import SNNCompiler
import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals
import SNNSim

final class Count: WindowObserver {
  var counts: [Int] = []
  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) throws {
    if counts.isEmpty { counts = spikes.map { _ in 0 } }
    for (i, s) in spikes.enumerated() { counts[i] += s.count }
  }
}
@main enum SNNSimCLI {
  static func main() throws {
    let a = CommandLine.arguments
    let file = try NetworkFileReader(vocabulary: Catalogue.standard.vocabulary).read(
      URL(fileURLWithPath: a[1]), overrides: a.dropFirst(3).map { Override.set($0) })
    let clock = ContinuousClock()
    let compiler = Compiler(catalogue: .standard, data: .files)
    let plan = try compiler.plan(file)
    let pool = WorkStealingPool(workers: Int(a[2])!)
    let t0 = clock.now
    let built = try compiler.build(plan, pool: pool)
    let t1 = clock.now
    let count = Count()
    let loop = WindowLoop(built.network, pool: pool, observers: [count])
    _ = try loop.run(until: plan.end)
    let t2 = clock.now
    print("build", t1 - t0, "sim", t2 - t1, built.network.synapseCount, built.network.synapseBytes, count.counts,
      zip(count.counts, built.network.populations).map { Double($0) / Double($1.size) / plan.end.milliseconds * 1000 })
  }
}
