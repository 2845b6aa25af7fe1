import Foundation
import SNNCompiler
import SNNDescription
import SNNKernel
import SNNSignals

/// A guard ended the run: exit code 3.
public struct GuardStop: Error, CustomStringConvertible, Sendable {
  public var description: String
  public init(_ description: String) { self.description = description }

  /// A network that memory does not hold.
  init(memory bytes: Double, _ contents: String, available: Double) {
    description =
      "memory: this network needs about \(Simulation.gigabytes(bytes)) GB (\(contents)), but "
      + "\(Simulation.gigabytes(available)) GB are available"
      + "\n  hint: `snnsim check` shows where it goes; make populations or in-degrees smaller"
  }
}

/// Watches mean rates: those of `stop_when`, and runaway excitation.
final class RateGuard: WindowObserver, Checkpointed {
  private struct Watch {
    var population: Int
    var name: String
    var size: Int
    var limit: Double
    var interval: Time
    var reason: String
    var count = 0
    var since = Time.zero
  }
  private var watches: [Watch] = []

  /// Without a `rate_above` of its own, a population that other neurons excite is stopped at this part of the rate at which
  /// its refractory period alone would hold it; the rate of a model without one is bounded at 1 kHz. One that only inputs
  /// drive may saturate, but not fire more than once per step of the resolution, as neurons of the exact engine could.
  static let runawayFraction = 0.9
  static let runawayInterval = Time(milliseconds: 100)
  /// A shorter run is watched as a whole, unless it is shorter than this: the first volley is no runaway.
  static let shortestInterval = Time(milliseconds: 50)
  static let fastest = 1000.0

  init(_ file: NetworkFile, _ plan: NetworkPlan) {
    let sizes = Dictionary(uniqueKeysWithValues: zip(plan.names.indices, plan.sizes))
    var guarded: Set<Int> = []
    for stop in file.stopWhen {
      guard case .rateAbove(let names, let hz, let window) = stop.condition else { continue }
      for name in names {
        guard let p = plan.names.firstIndex(of: name) else { continue }
        guarded.insert(p)
        watches.append(
          Watch(
            population: p, name: name, size: sizes[p] ?? 1, limit: hz, interval: Time(milliseconds: window),
            reason: "stop_when.rate_above"))
      }
    }
    let excited = Set(file.projections.filter { file.population($0.source) != nil }.map(\.target))
    let interval = min(Self.runawayInterval, max(Self.shortestInterval, plan.end))
    for (p, population) in plan.populations.enumerated()
    where !guarded.contains(p) && population.model != "parrot_neuron" {
      let refractory = population.refractoryPeriod
      let saturation = refractory > 0 ? min(Self.fastest, 1000 / refractory) : Self.fastest
      let limit = excited.contains(population.name) ? saturation * Self.runawayFraction : 1000 / plan.step.milliseconds
      watches.append(
        Watch(
          population: p, name: population.name, size: population.size, limit: limit, interval: interval,
          reason: "runaway rate"))
    }
  }

  /// Intervals follow one another from the beginning, however the run is cut.
  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) throws {
    for w in watches.indices {
      let all = spikes[watches[w].population]
      var next = 0
      while window.end - watches[w].since >= watches[w].interval {
        let end = watches[w].since + watches[w].interval
        let first = next
        while next < all.count && all[next].time <= end { next += 1 }
        watches[w].count += next - first
        try check(watches[w], until: end, all[first..<next])
        watches[w].count = 0
        watches[w].since = end
      }
      watches[w].count += all.count - next
    }
  }

  private func check(_ watch: Watch, until end: Time, _ latest: ArraySlice<Spike>) throws {
    let rate = Double(watch.count) / Double(watch.size) / watch.interval.milliseconds * 1000
    guard rate > watch.limit else { return }
    throw GuardStop(
      "\(watch.reason): population \"\(watch.name)\" fired at \(String(format: "%.1f", rate)) Hz per neuron from "
        + "\(watch.since.milliseconds) to \(end.milliseconds) ms\(busiest(latest)), above the "
        + "limit of \(String(format: "%.1f", watch.limit)) Hz\n  hint: weaken excitation, or set \"stop_when\": {\"rate_above\": "
        + "{\"of\": \"\(watch.name)\", \"hz\": …}} if this is meant")
  }

  func pass(through state: StateTransfer) throws {
    try state.section("rate guard") {
      var counts = watches.map(\.count)
      var moments = watches.map(\.since)
      try state.values(&counts)
      try state.values(&moments)
      for w in watches.indices { (watches[w].count, watches[w].since) = (counts[w], moments[w]) }
    }
  }

  /// The run begins at `time`.
  func begin(at time: Time) {
    for w in watches.indices { watches[w].since = time }
  }

  /// Names the neuron with most of these spikes, the first of several.
  private func busiest(_ spikes: ArraySlice<Spike>) -> String {
    var counts: [UInt32: Int] = [:]
    for spike in spikes { counts[spike.id, default: 0] += 1 }
    let first = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return first.map { ", last most by neuron \($0.key)" } ?? ""
  }
}

/// Stops a run that has taken too long: `stop_when.wall_clock`.
final class WallClockGuard: WindowObserver, Checkpointed {
  private let limits: [Double]
  private let started = ContinuousClock().now
  /// What the run had taken when it was continued, s.
  private var before = 0.0

  init(_ file: NetworkFile) {
    limits = file.stopWhen.compactMap { if case .wallClock(let seconds) = $0.condition { seconds } else { nil } }
  }

  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) throws {
    for limit in limits where elapsed > limit {
      throw GuardStop("stop_when.wall_clock: \(limit) s have passed at \(window.end.milliseconds) ms of the simulation")
    }
  }

  private var elapsed: Double { before + (ContinuousClock().now - started) / .seconds(1) }

  func pass(through state: StateTransfer) throws {
    try state.section("wall clock") {
      var seconds = elapsed
      try state.value(&seconds)
      if state.isRestoring { before = seconds }
    }
  }
}
