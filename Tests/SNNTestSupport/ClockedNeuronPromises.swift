import SNNDynamics
import SNNSignals

/// Checks what the kernel relies on in a ``ClockedNeuron``; returns each broken promise as a sentence, nothing if all are kept.
///
///     #expect(checkClockedNeuron(MyNeuron.self) == [])
///
/// The promises: State and Propagator hold ``Lanes`` only; initial state and propagator are the same in every lane;
/// defaults lie inside their bounds and have no problems; names are unique; every state variable writes its own lanes and
/// no others; a step treats each lane as if it were alone, whatever its neighbours' parameters, state and input; windows of
/// any length give the same spikes; the rings are left empty; lanes beyond the last neuron never spike. An astrocyte need not.
public func checkClockedNeuron<Model: ClockedNeuron>(_: Model.Type) -> [String] {
  let model = Model()
  let state = model.initialState()
  let propagator = model.propagator(step: 0.1)
  var broken = layoutProblems(state, "State") + layoutProblems(propagator, "Propagator")
  guard broken.isEmpty else { return broken }

  for parameter in Model.parameters {
    let value = model[keyPath: parameter.keyPath]
    if !parameter.bound.allows(value) { broken.append("the default of \(parameter.name) (\(value)) breaks its bound") }
    var changed = model
    changed[keyPath: parameter.keyPath] = value + 1
    let others = Model.parameters.filter { $0.name != parameter.name }
    if others.contains(where: { changed[keyPath: $0.keyPath] != model[keyPath: $0.keyPath] }) {
      broken.append("\(parameter.name) shares its storage with another parameter")
    }
  }
  broken += model.problems().map { "the default parameters have a problem: \($0)" }
  let names = Model.parameters.map(\.name) + Model.stateVariables.map(\.name)
  if Set(names).count != names.count { broken.append("a name occurs twice among parameters and state variables") }
  if model.refractoryPeriod < 0 { broken.append("the refractory period is negative") }

  for variable in Model.stateVariables {
    var changed = state
    changed[keyPath: variable.keyPath] += 1
    let difference = zip(lanes(of: state), lanes(of: changed)).filter { $0 != $1 }
    if difference.count != 1 { broken.append("\(variable.name) is not one of State's stored Lanes") }
  }
  return broken + stepProblems(Model.self)
}

/// Eight different neurons side by side against the same neurons one by one.
private func stepProblems<Model: ClockedNeuron>(_: Model.Type) -> [String] {
  let steps = 400
  var broken: [String] = []
  var random = RandomStream(seed: 7, purpose: .parameter, entity: entityHash(Model.name)).sequence()
  let models = (0..<8).map { _ in variation(of: Model.self, &random) }
  let isAstrocyte = Model.weightKind == .factor
  let unit = Model.weightKind == .potential ? 2.0 : Model.weightKind == .conductance ? 8 : isAstrocyte ? 0.1 : 150
  var events: [(step: Int, lane: Int, weight: Double)] = []
  for lane in 0..<8 {
    for step in 0..<steps where random() < 0.1 { events.append((step, lane, unit * (2 * random() - (isAstrocyte ? 0 : 0.8)))) }
  }
  let isCurrentDriven = Model.weightKind != .count
  func outcome(_ models: [Model], lanes: [Int], window: Int = 1) -> GridTrial<Model>.Outcome {
    var trial = GridTrial(models, step: 0.1, steps: steps)
    for event in events {
      guard let lane = lanes.firstIndex(of: event.lane) else { continue }
      trial.addSpike(atEndOf: event.step, lane: lane, weight: event.weight)
    }
    if isCurrentDriven {
      for (place, lane) in lanes.enumerated() {
        trial.addCurrent(in: 50..<300, lane: place, (isAstrocyte ? 1e-3 : 120) * Double(lane))
      }
    }
    return trial.run(window: window)
  }
  let together = outcome(models, lanes: Array(0..<8))
  if together.spikes.isEmpty && !isAstrocyte {
    broken.append("none of eight driven neurons spiked: the check is blind")
  }
  if !together.tookAllInput { broken.append("input was left in the rings") }
  for lane in 0..<8 {
    let alone = outcome([models[lane]], lanes: [lane])
    let same = Model.stateVariables.allSatisfy { together.trace($0.name, lane) == alone.trace($0.name, 0) }
    if !same || together.spikeSteps(lane) != alone.spikeSteps(0) {
      broken.append("lane \(lane) depends on its neighbours")
    }
    if alone.spikes.contains(where: { $0.index != 0 }) { broken.append("a padding lane spiked") }
  }
  let windows = outcome(models, lanes: Array(0..<8), window: 7)
  for lane in 0..<8 where windows.spikeSteps(lane) != together.spikeSteps(lane) {
    broken.append("the spikes of lane \(lane) depend on the length of a window")
  }
  return broken
}

/// A neuron whose parameters lie around the defaults, within their bounds, without problems.
private func variation<Model: ClockedNeuron>(of _: Model.Type, _ random: inout UniformSequence) -> Model {
  while true {
    var model = Model()
    for parameter in Model.parameters {
      let value = model[keyPath: parameter.keyPath]
      let varied = value * (0.9 + 0.2 * random()) + (value == 0 ? random() : 0)
      if parameter.bound.allows(varied) { model[keyPath: parameter.keyPath] = varied }
    }
    if model.problems().isEmpty { return model }
  }
}

private func layoutProblems<Value: BitwiseCopyable>(_ value: Value, _ name: String) -> [String] {
  let children = Mirror(reflecting: value).children
  var broken = children.filter { !($0.value is Lanes) }.map { "\(name).\($0.label ?? "?") is not Lanes" }
  if children.isEmpty || children.count * MemoryLayout<Lanes>.size != MemoryLayout<Value>.size {
    broken.append("\(name) does not consist of stored Lanes alone")
  }
  for child in children {
    guard let lanes = child.value as? Lanes else { continue }
    if lanes != Lanes(repeating: lanes[0]) { broken.append("\(name).\(child.label ?? "?") differs between lanes") }
  }
  return broken
}

private func lanes<Value: BitwiseCopyable>(of value: Value) -> [Lanes] {
  withUnsafeBytes(of: value) { Array($0.bindMemory(to: Lanes.self)) }
}

/// Uniform numbers in (0, 1) one after the other, for tests that need variety rather than a key.
public struct UniformSequence {
  private let stream: RandomStream
  private var draw: UInt64 = 0

  init(_ stream: RandomStream) { self.stream = stream }

  public mutating func callAsFunction() -> Double {
    draw += 1
    return stream.uniform(index: 0, draw: draw)
  }
}

extension RandomStream {
  public func sequence() -> UniformSequence { UniformSequence(self) }
}
