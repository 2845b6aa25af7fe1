import Foundation
import SNNSignals

extension NetworkReading {
  mutating func timedRun(_ members: Members) -> RunPlan? {
    required("run", of: members, hint: "\"run\": {\"duration\": 1000}").flatMap { run($0) }
  }

  /// The section of a training without populations: only its seed has a meaning.
  mutating func trainingRun(_ node: Node?) -> RunPlan? {
    var seed: UInt64? = 1
    if let node, let members = members(node, expected: "an object") {
      check(members, allowed: ["seed"], of: "the section \"run\" of a training without populations")
      seed = members["seed"].map { self.seed($0) } ?? 1
    }
    guard let seed else { return nil }
    let place = SourceLocation(file: fileName, line: 0, column: 0, path: "run")
    return RunPlan(duration: 0, resolution: 0.1, engine: .auto, seed: seed, location: node.map { location($0) } ?? place)
  }

  mutating func run(_ node: Node) -> RunPlan? {
    guard let members = members(node, expected: "an object") else { return nil }
    check(members, allowed: ["duration", "resolution", "engine", "seed"], of: "\"run\"")
    let count = errors.count
    let duration = required("duration", of: members, hint: "the simulated time, ms").flatMap { quantity($0, .ms, .positive) }
    let resolution = members["resolution"].map { self.resolution($0) } ?? 0.1
    let engine = members["engine"].flatMap { choice($0, among: EngineChoice.allCases.map(\.rawValue)) }
      .flatMap(EngineChoice.init(rawValue:))
    let seed = members["seed"].map { self.seed($0) } ?? 1
    if let duration, let resolution, duration < resolution, let node = members["duration"] {
      report(
        node, "the duration of \(numberText(duration)) ms is shorter than one step of \(numberText(resolution)) ms",
        hint: "a run ends with its last whole step")
    }
    guard let resolution, errors.count == count || duration == nil else { return nil }
    // A file without a duration still has its delays checked against the resolution; the error above stops it.
    return RunPlan(
      duration: duration ?? 0, resolution: resolution, engine: engine ?? .auto, seed: seed ?? 1, location: location(node))
  }

  private mutating func resolution(_ node: Node) -> Double? {
    guard let resolution = quantity(node, .ms, .range(1e-3...1e6)) else { return nil }
    let picoseconds = resolution * Time.picosecondsPerMillisecond
    if abs(picoseconds - picoseconds.rounded()) <= 1e-12 * picoseconds { return resolution }
    report(node, "\(numberText(resolution)) ms is not a whole number of picoseconds", hint: "at most 9 digits after the point")
    return nil
  }

  mutating func output(_ node: Node) -> OutputPlan? {
    guard let members = members(node, expected: "an object") else { return nil }
    check(members, allowed: ["spikes"], of: "\"output\"")
    guard let spikes = members["spikes"] else { return OutputPlan(spikes: [.sonata]) }
    guard let names = names(spikes) else { return nil }
    let known = OutputPlan.SpikeFormat.allCases.map(\.rawValue)
    return OutputPlan(
      spikes: names.compactMap { name, node in
        if let format = OutputPlan.SpikeFormat(rawValue: name) { return format }
        report(node, "there is no spike format \"\(name)\"", hint: suggestion(for: name, among: known, title: "formats"))
        return nil
      })
  }

  mutating func stopWhen(_ node: Node, _ table: NameTable) -> [StopPlan] {
    guard let members = members(node, expected: "an object of guards") else { return [] }
    check(members, allowed: ["rate_above", "wall_clock"], of: "\"stop_when\"")
    var plans: [StopPlan] = []
    if let node = members["rate_above"] {
      if case .array(let items) = node.value.content {
        for (i, item) in items.enumerated() { plans += rateGuard(node.item(i, item), table).map { [$0] } ?? [] }
      } else {
        plans += rateGuard(node, table).map { [$0] } ?? []
      }
    }
    if let node = members["wall_clock"], let milliseconds = wallClock(node) {
      plans.append(StopPlan(condition: .wallClock(seconds: milliseconds), location: location(node)))
    }
    return plans
  }

  /// Seconds when a plain number; a string may name another unit.
  private mutating func wallClock(_ node: Node) -> Double? {
    guard let value = substituted(node) else { return nil }
    if case .string = value.content { return quantity(node, .ms, .positive).map { $0 / 1000 } }
    return quantity(node, .none, .positive)
  }

  private mutating func rateGuard(_ node: Node, _ table: NameTable) -> StopPlan? {
    guard let members = members(node, expected: "an object with \"of\" and \"hz\"") else { return nil }
    check(members, allowed: ["of", "hz", "window"], of: "\"rate_above\"")
    let of = required("of", of: members).flatMap { resolve($0, table, what: "population or input with a size") }
    let hz = required("hz", of: members).flatMap { quantity($0, .Hz, .positive) }
    let window = members["window"].map { quantity($0, .ms, .range(1e-3...1e9)) } ?? 100
    guard let of, let hz, let window else { return nil }
    return StopPlan(condition: .rateAbove(of: of.map(\.name), hz: hz, window: window), location: location(node))
  }
}
