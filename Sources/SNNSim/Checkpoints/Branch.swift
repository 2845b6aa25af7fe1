import Foundation
import SNNDescription
import SNNDynamics
import SNNFiles
import SNNSignals

extension LoadedNetwork {
  /// The network of a checkpoint with other parameters, to go on from its state.
  ///
  /// - Throws: `DescriptionErrors` with every change that its state does not allow.
  public init(
    branching checkpoint: CheckpointFile, overrides: [Override], catalogue: Catalogue = .standard, readable: [String] = []
  ) throws {
    let given = try RunHistory.network(of: checkpoint)
    let (text, url) = (Data(given.text.utf8), URL(fileURLWithPath: given.path))
    let earlier = given.overrides.map { Override.set($0) }
    let before = try LoadedNetwork(text, url, overrides: earlier, catalogue: catalogue, readable: readable)
    guard before.resolvedText == given.resolved else {
      throw CheckpointError(
        section: "network", "\(given.path), or a file that it names, has changed, or this is another version of snnsim")
    }
    self = try LoadedNetwork(text, url, overrides: earlier + overrides, catalogue: catalogue, readable: readable)
    let learning = Set(file.projections.filter { !$0.plasticity.isEmpty }.map(\.entry))
    let exact = Set(plan.populations.filter { $0.engine == .exact }.map(\.name))
    var errors: [DescriptionError] = []
    try Self.compare(before.tree, tree, []) { path in
      guard let reason = Self.refusal(path, learning, exact) else { return }
      let place = SourceLocation(file: checkpoint.path, line: 0, column: 0, path: path.joined(separator: "."))
      errors.append(
        DescriptionError(
          place, "can't be changed on the way: \(reason)",
          hint:
            "change parameters, rates, weights that are not learned, \"until\" of a rule, records or run.duration; or run from the beginning"
        ))
    }
    if !errors.isEmpty { throw DescriptionErrors(errors) }
  }

  private var tree: JSONText {
    get throws { JSONText(try JSONTree(Array(resolvedText.utf8)).root) }
  }

  /// Calls `body` with the path of everything in which two networks differ.
  private static func compare(_ a: JSONText, _ b: JSONText, _ path: [String], _ body: ([String]) -> Void) {
    if case .array(let first) = a, case .array(let second) = b, first.count == second.count, first.first?.members != nil {
      for i in first.indices { compare(first[i], second[i], path + ["\(i)"], body) }
      return
    }
    guard case .object(let first) = a, case .object(let second) = b else {
      if a.line != b.line { body(path) }
      return
    }
    var names = first.map(\.0)
    names += second.map(\.0).filter { !names.contains($0) }
    for name in names {
      if let x = a[name], let y = b[name] { compare(x, y, path + [name], body) } else { body(path + [name]) }
    }
  }

  /// Why a change is not one that leaves all state its meaning; nil for one that does.
  private static func refusal(_ path: [String], _ learning: Set<String>, _ exact: Set<String>) -> String? {
    let inputs: Set = ["rate", "weight", "amplitude", "amplitudes", "offset", "frequency", "phase", "mean", "std", "stop"]
    switch (path.first ?? "", path.dropFirst(2).first ?? "") {
    case ("name", _), ("parameters", _), ("record", _), ("output", _), ("stop_when", _), ("stream", _): return nil
    case ("run", _): return path == ["run", "duration"] ? nil : "the state is one of this \(path.last ?? "network")"
    case ("populations", "params"):
      return exact.contains(path[1]) ? "on the exact engine, each neuron has been advanced to another moment" : nil
    case ("populations", "init"): return "the state is the checkpoint's"
    case ("inputs", let key) where inputs.contains(key): return nil
    case ("projections", "weight"):
      return learning.contains(path[1]) ? "its weights are learned, and are the checkpoint's" : nil
    case ("projections", "plasticity"):
      return path.last == "until" ? nil : "its synapses have spikes yet to meet, by the rule as it was"
    default: return "it is part of the structure of the network"
    }
  }
}
